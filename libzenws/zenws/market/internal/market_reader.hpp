// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/market/trade.hpp"
#include "zenws/market/venue_time.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// A name or a word of a message. Compares with a literal faster than a
/// `std::string_view` does: the compiler knows how many bytes there are.
class word : public std::string_view {
public:
  constexpr word(std::string_view text) noexcept : std::string_view(text) {
    // nop
  }

  template <size_t Size>
  bool operator==(const char (&expected)[Size]) const noexcept {
    return size() == Size - 1 && std::memcmp(data(), expected, Size - 1) == 0;
  }
};

/// Reads JSON into the types of market data. The first problem ends everything:
/// the caller reads on as if nothing had happened and asks for `problem` at the
/// end. Names and texts are unescaped.
class market_reader {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param json an object or array; anything else is a problem.
  explicit market_reader(const json_value& json) noexcept
    : market_reader(json.kind != json_kind::string ? json.text
                                                   : std::string_view{}) {
    // nop
  }

  explicit market_reader(std::string_view json) noexcept : in_(json) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  /// Returns the first problem, `ec::none` if there was none.
  /// @pre all of the text was read, unless there was a problem
  error problem();

  // -- structure --------------------------------------------------------------

  /// Calls `fun` with the name of each member of an object; it must read the
  /// value.
  template <class Fun>
  void each_member(Fun fun) {
    if (in_.peek() != json_kind::object)
      return complain("is not an object");
    json_value name;
    for (in_.enter_object(); in_.next_member(name);) {
      member_ = name.resolved(name_memory_);
      fun(word{member_});
    }
  }

  /// Calls `fun` for each element of an array; it must read the element.
  template <class Fun>
  void each_element(Fun fun) {
    if (in_.peek() != json_kind::array)
      return complain("is not an array");
    for (in_.enter_array(); in_.next_element();)
      fun();
  }

  /// Steps into an array of a fixed number of elements.
  void enter_array() {
    if (in_.peek() != json_kind::array)
      return complain("is not an array");
    in_.enter_array();
  }

  /// Steps to an element that must be there.
  void expect_element() {
    if (!in_.next_element())
      complain("has too few elements");
  }

  /// Steps out of an array, over elements that are not known: venues add some
  /// to arrays like members to objects.
  void leave_array() {
    if (in_.next_element()) [[unlikely]]
      leave_unknown_elements();
  }

  json_kind peek() noexcept {
    return in_.peek();
  }

  void skip() noexcept {
    in_.skip();
  }

  // -- values -----------------------------------------------------------------

  json_value value() noexcept {
    return in_.value();
  }

  /// Returns a string, valid until the next one is read.
  word text();

  /// Returns a number, written as one or in a string.
  market::decimal number() {
    uint8_t places = 0;
    return number(places);
  }

  /// Same, and how many digits were written behind the point.
  market::decimal number(uint8_t& places) {
    // In one pass over the text, if it looks as usual.
    auto rest = in_.rest();
    auto last = rest.data() + rest.size();
    auto is_string = rest.starts_with('"');
    market::decimal result;
    auto pos = market::decimal::read_usual(rest.data() + is_string, last,
                                           result, places);
    if (pos == nullptr || pos == last
        || (is_string ? *pos != '"' : !ends_number(*pos))) [[unlikely]]
      return parse(in_.value(), places);
    in_.step_to(pos + is_string);
    return result;
  }

  /// Same, but null and an empty text are nothing.
  std::optional<market::decimal> optional_number();

  /// Returns an unsigned integer, written as one or in a string.
  uint64_t integer() {
    auto rest = in_.rest();
    auto pos = rest.data();
    auto last = pos + std::min<size_t>(rest.size(), max_usual_digits);
    uint64_t result = 0;
    for (; pos != last && *pos >= '0' && *pos <= '9'; ++pos)
      result = result * 10 + static_cast<uint64_t>(*pos - '0');
    auto digits = pos - rest.data();
    if (digits == 0 || (digits > 1 && rest.front() == '0') || pos == last
        || !ends_number(*pos)) [[unlikely]]
      return general_integer();
    in_.step_to(pos);
    return result;
  }

  /// Returns an integer that may be negative, written as one or in a string.
  int64_t signed_integer();

  bool boolean();

  /// Reads "buy" or "sell".
  market::trade_direction direction();

  market::instrument_name instrument();

  /// Returns the name of a currency; nothing if it is null or too long.
  market::asset_name asset();

  /// Reads the time since the epoch in milliseconds, or in microseconds or
  /// nanoseconds, which are easily distinguished; or a text of RFC 3339. Digits
  /// below microseconds are left out.
  market::venue_time time();

  // -- problems ---------------------------------------------------------------

  /// Remembers that the value of the current member is wrong.
  /// @param problem completes a sentence; must live as long as this object.
  void complain(std::string_view problem) noexcept;

  /// Same for another member, of those that were read.
  void complain(std::string_view member, std::string_view problem) noexcept;

  /// Remembers that a member is missing unless it was there.
  void require(bool there, std::string_view member) noexcept;

private:
  // Returns whether a character may follow a number.
  static constexpr bool ends_number(char c) noexcept {
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n'
           || c == '\r' || c == '\t';
  }

  market::decimal parse(const json_value& value, uint8_t& places);

  // Of integers that always fit.
  static constexpr size_t max_usual_digits = 19;

  uint64_t general_integer();

  template <class Int>
  Int read_integer(std::string_view expected);

  void leave_unknown_elements();

  json_cursor in_;
  std::string_view member_ = "data";
  std::string_view complaint_;

  // For text with escapes.
  std::string name_memory_;
  std::string text_memory_;
};

} // namespace zenws::internal
