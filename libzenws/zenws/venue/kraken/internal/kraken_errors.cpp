// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/internal/kraken_errors.hpp"

#include <algorithm>

namespace zenws::internal {

namespace {

using enum answer_meaning;

using about = refusal_subject;

// docs.kraken.com/exchange/guides/general/errors and support.kraken.com, "API
// error messages"; the texts of channels are those of the WebSocket API,
// version 1, "Errors", as far as version 2 has no list. The first row that fits
// counts.
constexpr kraken_error_rule rules[] = {
  // of channels
  {"Already subscribed", answered},
  {"Currency pair not", refused, about::channels},
  {"Pair(s) not found", refused, about::channels},
  {"Pair field", refused, about::channels},
  {"Subscription ", refused, about::channels},
  {"EQuery:", refused, about::channels},
  // for now
  {"Exceeded msg rate", try_later, about::rate},
  {"EAPI:Rate limit exceeded", try_later, about::rate},
  {"EOrder:Rate limit exceeded", try_later, about::rate},
  {"EAuth:Rate limit exceeded", try_later, about::rate},
  {"EAuth:Too many requests", try_later, about::rate},
  {"EGeneral:Too many requests", try_later, about::rate},
  {"EGeneral:Temporary lockout", try_later},
  {"EService:Busy", try_later},
  {"EService:Unavailable", try_later},
  {"EService:Market in", try_later},
  {"EService:Throttled", try_later, about::rate},
  // of tokens that have ended: another one helps. They are in none of the
  // lists;
  // the venue's support has told so (XChange, pull request 3697).
  {"EAPI:Invalid token", refused, about::login},
  {"ESession:", refused, about::login},
  // of keys
  {"EAPI:", refused, about::credentials},
  {"EAuth:", refused, about::credentials},
  {"EAccount:", refused, about::credentials},
  {"EGeneral:Permission denied", refused, about::credentials},
  // of requests
  {"Malformed request", refused, about::request},
  {"EGeneral:Unknown method", refused, about::request},
  {"EGeneral:Invalid arguments", refused, about::parameters},
  {"EService:Deadline elapsed", refused},
  {"EOrder:", refused},
  {"ETrade:", refused},
};

} // namespace

const kraken_error_rule* find_kraken_error(std::string_view text) noexcept {
  auto fits = [text](const kraken_error_rule& row) {
    return text.starts_with(row.beginning);
  };
  auto pos = std::ranges::find_if(rules, fits);
  return pos != std::end(rules) ? pos : nullptr;
}

} // namespace zenws::internal
