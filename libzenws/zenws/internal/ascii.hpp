// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace zenws::internal {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Returns the lower case of an ASCII letter, any other character as it is.
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string to_lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    c = to_lower(c);
  return result;
}

/// Checks whether two names are equal in any case, as those of HTTP are.
inline bool equal_names(std::string_view x, std::string_view y) noexcept {
  auto same = [](char a, char b) { return to_lower(a) == to_lower(b); };
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), same);
}

} // namespace zenws::internal
