#pragma once

#include "zenws/error.hpp"
#include "zenws/json_rpc.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the venue says, as values. Form and meaning follow Deribit's JSON-RPC
/// interface, version 2 (docs.deribit.com).
namespace zenws::engine {

// -- answers ------------------------------------------------------------------

/// The result of a request that names channels: those which are granted.
struct channels_answer {
  uint64_t id = 0;
  std::vector<std::string> channels;
};

/// Any other result.
struct plain_answer {
  uint64_t id = 0;
};

/// The venue refused a request.
struct refusal {
  /// Nothing if the venue could not even read the request.
  std::optional<uint64_t> id;
  rpc_error why;
};

// -- market data --------------------------------------------------------------

/// Market data of one channel; the data itself is in the `market::update` that
/// was given to the parser.
struct market_data {
  /// A view into the text that was parsed.
  std::string_view channel;
};

// -- life signs ---------------------------------------------------------------

struct venue_heartbeat {};

/// Must be answered by `public/test`, or the venue hangs up.
struct test_request {};

// -- anything else ------------------------------------------------------------

/// Good JSON, but nothing this program knows.
struct unknown_message {
  /// Its method or its channel.
  std::string name;
};

/// The last of the alternatives is what was wrong with a text:
/// `ec::invalid_json`, `ec::invalid_data` or `ec::message_too_big`.
using feed_message
  = std::variant<channels_answer, plain_answer, refusal, market_data,
                 venue_heartbeat, test_request, unknown_message, error>;

} // namespace zenws::engine
