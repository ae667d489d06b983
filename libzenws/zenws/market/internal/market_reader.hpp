// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

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
      fun(member_);
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
  std::string_view text();

  /// Returns a number, written as one or in a string.
  market::decimal number() {
    uint8_t places = 0;
    return number(places);
  }

  /// Same, and how many digits were written behind the point.
  market::decimal number(uint8_t& places) {
    return parse(in_.value(), places);
  }

  /// Same, but null and an empty text are nothing.
  std::optional<market::decimal> optional_number();

  /// Returns an unsigned integer, written as one or in a string.
  uint64_t integer();

  /// Returns an integer that may be negative, written as one or in a string.
  int64_t signed_integer();

  bool boolean();

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
  market::decimal parse(const json_value& value, uint8_t& places);

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
