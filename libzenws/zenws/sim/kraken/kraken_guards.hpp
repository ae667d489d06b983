// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/orders/order_feed.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <map>
#include <string>

namespace zenws::sim {

/// The countdowns of `cancel_all_orders_after`: one for each account, whatever
/// becomes of its connections.
class kraken_guards {
public:
  kraken_guards(boost::asio::io_context::executor_type executor,
                const kraken_config& cfg, order_store& store,
                order_feed& events) noexcept
    : executor_(executor), cfg_(cfg), store_(store), events_(events) {
    // nop
  }

  /// Starts the countdown anew; 0 stops it.
  void set(const std::string& account, std::chrono::seconds timeout);

  /// Stops all of them.
  void stop() {
    timers_.clear();
  }

private:
  void expired(const std::string& account);

  boost::asio::io_context::executor_type executor_;
  const kraken_config& cfg_;
  order_store& store_;
  order_feed& events_;
  std::map<std::string, loop_timer> timers_;
};

} // namespace zenws::sim
