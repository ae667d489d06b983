// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

namespace zenws::trading {

/// A set of numbers that mostly follow each other: kept as ranges.
class number_set {
public:
  /// Adds the numbers from `first` to `last`; none if `first > last`.
  void add(uint64_t first, uint64_t last) {
    if (first > last)
      return;
    auto i = ranges_.upper_bound(first);
    // Joins the ranges that touch the new one.
    if (i != ranges_.begin() && std::prev(i)->second + 1 >= first)
      --i;
    while (i != ranges_.end() && i->first <= last + 1) {
      first = std::min(first, i->first);
      last = std::max(last, i->second);
      i = ranges_.erase(i);
    }
    ranges_.emplace(first, last);
  }

  bool contains(uint64_t number) const noexcept {
    auto i = ranges_.upper_bound(number);
    return i != ranges_.begin() && std::prev(i)->second >= number;
  }

private:
  std::map<uint64_t, uint64_t> ranges_; // first to last
};

} // namespace zenws::trading
