// SPDX-License-Identifier: BSD-3-Clause

#include "program/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

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

std::string with_underscores(std::string_view name) {
  std::string result{name};
  std::ranges::replace(result, '-', '_');
  return result;
}

} // namespace

std::optional<std::string>
nearest_name(std::string_view name, std::span<const std::string_view> names) {
  auto wanted = with_underscores(name);
  auto best = 1 + wanted.size() / 3;
  std::optional<std::string> result;
  for (auto x : names) {
    auto candidate = with_underscores(x);
    auto distance = edit_distance(wanted, candidate);
    // A part of a name is a slip, too.
    if (candidate.starts_with(wanted) || wanted.starts_with(candidate))
      distance = std::min<size_t>(distance, 1);
    if (distance > best || (distance == best && result))
      continue;
    best = distance;
    result = x;
  }
  return result;
}

std::string suggestion(std::string_view name,
                       std::span<const std::string_view> names) {
  auto meant = nearest_name(name, names);
  return meant ? "; did you mean " + *meant + '?' : std::string{};
}

} // namespace zenws
