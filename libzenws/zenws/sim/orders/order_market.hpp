// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/market_feed.hpp"
#include "zenws/sim/orders/order_feed.hpp"
#include "zenws/sim/orders/order_store.hpp"

namespace zenws::sim {

/// Lets the orders of clients follow the market, on whatever venue they are.
class order_market final : public market_reporter {
public:
  /// @pre all live as long as the market is running
  order_market(market_feed& feed, order_store& orders, order_feed& events);

  /// Starts the market if there are orders that follow it.
  void orders_changed();

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  market_feed& feed_;
  order_store& orders_;
  order_feed& events_;
  bool is_over_ = false;
};

} // namespace zenws::sim
