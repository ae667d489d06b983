// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_market_data.hpp"
#include "zenws/sim/clocks.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/net/sliding_window.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The market as Binance's WebSocket API sees it.
struct binance_market {
  /// Returns the instrument of a symbol, nothing if there is none.
  std::function<std::optional<std::string>(std::string_view)> instrument;
  /// Returns the price at which a market order trades.
  std::function<std::optional<double>(std::string_view, order_direction)> touch;
  /// Answers public requests; nothing for an API of orders alone.
  std::optional<binance_market_data> data{};
};

/// Result of a request.
struct binance_api_outcome {
  std::string answer;
  /// Orders that are new or changed.
  std::vector<order> orders;
};

/// One session of Binance's WebSocket API: `ping`, `time`, `order.place`,
/// `order.cancel`, `order.status`, `openOrders.status`, and the requests of
/// `binance_market_data`. Requests about an account are signed by HMAC;
/// there is no `session.logon`.
///
/// Pure: text and time in, text out.
class binance_api {
public:
  binance_api(const server_config& cfg, order_store& orders,
              uint64_t connection, binance_market around);

  /// Answers one request or any other message of the client.
  binance_api_outcome handle(std::string_view text, const moment& now);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error,
                      const moment& now) const;

private:
  struct call;

  void dispatch(call& command);
  void tell_market(call& command, std::string_view method) const;
  const account_config* authorize(call& command) const;
  void place(call& command, const std::string& account);
  void cancel(call& command, const std::string& account);
  void status(call& command, const std::string& account);
  void open_orders(call& command, const std::string& account);
  bool read_terms(call& command, order& out) const;
  order* find_order(call& command, const std::string& account);

  const server_config& cfg_;
  order_store& orders_;
  uint64_t connection_;
  binance_market market_;
  sliding_window weight_;
};

} // namespace zenws::sim
