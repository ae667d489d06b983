// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/market.hpp"
#include "zenws/sim/orders/order.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace zenws::sim {

/// The best prices of an instrument, each with its amount, and the units that
/// orders have. A price of 0 is none.
struct market_quote {
  double bid = 0;
  double bid_amount = 0;
  double ask = 0;
  double ask_amount = 0;
  /// Price of the latest trade.
  double last = 0;
  /// Smallest differences of prices and amounts; 0 for any.
  double tick = 0;
  double lot = 0;
};

/// Returns nothing if there is no such instrument.
using quote_fun
  = std::function<std::optional<market_quote>(std::string_view instrument)>;

/// Returns the quote of an instrument now.
market_quote quote_of(const instrument& item);

/// Returns the price at which a taker trades.
inline double touch_of(const market_quote& x, order_direction taker) noexcept {
  return taker == order_direction::buy ? x.ask : x.bid;
}

/// Returns the amount that a taker finds at that price.
inline double liquidity_of(const market_quote& x,
                           order_direction taker) noexcept {
  return taker == order_direction::buy ? x.ask_amount : x.bid_amount;
}

/// Returns whether an order with that limit can trade at once.
inline bool crosses(const market_quote& x, order_direction direction,
                    double limit) noexcept {
  auto touch = touch_of(x, direction);
  if (touch <= 0)
    return false;
  return direction == order_direction::buy ? limit >= touch : limit <= touch;
}

} // namespace zenws::sim
