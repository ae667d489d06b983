// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/metrics/internal/label_text.hpp"

#include "zenws/internal/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace zenws::internal {

namespace {

constexpr size_t max_label_bytes = 128;

bool is_ascii(char x) noexcept {
  return static_cast<unsigned char>(x) < 0x80;
}

bool continues_character(char x) noexcept {
  return (static_cast<unsigned char>(x) & 0xc0) == 0x80;
}

} // namespace

std::string label_text(std::string_view name) {
  auto size = std::min(name.size(), max_label_bytes);
  while (size > 0 && size < name.size() && continues_character(name[size]))
    --size;
  std::string result{name.substr(0, size)};
  if (!valid_utf8(result.data(), result.size()))
    std::ranges::replace_if(
      result, [](char x) { return !is_ascii(x); }, '?');
  return result;
}

} // namespace zenws::internal
