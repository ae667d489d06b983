// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/internal/market_reader.hpp"

#include <charconv>
#include <limits>
#include <string>

namespace zenws::internal {

// -- properties ---------------------------------------------------------------

error market_reader::problem() {
  if (!complaint_.empty())
    return {ec::invalid_data,
            '"' + std::string{member_} + "\" " + std::string{complaint_}};
  if (!in_.finish())
    return {ec::invalid_json, "byte " + std::to_string(in_.offset())};
  return {};
}

// -- values -------------------------------------------------------------------

void market_reader::leave_unknown_elements() {
  do
    in_.skip();
  while (in_.next_element());
}

std::string_view market_reader::text() {
  auto value = in_.value();
  if (value.kind == json_kind::string) [[likely]]
    return value.resolved(text_memory_);
  complain("is not a string");
  return {};
}

market::decimal market_reader::number() {
  auto value = in_.value();
  if (value.kind != json_kind::number && value.kind != json_kind::string) {
    complain("is not a number");
    return {};
  }
  auto result = market::decimal::parse(value.text);
  if (result) [[likely]]
    return *result;
  complain("is not a number that can be kept");
  return {};
}

std::optional<market::decimal> market_reader::optional_number() {
  if (in_.peek() != json_kind::null)
    return number();
  in_.skip();
  return std::nullopt;
}

std::optional<market::decimal> market_reader::price() {
  auto result = optional_number();
  return result && result->is_zero() ? std::nullopt : result;
}

uint64_t market_reader::integer() {
  auto value = in_.value();
  uint64_t result = 0;
  auto last = value.text.data() + value.text.size();
  auto [end, ec] = std::from_chars(value.text.data(), last, result);
  if (value.kind != json_kind::number || ec != std::errc{} || end != last)
    complain("is not an unsigned integer");
  return result;
}

bool market_reader::boolean() {
  auto value = in_.value();
  if (value.kind != json_kind::boolean)
    complain("is not a boolean");
  return value.text == "true";
}

market::instrument_name market_reader::instrument() {
  auto value = in_.value();
  auto name = market::instrument_name::make(value.resolved(text_memory_));
  if (value.kind != json_kind::string || !name || name->empty()) {
    complain("is not the name of an instrument");
    return {};
  }
  return *name;
}

market::venue_time market_reader::time() {
  // As milliseconds this is the year 5138, as microseconds 1973.
  constexpr uint64_t least_microseconds = 100'000'000'000'000;
  constexpr auto most = std::numeric_limits<int64_t>::max();
  auto count = integer();
  if (count < least_microseconds)
    count *= 1'000;
  if (count > static_cast<uint64_t>(most))
    complain("is not a time");
  return market::venue_time{
    std::chrono::microseconds{static_cast<int64_t>(count)}};
}

// -- problems -----------------------------------------------------------------

void market_reader::complain(std::string_view problem) noexcept {
  // Malformed JSON makes values look wrong, but is the better explanation.
  if (!in_.failed())
    complaint_ = problem;
  in_.fail();
}

void market_reader::require(bool there, std::string_view member) noexcept {
  if (there || in_.failed())
    return;
  member_ = member;
  complain("is missing");
}

} // namespace zenws::internal
