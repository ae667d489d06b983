// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/redaction.hpp"

#include "zenws/json/internal/json_scan.hpp"
#include "zenws/json/json_value.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

// As `folded` writes them; the longest has `max_name` characters.
constexpr std::array<std::string_view, 23> secret_names{
  "accesstoken", "apisecret", "authorization", "bearertoken", "clientsecret",
  "hmac",        "idtoken",   "jwt",           "listenkey",   "otp",
  "passphrase",  "passwd",    "password",      "privatekey",  "refreshtoken",
  "secret",      "secretkey", "sessiontoken",  "sig",         "sign",
  "signature",   "tfacode",   "wstoken",
};

static_assert(std::is_sorted(secret_names.begin(), secret_names.end()));

constexpr size_t max_name = 64;

constexpr std::string_view replacement = "\"***\"";

// In lower case, without underscores and dashes.
std::string folded(std::string_view name) {
  std::string result;
  for (auto c : name)
    if (c >= 'A' && c <= 'Z')
      result += static_cast<char>(c - 'A' + 'a');
    else if (c != '_' && c != '-')
      result += c;
  return result;
}

size_t skip_space(std::string_view text, size_t pos) noexcept {
  return std::min(text.find_first_not_of(" \t\r\n", pos), text.size());
}

// Returns the position behind a string that begins at `pos`; the end of the
// text if it does not end. Control characters do not end it either.
size_t end_of_string(std::string_view text, size_t pos) noexcept {
  auto last = text.data() + text.size();
  auto i = text.data() + pos + 1;
  for (;;) {
    i = internal::find_string_stop(i, last);
    if (i == last)
      return text.size();
    if (*i == '"')
      return static_cast<size_t>(i - text.data()) + 1;
    i += *i == '\\' && last - i > 1 ? 2 : 1;
  }
}

size_t end_of_container(std::string_view text, size_t pos) noexcept {
  auto last = internal::find_container_end(text.data() + pos,
                                           text.data() + text.size());
  return last != nullptr ? static_cast<size_t>(last - text.data())
                         : text.size();
}

size_t end_of_value(std::string_view text, size_t pos) noexcept {
  if (pos == text.size())
    return pos;
  if (text[pos] == '"')
    return end_of_string(text, pos);
  if (text[pos] == '{' || text[pos] == '[')
    return end_of_container(text, pos);
  return std::min(text.find_first_of(",]} \t\r\n", pos), text.size());
}

bool may_show(std::string_view value) noexcept {
  return value.empty() || value == "null" || value == "true"
         || value == "false";
}

bool is_secret(std::string_view name, std::span<const std::string> more) {
  if (name.find('\\') == std::string_view::npos)
    return is_secret_member(name, more);
  auto plain = json_value{json_kind::string, true, name}.string();
  // An escape that makes no sense may hide anything.
  return !plain || is_secret_member(*plain, more);
}

} // namespace

bool is_secret_member(std::string_view name,
                      std::span<const std::string> more) {
  if (std::find(more.begin(), more.end(), name) != more.end())
    return true;
  return name.size() <= max_name
         && std::binary_search(secret_names.begin(), secret_names.end(),
                               folded(name));
}

std::string redact(std::string_view text, std::span<const std::string> more) {
  std::string result;
  size_t copied = 0;
  for (size_t pos = 0;;) {
    pos = text.find('"', pos);
    if (pos == std::string_view::npos)
      break;
    auto last = end_of_string(text, pos);
    auto colon = skip_space(text, last);
    if (colon == text.size())
      break;
    auto name = text.substr(pos + 1, last - pos - 2);
    pos = last;
    if (text[colon] != ':' || !is_secret(name, more))
      continue;
    auto first = skip_space(text, colon + 1);
    pos = end_of_value(text, first);
    if (may_show(text.substr(first, pos - first)))
      continue;
    result += text.substr(copied, first - copied);
    result += replacement;
    copied = pos;
  }
  return result += text.substr(copied);
}

// -- secret_values ------------------------------------------------------------

void secret_values::add(std::string value) {
  if (value.size() < min_size)
    return;
  std::lock_guard guard{mtx_};
  if (std::find(values_.begin(), values_.end(), value) != values_.end())
    return;
  values_.push_back(std::move(value));
  if (values_.size() > max_values)
    values_.pop_front();
}

std::string secret_values::hide(std::string text) const {
  constexpr std::string_view stars = "***";
  std::lock_guard guard{mtx_};
  for (auto& value : values_)
    for (auto pos = text.find(value); pos != std::string::npos;
         pos = text.find(value, pos + stars.size()))
      text.replace(pos, value.size(), stars);
  return text;
}

} // namespace zenws
