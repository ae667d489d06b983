// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/channel_list.hpp"
#include "zenws/sim/market/market_feed.hpp"
#include "zenws/sim/orders/order_feed.hpp"
#include "zenws/sim/orders/order_matcher.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace zenws::sim {

/// The market in Deribit's words: `book`, `trades` and `ticker` channels, and
/// the orders of clients that trade with it.
class deribit_feed final : public market_reporter {
public:
  explicit deribit_feed(market_feed& feed);

  /// Returns whether there is such a channel.
  bool knows(std::string_view channel) const;

  /// Adds a subscriber; to a book channel it gets the snapshot at once.
  /// @pre `knows(channel)`
  void subscribe(const std::string& channel, connection& subscriber);

  void unsubscribe(const std::string& channel, connection& subscriber);

  // -- orders -----------------------------------------------------------------

  /// Lets the orders of clients follow the market until it stops.
  /// @pre both live as long as the market is running
  void attach(order_store& orders, order_feed& events) noexcept {
    orders_ = &orders;
    order_events_ = &events;
  }

  /// Starts the market if there are orders that follow it.
  void orders_changed();

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  bool has_orders() const noexcept;
  void match(const instrument& item, std::chrono::milliseconds now);

  order_store* orders_ = nullptr;
  order_feed* order_events_ = nullptr;
  market_feed& feed_;
  channel_list channels_;
};

} // namespace zenws::sim
