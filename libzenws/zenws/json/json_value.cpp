// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/json_value.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/internal/utf8.hpp"
#include "zenws/json/internal/json_cursor.hpp"

#include <algorithm>
#include <charconv>

namespace zenws {

namespace {

// -- escapes (RFC 8259, section 7) --------------------------------------------

std::optional<uint32_t> take_hex(std::string_view& text) {
  if (text.size() < 4)
    return std::nullopt;
  uint32_t result = 0;
  auto last = text.data() + 4;
  auto [end, ec] = std::from_chars(text.data(), last, result, 16);
  if (ec != std::errc{} || end != last)
    return std::nullopt;
  text.remove_prefix(4);
  return result;
}

bool is_high_surrogate(uint32_t unit) noexcept {
  return unit >= 0xd800 && unit < 0xdc00;
}

bool is_low_surrogate(uint32_t unit) noexcept {
  return unit >= 0xdc00 && unit < 0xe000;
}

// Reads the digits behind "\u", the second half of a surrogate pair included.
std::optional<uint32_t> take_code_point(std::string_view& text) {
  auto unit = take_hex(text);
  if (!unit || is_low_surrogate(*unit))
    return std::nullopt;
  if (!is_high_surrogate(*unit))
    return unit;
  if (!text.starts_with("\\u"))
    return std::nullopt;
  text.remove_prefix(2);
  auto low = take_hex(text);
  if (!low || !is_low_surrogate(*low))
    return std::nullopt;
  return 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00);
}

void append_utf8(std::string& out, uint32_t code) {
  auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  auto put_rest = [&](unsigned shift) { put(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    put_rest(0);
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    put_rest(6);
    put_rest(0);
  } else {
    put(0xf0 | (code >> 18));
    put_rest(12);
    put_rest(6);
    put_rest(0);
  }
}

constexpr std::string_view escape_names = "\"\\/bfnrt";

constexpr std::string_view escape_values = "\"\\/\b\f\n\r\t";

// Reads the characters behind a backslash.
bool append_escaped(std::string& out, std::string_view& text) {
  if (text.empty())
    return false;
  auto name = text.front();
  text.remove_prefix(1);
  if (name == 'u') {
    auto code = take_code_point(text);
    if (code)
      append_utf8(out, *code);
    return code.has_value();
  }
  auto index = escape_names.find(name);
  if (index == std::string_view::npos)
    return false;
  out += escape_values[index];
  return true;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (;;) {
    auto count = std::min(text.find('\\'), text.size());
    result += text.substr(0, count);
    text.remove_prefix(count);
    if (text.empty())
      return result;
    text.remove_prefix(1);
    if (!append_escaped(result, text))
      return std::nullopt;
  }
}

void append_quoted(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  auto byte = static_cast<unsigned char>(c);
  // An escaped slash is valid, too, but unusual.
  auto index = c != '/' ? escape_values.find(c) : std::string_view::npos;
  if (index != std::string_view::npos) {
    out += '\\';
    out += escape_names[index];
  } else if (byte < 0x20) {
    out += "\\u00";
    out += digits[byte >> 4];
    out += digits[byte & 0xf];
  } else {
    out += c;
  }
}

} // namespace

// -- json_value ---------------------------------------------------------------

BOOST_DESCRIBE_ENUM(json_kind, absent, null, boolean, number, string, array,
                    object)

std::string_view to_string(json_kind kind) noexcept {
  return internal::enum_name(kind);
}

std::optional<int64_t> json_value::integer() const noexcept {
  if (kind != json_kind::number)
    return std::nullopt;
  int64_t result = 0;
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, result);
  if (ec != std::errc{} || end != last)
    return std::nullopt;
  return result;
}

std::optional<std::string> json_value::string() const {
  if (kind != json_kind::string)
    return std::nullopt;
  return escaped ? unescaped(text) : std::optional{std::string{text}};
}

std::string_view json_value::resolved_escapes(std::string& memory) const {
  if (kind != json_kind::string)
    return {};
  memory = string().value_or(std::string{});
  return memory;
}

bool json_value::is_escaped(std::string_view expected) const {
  return kind == json_kind::string && unescaped(text) == expected;
}

// -- free functions -----------------------------------------------------------

json_value find_member(std::string_view object, std::string_view name) {
  internal::json_cursor in{object};
  json_value key;
  for (in.enter_object(); in.next_member(key);) {
    auto value = in.value();
    if (key.is(name))
      return value;
  }
  return {};
}

result<std::vector<json_value>> elements_of(std::string_view array) {
  internal::json_cursor in{array};
  std::vector<json_value> result;
  for (in.enter_array(); in.next_element();)
    result.push_back(in.value());
  if (!in.finish())
    return error{ec::invalid_json, "byte " + std::to_string(in.offset())};
  return result;
}

std::optional<std::string> quoted_json(std::string_view text) {
  if (!internal::valid_utf8(text.data(), text.size()))
    return std::nullopt;
  std::string result = "\"";
  for (auto c : text)
    append_quoted(result, c);
  return result += '"';
}

} // namespace zenws
