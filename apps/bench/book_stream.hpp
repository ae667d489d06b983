// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/update_list.hpp"

#include <cstddef>

namespace zenws::bench {

/// Where the changes of a book happen.
enum class change_places : unsigned char {
  /// Nine of ten among the best 20 levels, as on real markets.
  near_best,
  /// Anywhere.
  all_over,
};

/// A book of 1000 levels on each side and some of its changes, with prices in
/// steps of 0.5 and actions as Deribit's. The last change brings back the
/// beginning, so that they can be repeated.
class book_stream {
public:
  explicit book_stream(change_places where);

  const market::book_snapshot& snapshot() const noexcept {
    return *std::get_if<market::book_snapshot>(&snapshot_[0]);
  }

  const market::update_list& changes() const noexcept {
    return changes_;
  }

  /// Number of levels that all changes have together.
  size_t num_levels() const noexcept {
    return changes_.num_levels();
  }

private:
  market::update_list snapshot_;
  market::update_list changes_;
};

} // namespace zenws::bench
