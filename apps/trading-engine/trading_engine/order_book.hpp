// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/book_change.hpp"
#include "zenws/market/sequence_tracker.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>

namespace zenws::engine {

/// Outcome of an update.
enum class book_outcome : uint8_t {
  applied,
  /// The change does not continue the book: something was lost. The book is
  /// stale from now on.
  gap,
  /// The change continues the book by its number, but the result makes no
  /// sense: the best bid is not below the best ask, or a level is changed that
  /// is not there. The book is stale from now on.
  inconsistent,
  /// The book is stale; changes are left out until a snapshot comes.
  awaiting_snapshot,
};

/// The best price of one side and its amount.
struct quote {
  market::decimal price;
  market::decimal amount;

  bool operator==(const quote&) const noexcept = default;
};

/// The order book of one instrument: exact, or else stale.
///
/// Pure. A stale book shows no prices, which prevents trades on them.
class order_book {
public:
  // -- properties -------------------------------------------------------------

  bool is_stale() const noexcept {
    return !sequence_.in_sync();
  }

  /// Number of the last update that was applied.
  uint64_t change_id() const noexcept {
    return sequence_.change_id();
  }

  std::optional<quote> best_bid() const;

  std::optional<quote> best_ask() const;

  /// Number of prices on both sides.
  size_t depth() const noexcept {
    return bids_.size() + asks_.size();
  }

  // -- transitions ------------------------------------------------------------

  book_outcome apply(const market::book_change& update);

  /// The stream was interrupted: only a snapshot helps.
  void invalidate() noexcept;

private:
  enum class fit : uint8_t { fits, misfit };

  fit apply(const market::level_change& change);

  bool is_crossed() const;

  void clear() noexcept;

  std::map<market::decimal, market::decimal, std::greater<>> bids_;
  std::map<market::decimal, market::decimal> asks_;
  market::sequence_tracker sequence_{market::sequence_rule::deribit};
};

} // namespace zenws::engine
