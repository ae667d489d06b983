// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/answer.hpp"

#include "zenws/internal/enum_names.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

// Bytes quoted of an answer that cannot be read.
constexpr size_t max_quote = 120;

std::string quote_of(std::string_view text) {
  auto result = printable(text.substr(0, max_quote));
  return text.size() > max_quote ? result + "..." : result;
}

ec code_of(const answer_verdict& verdict) noexcept {
  using enum answer_meaning;
  switch (verdict.meaning) {
    case answered:
      return ec::none;
    case refused:
      return ec::request_refused;
    case try_later:
      return ec::try_later;
    case unknown:
      break;
  }
  auto is_known = [](const answer_part& part) {
    return part.meaning != unknown;
  };
  return !verdict.parts.empty() && std::ranges::all_of(verdict.parts, is_known)
           ? ec::partly_done
           : ec::outcome_unknown;
}

} // namespace

// -- enums --------------------------------------------------------------------

BOOST_DESCRIBE_ENUM(refusal_subject, unspecified, channels, size, credentials,
                    request, parameters, login, rate, clock)

std::string_view to_string(refusal_subject subject) noexcept {
  return internal::enum_name(subject);
}

// -- judging ------------------------------------------------------------------

const code_rule* find_rule(std::span<const code_rule> table,
                           int64_t code) noexcept {
  auto has_code = [code](const code_rule& row) {
    return row.first <= code && code <= row.last;
  };
  auto pos = std::ranges::find_if(table, has_code);
  return pos != table.end() ? &*pos : nullptr;
}

answer_verdict judge_error(rpc_error refusal,
                           std::span<const code_rule> table) {
  answer_verdict result{.meaning = answer_meaning::unknown};
  if (auto* row = find_rule(table, refusal.code)) {
    result.meaning = row->meaning;
    result.subject = row->subject;
  }
  result.refusal = std::move(refusal);
  return result;
}

answer_verdict judge_answer(const envelope& message,
                            std::span<const code_rule> table) {
  auto response = parse_response(message);
  if (!response)
    return {.meaning = answer_meaning::unknown,
            .refusal = {.message = response.error().detail + ": "
                                   + quote_of(message.root.text)}};
  if (auto* refusal = std::get_if<rpc_error>(&*response))
    return judge_error(std::move(*refusal), table);
  return {};
}

answer_verdict judge_parts(std::vector<answer_part> parts, rpc_error refusal) {
  using enum answer_meaning;
  answer_verdict result;
  auto first = parts.empty() ? answered : parts.front().meaning;
  auto same = [first](const answer_part& x) { return x.meaning == first; };
  result.meaning = std::ranges::all_of(parts, same) ? first : unknown;
  result.refusal = std::move(refusal);
  result.refusal.parts = parts;
  result.parts = std::move(parts);
  return result;
}

error to_error(const answer_verdict& verdict) {
  auto result = to_error(verdict.refusal);
  result.code = code_of(verdict);
  if (verdict.subject == refusal_subject::clock)
    result.detail += "; look at the clock of this machine";
  return result;
}

} // namespace zenws
