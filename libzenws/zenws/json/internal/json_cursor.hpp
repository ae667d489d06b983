// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/json/internal/json_scan.hpp"
#include "zenws/json/internal/member_name.hpp"
#include "zenws/json/json_value.hpp"

#include <cstddef>
#include <string_view>

namespace zenws::internal {

/// Reads JSON from front to back, where it lies, without a tree and without
/// recursion: the caller steps into known values and over all others.
///
///     for (in.enter_object(); in.next_member(key);)
///       if (key.is("price"))
///         price = in.value();
///       else
///         in.skip();
///
/// Values that it steps through are checked (RFC 8259), except for encoding and
/// for escapes, which `json_value::string` checks. A value that it steps over
/// is only known to end. The first problem ends everything: nothing can be read
/// after it.
///
/// simdjson is not used: it needs 64 readable bytes behind each text. The end
/// of a slab has none, behind the payload of one message lies another one, and
/// slabs exist to avoid copies of messages. Finding the envelope of 200 to 700
/// bytes, this takes 0.5 to 1.3 times as long.
class json_cursor {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit json_cursor(std::string_view text) noexcept
    : begin_(text.data()), pos_(begin_), end_(begin_ + text.size()) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  bool failed() const noexcept {
    return failed_at_ != nullptr;
  }

  /// Position of the problem in the text, or of the next byte if there is none.
  size_t offset() const noexcept {
    return static_cast<size_t>((failed() ? failed_at_ : pos_) - begin_);
  }

  /// Returns the kind of the next value by its first character, `absent` if no
  /// value can start here.
  json_kind peek() noexcept {
    skip_space();
    return pos_ != end_ ? kind_of(*pos_) : json_kind::absent;
  }

  // -- steps ------------------------------------------------------------------

  /// Reads a value as a whole. Absent if there is none, which is a failure.
  json_value value() noexcept {
    switch (peek()) {
      case json_kind::string:
        return read_string();
      case json_kind::number:
        return read_number();
      case json_kind::array:
        return read_container(json_kind::array);
      case json_kind::object:
        return read_container(json_kind::object);
      case json_kind::null:
        return read_literal(json_kind::null, "null");
      case json_kind::boolean:
        return read_literal(json_kind::boolean,
                            *pos_ == 't' ? "true" : "false");
      default:
        fail();
        return {};
    }
  }

  /// Steps over a value. Of a number it is only known where it ends.
  void skip() noexcept {
    if (peek() == json_kind::number)
      pos_ = find_number_end(pos_, end_);
    else
      value();
  }

  /// Steps into an object.
  /// @returns `false` if there is none, which is a failure.
  bool enter_object() noexcept {
    return enter('{');
  }

  /// Steps into an array.
  /// @returns `false` if there is none, which is a failure.
  bool enter_array() noexcept {
    return enter('[');
  }

  /// Reads the next name within an object; its value must be read next.
  /// @returns `false` if the object ends here, having stepped out of it.
  bool next_member(json_value& name) noexcept {
    if (!next_member())
      return false;
    name = read_name();
    return !failed();
  }

  /// Steps to the next member of an object, whose name must be read next.
  /// @returns `false` if the object ends here, having stepped out of it.
  bool next_member() noexcept {
    return next('}');
  }

  /// Reads a name; its value must be read next. Absent if there is none, which
  /// is a failure.
  json_value read_name() noexcept {
    if (peek() != json_kind::string) {
      fail();
      return {};
    }
    auto result = read_string();
    skip_space();
    if (pos_ == end_ || *pos_ != ':') {
      fail();
      return {};
    }
    ++pos_;
    return result;
  }

  /// Reads a name if it is this one, in its usual spelling. May not see it near
  /// the end of the text.
  /// @returns `false` if nothing was read.
  bool read_name(const member_name& expected) noexcept {
    if (end_ - pos_ < member_name::max_size || !expected.begins(pos_))
      return false;
    pos_ += expected.size();
    return true;
  }

  /// Steps to the next element of an array, which must be read next.
  /// @returns `false` if the array ends here, having stepped out of it.
  bool next_element() noexcept {
    return next(']');
  }

  /// Returns the text from the next value on.
  std::string_view rest() noexcept {
    skip_space();
    return {pos_, static_cast<size_t>(end_ - pos_)};
  }

  /// Steps over a value that the caller has read itself.
  /// @param end of the value, within `rest`.
  void step_to(const char* end) noexcept {
    pos_ = end;
  }

  /// Steps over valid JSON up to the value of a member.
  /// @returns `false` if something else follows.
  bool step_over(std::string_view expected) noexcept {
    auto left = static_cast<size_t>(end_ - pos_);
    if (!std::string_view{pos_, left}.starts_with(expected))
      return false;
    pos_ += expected.size();
    fresh_ = false;
    return true;
  }

  /// Returns whether nothing but space is left.
  bool finish() noexcept {
    skip_space();
    if (pos_ != end_)
      return fail();
    return !failed();
  }

  /// Remembers a problem here; keeps an earlier one.
  /// @returns `false`
  bool fail() noexcept {
    if (!failed())
      failed_at_ = pos_;
    pos_ = end_;
    return false;
  }

  /// Returns the text from `first`, an earlier `offset`, up to here.
  std::string_view text_from(size_t first) const noexcept {
    return {begin_ + first, static_cast<size_t>(pos_ - begin_) - first};
  }

private:
  static json_kind kind_of(char c) noexcept;

  void skip_space() noexcept {
    // One comparison where venues send none, which is everywhere.
    while (pos_ != end_ && *pos_ <= ' '
           && (*pos_ == ' ' || *pos_ == '\n' || *pos_ == '\r' || *pos_ == '\t'))
      ++pos_;
  }

  bool enter(char opening) noexcept {
    skip_space();
    if (pos_ == end_ || *pos_ != opening)
      return fail();
    ++pos_;
    fresh_ = true;
    return true;
  }

  bool next(char closing) noexcept {
    skip_space();
    if (pos_ == end_)
      return fail();
    auto fresh = fresh_;
    fresh_ = false;
    if (*pos_ == closing) {
      ++pos_;
      return false;
    }
    if (fresh)
      return true;
    if (*pos_ != ',')
      return fail();
    ++pos_;
    return true;
  }

  json_value read_string() noexcept {
    auto first = ++pos_;
    auto escaped = false;
    for (;;) {
      pos_ = find_string_stop(pos_, end_);
      if (pos_ == end_ || static_cast<unsigned char>(*pos_) < 0x20)
        break;
      if (*pos_ == '"')
        return {json_kind::string,
                escaped,
                {first, static_cast<size_t>(pos_++ - first)}};
      escaped = true;
      if (end_ - pos_ < 2)
        break;
      pos_ += 2;
    }
    fail();
    return {};
  }

  json_value read_number() noexcept {
    auto first = pos_;
    if (*pos_ == '-')
      ++pos_;
    if (pos_ != end_ && *pos_ == '0')
      ++pos_;
    else if (!skip_digits())
      return {};
    if (pos_ != end_ && *pos_ == '.') {
      ++pos_;
      if (!skip_digits())
        return {};
    }
    if (pos_ != end_ && (*pos_ == 'e' || *pos_ == 'E')) {
      ++pos_;
      if (pos_ != end_ && (*pos_ == '+' || *pos_ == '-'))
        ++pos_;
      if (!skip_digits())
        return {};
    }
    return {
      json_kind::number, false, {first, static_cast<size_t>(pos_ - first)}};
  }

  bool skip_digits() noexcept {
    auto first = pos_;
    while (pos_ != end_ && *pos_ >= '0' && *pos_ <= '9')
      ++pos_;
    return pos_ != first || fail();
  }

  json_value read_container(json_kind kind) noexcept {
    auto first = pos_;
    auto last = find_container_end(pos_, end_);
    if (last == nullptr) {
      pos_ = end_;
      fail();
      return {};
    }
    pos_ = last;
    return {kind, false, {first, static_cast<size_t>(last - first)}};
  }

  json_value read_literal(json_kind kind, std::string_view expected) noexcept {
    auto left = static_cast<size_t>(end_ - pos_);
    auto text = std::string_view{pos_, left}.substr(0, expected.size());
    if (text != expected) {
      fail();
      return {};
    }
    pos_ += text.size();
    return {kind, false, text};
  }

  const char* begin_;
  const char* pos_;
  const char* end_;
  const char* failed_at_ = nullptr;
  bool fresh_ = false;
};

inline json_kind json_cursor::kind_of(char c) noexcept {
  switch (c) {
    case '"':
      return json_kind::string;
    case '{':
      return json_kind::object;
    case '[':
      return json_kind::array;
    case 't':
    case 'f':
      return json_kind::boolean;
    case 'n':
      return json_kind::null;
    default:
      return c == '-' || (c >= '0' && c <= '9') ? json_kind::number
                                                : json_kind::absent;
  }
}

} // namespace zenws::internal
