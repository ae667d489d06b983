// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/internal/market_reader.hpp"

#include "zenws/market/internal/digit_run.hpp"
#include "zenws/market/internal/powers_of_ten.hpp"
#include "zenws/market/internal/time_text.hpp"

#include <charconv>
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

word market_reader::text() {
  auto value = in_.value();
  if (value.kind == json_kind::string) [[likely]]
    return value.resolved(text_memory_);
  complain("is not a string");
  return std::string_view{};
}

word market_reader::optional_text() {
  if (in_.peek() != json_kind::null)
    return text();
  in_.skip();
  return std::string_view{};
}

market::decimal market_reader::parse(const json_value& value, uint8_t& places) {
  if (value.kind != json_kind::number && value.kind != json_kind::string) {
    complain("is not a number");
    return {};
  }
  auto result = market::decimal::parse(value.text, places);
  if (result) [[likely]]
    return *result;
  complain("is not a number that can be kept");
  return {};
}

std::optional<market::decimal> market_reader::general_optional_number() {
  auto value = in_.value();
  if (value.is_null()
      || (value.kind == json_kind::string && value.text.empty()))
    return std::nullopt;
  uint8_t places = 0;
  return parse(value, places);
}

template <class Int>
Int market_reader::read_integer(std::string_view expected) {
  auto value = in_.value();
  Int result = 0;
  auto last = value.text.data() + value.text.size();
  auto [end, ec] = std::from_chars(value.text.data(), last, result);
  if ((value.kind != json_kind::number && value.kind != json_kind::string)
      || ec != std::errc{} || end != last)
    complain(expected);
  return result;
}

uint64_t market_reader::integer() {
  // Nearly all are times and numbers of 9 to 16 digits.
  auto rest = in_.rest();
  if (rest.size() <= 2 * digit_run::max_size) [[unlikely]]
    return general_integer();
  digit_run high{rest.data()};
  digit_run low;
  if (high.size() == digit_run::max_size)
    low = digit_run{rest.data() + digit_run::max_size};
  auto size = high.size() + low.size();
  if (size == 0 || (size > 1 && rest[0] == '0') || !ends_number(rest[size]))
    [[unlikely]]
    return general_integer();
  in_.step_to(rest.data() + size);
  auto power = static_cast<uint64_t>(powers_of_ten[low.size()]);
  return high.value() * power + low.value();
}

uint64_t market_reader::general_integer() {
  return read_integer<uint64_t>("is not an unsigned integer");
}

int64_t market_reader::signed_integer() {
  return read_integer<int64_t>("is not an integer");
}

market::trade_direction market_reader::direction() {
  auto name = text();
  if (name == "sell")
    return market::trade_direction::sell;
  if (name != "buy")
    complain("is neither buy nor sell");
  return market::trade_direction::buy;
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

market::asset_name market_reader::asset() {
  auto value = in_.value();
  auto name = market::asset_name::make(value.resolved(text_memory_));
  return name ? *name : market::asset_name{};
}

market::venue_time market_reader::time() {
  if (in_.peek() == json_kind::string) {
    auto value = in_.value();
    if (auto result = parse_time(value.text))
      return *result;
    complain("is not a time");
    return {};
  }
  if (auto result = time_of(integer()))
    return *result;
  complain("is not a time");
  return {};
}

market::venue_time market_reader::optional_time() {
  auto is_empty = in_.rest().starts_with(R"("")");
  if (!is_empty && in_.peek() != json_kind::null)
    return time();
  in_.skip();
  return {};
}

// -- problems -----------------------------------------------------------------

void market_reader::complain(std::string_view problem) noexcept {
  // Malformed JSON makes values look wrong, but is the better explanation.
  if (!in_.failed())
    complaint_ = problem;
  in_.fail();
}

void market_reader::complain(std::string_view member,
                             std::string_view problem) noexcept {
  if (in_.failed())
    return;
  member_ = member;
  complain(problem);
}

void market_reader::require(bool there, std::string_view member) noexcept {
  if (!there)
    complain(member, "is missing");
}

} // namespace zenws::internal
