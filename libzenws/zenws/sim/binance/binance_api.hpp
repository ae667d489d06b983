// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_call.hpp"
#include "zenws/sim/binance/binance_login.hpp"
#include "zenws/sim/binance/binance_market_data.hpp"
#include "zenws/sim/binance/binance_trading.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/net/sliding_window.hpp"
#include "zenws/sim/orders/order_knobs.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::sim {

/// The market as Binance's WebSocket API sees it.
struct binance_market {
  symbol_fun instrument;
  /// Returns the price at which a market order trades.
  std::function<std::optional<double>(std::string_view, order_direction)> touch;
  /// Answers public requests; nothing for an API of orders alone.
  std::optional<binance_market_data> data{};
  /// Returns the best prices. Without one, `touch` is all there is.
  quote_fun quote{};
};

/// One session of Binance's WebSocket API: `ping`, `time`, the requests of
/// `binance_market_data` and `binance_trading`, sessions
/// (`session.logon` and the like), subscriptions to the events of accounts
/// (`userDataStream.subscribe` and the like), and `order_knobs`.
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

  const std::vector<binance_subscription>& subscriptions() const noexcept {
    return subscriptions_;
  }

  /// Ends all subscriptions.
  std::vector<binance_subscription> end_subscriptions() {
    return std::exchange(subscriptions_, {});
  }

private:
  struct method;

  static const method* find_method(std::string_view name);

  void dispatch(binance_call& call);
  void tell_market(binance_call& call, std::string_view name) const;
  void turn_knob(binance_call& call, std::string_view name);

  template <auto Method>
  void trade(binance_call& call);

  // -- sessions ---------------------------------------------------------------

  void ping(binance_call& call);
  void tell_time(binance_call& call);
  void log_on(binance_call& call);
  void log_out(binance_call& call);
  void tell_session(binance_call& call);

  // -- subscriptions ----------------------------------------------------------

  void subscribe(binance_call& call);
  void subscribe_signed(binance_call& call);
  void start(binance_call& call, const account_config& account);
  void unsubscribe(binance_call& call);
  void list_subscriptions(binance_call& call);

  const server_config& cfg_;
  binance_market market_;
  sliding_window weight_;
  binance_login login_;
  binance_trading trading_;
  order_knobs knobs_;
  std::vector<binance_subscription> subscriptions_;
  int64_t next_subscription_ = 0;
  std::optional<int64_t> of_session_; // number of the session's subscription
};

} // namespace zenws::sim
