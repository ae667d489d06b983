// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <chrono>
#include <vector>

namespace zenws::sim {

/// Lets orders trade with the market, which does not notice: they take what is
/// at the best price, and leave it there for others.
class order_matcher {
public:
  explicit order_matcher(order_store& store) noexcept : store_(store) {
    // nop
  }

  /// Returns whether an order would trade at once if it came, or was changed,
  /// now. That is no question of `order_store::follows_market`.
  static bool takes(const order& entry, const market_quote& market) noexcept {
    return entry.type == order_type::limit
           && crosses(market, entry.direction, entry.price);
  }

  /// Lets a new or changed order take what it can, and cancels the rest if it
  /// must not rest. An order of the market is filled at once and as a whole.
  /// @returns the change, without fills if the order rests.
  order_change arrive(order& entry, const market_quote& market,
                      std::chrono::milliseconds now);

  /// Fills resting orders that the market has reached, and triggers stops.
  std::vector<order_change> advance(std::string_view instrument,
                                    const market_quote& market,
                                    std::chrono::milliseconds now);

  /// Fills a part of a resting order as the maker, whatever the market does.
  /// @pre the order is open and has that much left
  order_change trade_resting(order& entry, double amount, double price,
                             std::chrono::milliseconds now);

  /// Triggers a stop: another order with its label takes its place.
  /// @returns what changed with both.
  /// @pre `entry.state == order_state::untriggered`
  std::vector<order_change> trigger(order& entry, const market_quote& market,
                                    std::chrono::milliseconds now);

  /// Returns how much an order may trade without enlarging a position.
  double reducible(const order& entry) const;

private:
  std::vector<fill> take(order& entry, const market_quote& market,
                         std::chrono::milliseconds now);

  order_store& store_;
};

} // namespace zenws::sim
