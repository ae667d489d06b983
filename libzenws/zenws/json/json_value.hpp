// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Kind of a value of JSON (RFC 8259, section 3).
enum class json_kind : uint8_t {
  /// There is no value at all.
  absent,
  null,
  boolean,
  number,
  string,
  array,
  object,
};

/// Returns the name of the enumerator.
std::string_view to_string(json_kind kind) noexcept;

/// A value of JSON where it lies in its message. It is a view: it dies with the
/// text, and copying it copies no text.
struct json_value {
  json_kind kind = json_kind::absent;

  /// A string that contains escapes; `text` shows them as they were sent.
  bool escaped = false;

  /// The bytes of the value, those of a string without its quotes. What lies
  /// within an array or object was not checked any further than that brackets
  /// and strings end.
  std::string_view text{};

  /// Returns whether there is a value; null is one.
  explicit operator bool() const noexcept {
    return kind != json_kind::absent;
  }

  bool is_null() const noexcept {
    return kind == json_kind::null;
  }

  /// Returns the value of a number that is written as an integer and fits, else
  /// nothing: 1.0 and 1e3 are no integers here.
  std::optional<int64_t> integer() const noexcept;

  /// Returns a string with its escapes resolved; nothing if the value is none
  /// or if an escape makes no sense, as half a surrogate pair does.
  std::optional<std::string> string() const;

  /// Returns a string with its escapes resolved, like `string`; copies it into
  /// `memory` only if there are any. Empty if the value is no string.
  std::string_view resolved(std::string& memory) const {
    if (kind == json_kind::string && !escaped) [[likely]]
      return text;
    return resolved_escapes(memory);
  }

  /// Returns whether this is the string `expected`, with any escapes.
  bool is(std::string_view expected) const {
    if (kind == json_kind::string && !escaped) [[likely]]
      return text == expected;
    return is_escaped(expected);
  }

private:
  bool is_escaped(std::string_view expected) const;

  std::string_view resolved_escapes(std::string& memory) const;
};

/// Returns the first member of this name, absent if there is none or if the
/// text is not an object. Takes one pass over the text.
json_value find_member(std::string_view object, std::string_view name);

/// Takes an array apart, for example a batch of JSON-RPC.
/// @returns `ec::invalid_json` if the text is not an array.
result<std::vector<json_value>> elements_of(std::string_view array);

/// Returns `text` as a string of JSON, quotes included. Nothing if it is not
/// UTF-8.
std::optional<std::string> quoted_json(std::string_view text);

} // namespace zenws
