// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"
#include "zenws/json/json_rpc.hpp"

#include <cstdint>
#include <span>
#include <string_view>

/// @file
/// Meaning of a venue's answers for the requests.

namespace zenws {

/// Subject of an error: the part that has to change before the next try.
enum class refusal_subject : uint8_t {
  /// The venue does not say.
  unspecified,
  /// The names of channels in the request, some of them or all.
  channels,
  /// The size of the request.
  size,
  /// The account. No waiting cures it.
  credentials,
  /// The method. No waiting cures it.
  request,
  /// The parameters of a method: in a subscription they may be the names. No
  /// waiting cures it.
  parameters,
  /// There is no login, or none any more.
  login,
  /// The rate of requests.
  rate,
  /// The time that the request carries.
  clock,
};

/// Returns the name of the enumerator.
std::string_view to_string(refusal_subject subject) noexcept;

/// A row in the table of a venue's error codes: the codes from `first` to
/// `last` mean this.
struct code_rule {
  int64_t first = 0;
  int64_t last = 0;
  answer_meaning meaning = answer_meaning::refused;
  refusal_subject subject = refusal_subject::unspecified;
};

/// Returns the first row that has this code, or null.
const code_rule* find_rule(std::span<const code_rule> table,
                           int64_t code) noexcept;

/// Meaning of an answer. An unknown error leaves the outcome open: it is no
/// proof that nothing happened.
struct answer_verdict {
  answer_meaning meaning = answer_meaning::answered;

  /// Of an error.
  refusal_subject subject = refusal_subject::unspecified;

  /// The venue's error; for all meanings but `answered`.
  rpc_error refusal{};

  /// Outcomes of the parts of a request, in its order; empty if it had none.
  std::vector<answer_part> parts{};

  /// Returns whether no waiting cures it.
  bool is_permanent() const noexcept {
    return meaning == answer_meaning::refused
           && (subject == refusal_subject::credentials
               || subject == refusal_subject::request
               || subject == refusal_subject::parameters);
  }
};

/// Judges an error by a table. Codes that it does not have are `unknown`.
answer_verdict judge_error(rpc_error refusal, std::span<const code_rule> table);

/// Judges an answer of JSON-RPC 2.0. One with neither result nor error is
/// `unknown` and quoted.
answer_verdict judge_answer(const envelope& message,
                            std::span<const code_rule> table);

/// Judges a request of several parts by their outcomes: all done, all refused,
/// or `unknown` as a whole.
/// @param refusal the venue's error for the whole.
answer_verdict judge_parts(std::vector<answer_part> parts, rpc_error refusal);

/// Returns the error for the sender of the request: `ec::request_refused`,
/// `ec::try_later`, `ec::partly_done` or `ec::outcome_unknown`.
/// @pre `verdict.meaning != answer_meaning::answered`
error to_error(const answer_verdict& verdict);

} // namespace zenws
