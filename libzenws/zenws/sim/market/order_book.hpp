// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace zenws::sim {

enum class book_side : uint8_t { bid, ask };

enum class level_action : uint8_t { created, changed, removed };

/// One change of a price level, prices in ticks and amounts in lots.
struct level_change {
  book_side side;
  level_action action;
  int64_t price;
  int64_t amount;
};

/// The resting orders of one instrument by price level.
class order_book {
public:
  using bid_levels = std::map<int64_t, int64_t, std::greater<>>;
  using ask_levels = std::map<int64_t, int64_t>;

  // -- properties -------------------------------------------------------------

  const bid_levels& bids() const noexcept {
    return bids_;
  }

  const ask_levels& asks() const noexcept {
    return asks_;
  }

  size_t depth(book_side side) const noexcept;

  /// @pre `depth(side) > 0`
  int64_t best_price(book_side side) const noexcept;

  /// @pre `depth(side) > 0`
  int64_t best_amount(book_side side) const noexcept;

  /// @pre `depth(side) > 0`
  int64_t worst_price(book_side side) const noexcept;

  /// Returns the price of the nth best level.
  /// @pre `n < depth(side)`
  int64_t price_at(book_side side, size_t n) const noexcept;

  /// Returns the amount at `price`, 0 for none.
  int64_t amount_at(book_side side, int64_t price) const noexcept;

  // -- modifiers --------------------------------------------------------------

  /// Sets the amount at `price` (0 removes the level) and returns the change.
  level_change set(book_side side, int64_t price, int64_t amount);

private:
  bid_levels bids_;
  ask_levels asks_;
};

} // namespace zenws::sim
