// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/json/envelope.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// @file
/// Additions of JSON-RPC 2.0 (jsonrpc.org/specification) to an envelope:
/// requests as text, answers as values.

namespace zenws {

// -- requests -----------------------------------------------------------------

/// Largest id of a request. Peers that keep numbers as doubles would round
/// larger ones (RFC 8259, section 6).
constexpr int64_t max_rpc_id = (int64_t{1} << 53) - 1;

/// Returns the text of a request.
/// @param params_json an object or array of JSON, which is taken as it is; or
///                    nothing, for a request without parameters.
/// @returns `ec::invalid_message` if the parameters are something else (only
///          brackets and strings within are looked at) or if the method is not
///          UTF-8.
result<std::string> build_request(std::string_view method,
                                  std::string_view params_json, int64_t id);

/// Same for a request that is not to be answered.
result<std::string> build_notification(std::string_view method,
                                       std::string_view params_json);

// -- answers ------------------------------------------------------------------

/// Meaning of an answer for a request, or for a part of it.
enum class answer_meaning : uint8_t {
  /// The request was carried out.
  answered,
  /// It was not, and will not be as it is: nothing happened.
  refused,
  /// It was not, for now: nothing happened, and the same may succeed later.
  try_later,
  /// It may have been carried out or not: query the venue.
  unknown,
};

/// Returns the name of the enumerator.
std::string_view to_string(answer_meaning meaning) noexcept;

/// Outcome of one part of a request, such as one order of several.
struct answer_part {
  answer_meaning meaning = answer_meaning::unknown;

  /// The venue's own code and text, 0 and empty if there are none.
  int64_t code = 0;

  std::string message{};
};

/// Result of a request.
struct rpc_result {
  /// Any value of JSON; checked only as far as `scan` does.
  std::string json{};

  /// Outcomes of its parts; each was done.
  std::vector<answer_part> parts{};
};

/// Refusal of a request by the peer.
struct rpc_error {
  /// 0 if the peer gave none.
  int64_t code = 0;

  std::string message{};

  /// More about it as JSON; may be empty.
  std::string data{};

  /// Outcomes of the parts of the request, if it had any.
  std::vector<answer_part> parts{};
};

using rpc_response = std::variant<rpc_result, rpc_error>;

/// Takes an answer out of its message. An error precedes a result, unless it is
/// null: a refused order must never look like one that was accepted.
///
/// Reads error bodies as of JSON-RPC, those of Binance ("msg" for "message")
/// and errors that are mere strings (Kraken); the text of any other body
/// becomes the message.
/// @returns `ec::invalid_data` if there is neither result nor error.
result<rpc_response> parse_response(const envelope& message);

/// Reads the body of an error, in any of the forms that `parse_response` knows.
rpc_error read_rpc_error(const json_value& body);

/// Returns `ec::request_refused` with code and message as its detail.
error to_error(const rpc_error& refusal);

} // namespace zenws
