// SPDX-License-Identifier: BSD-3-Clause

#include "program/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace zenws {

namespace {

// Number of insertions, removals and replacements from one text to the other.
size_t edit_distance(std::string_view x, std::string_view y) {
  std::vector<size_t> row(y.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < x.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < y.size(); ++j) {
      auto replaced = diagonal + (x[i] == y[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

} // namespace

std::string suggestion(std::string_view name,
                       const std::vector<std::string_view>& names) {
  auto best = 1 + name.size() / 3;
  std::string result;
  for (auto x : names) {
    auto distance = edit_distance(name, x);
    // A part of a name is a slip, too.
    if (x.starts_with(name) || name.starts_with(x))
      distance = std::min<size_t>(distance, 1);
    if (distance > best || (distance == best && !result.empty()))
      continue;
    best = distance;
    result = "; did you mean " + std::string{x} + '?';
  }
  return result;
}

} // namespace zenws
