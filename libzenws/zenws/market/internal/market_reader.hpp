// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/market/internal/member.hpp"
#include "zenws/market/trade.hpp"
#include "zenws/market/venue_time.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
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

  /// Reads the members of an object that are known; steps over the others.
  ///
  /// Those that the venue sends and nobody needs should be known, too: a name
  /// that is expected is read faster.
  template <const auto& Known, class Target>
  void read_object(Target& to) {
    constexpr auto count = std::size(Known);
    if (in_.peek() != json_kind::object)
      return complain("is not an object");
    uint64_t seen = 0;
    auto last = count;
    for (in_.enter_object(); in_.next_member();) {
      auto index = order_of<Known>.after(last);
      if (!in_.read_name(Known[index].name)) {
        index = find_member(Known);
        if (index == count) {
          in_.skip();
          continue;
        }
        order_of<Known>.learn(last, index);
      }
      auto& known = Known[index];
      last = index;
      seen |= uint64_t{1} << index;
      member_ = known.name.view();
      if (known.read != nullptr)
        known.read(*this, to);
      else
        in_.skip();
    }
    if (auto missing = required_of(Known) & ~seen; missing != 0) [[unlikely]]
      complain(Known[std::countr_zero(missing)].name.view(), "is missing");
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

  /// Same, but null is an empty one.
  word optional_text();

  /// Returns a number, written as one or in a string.
  market::decimal number() {
    uint8_t places = 0;
    return number(places);
  }

  /// Same, and how many digits were written behind the point.
  market::decimal number(uint8_t& places) {
    market::decimal result;
    if (!read_usual(result, places)) [[unlikely]]
      return parse(in_.value(), places);
    return result;
  }

  /// Same, but null and an empty text are nothing.
  std::optional<market::decimal> optional_number() {
    market::decimal result;
    uint8_t places = 0;
    if (!read_usual(result, places)) [[unlikely]]
      return general_optional_number();
    return result;
  }

  /// Returns an unsigned integer, written as one or in a string.
  uint64_t integer();

  // Same for `into`: a number, an unsigned integer…

  void read(market::decimal& to) {
    to = number();
  }

  void read(std::optional<market::decimal>& to) {
    to = optional_number();
  }

  void read(uint64_t& to) {
    to = integer();
  }

  void read(std::optional<uint64_t>& to) {
    to = integer();
  }

  void read(bool& to) {
    to = boolean();
  }

  void read(market::trade_direction& to) {
    to = direction();
  }

  void read(market::instrument_name& to) {
    to = instrument();
  }

  void read(market::asset_name& to) {
    to = asset();
  }

  void read(market::venue_time& to) {
    to = time();
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

  /// Same, but null and an empty text are the epoch.
  market::venue_time optional_time();

  // -- problems ---------------------------------------------------------------

  /// Remembers that the value of the current member is wrong.
  /// @param problem completes a sentence; must live as long as this object.
  void complain(std::string_view problem) noexcept;

  /// Same for another member, of those that were read.
  void complain(std::string_view member, std::string_view problem) noexcept;

  /// Remembers that a member is missing unless it was there.
  void require(bool there, std::string_view member) noexcept;

private:
  // Reads a name and returns its index; the number of names if it is unknown.
  template <class Target, size_t Count>
  size_t find_member(const member<Target> (&known)[Count]) {
    member_ = in_.read_name().resolved(name_memory_);
    size_t index = 0;
    while (index < Count && known[index].name.view() != member_)
      ++index;
    return index;
  }

  // Returns whether a character may follow a number.
  static constexpr bool ends_number(char c) noexcept {
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n'
           || c == '\r' || c == '\t';
  }

  // Reads a number in one pass over its text, if it looks as usual.
  bool read_usual(market::decimal& to, uint8_t& places) {
    auto rest = in_.rest();
    auto last = rest.data() + rest.size();
    auto is_string = rest.starts_with('"');
    auto pos = market::decimal::read_usual(rest.data() + is_string, last, to,
                                           places);
    if (pos == nullptr || pos == last
        || (is_string ? *pos != '"' : !ends_number(*pos))) [[unlikely]]
      return false;
    in_.step_to(pos + is_string);
    return true;
  }

  market::decimal parse(const json_value& value, uint8_t& places);

  std::optional<market::decimal> general_optional_number();

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
