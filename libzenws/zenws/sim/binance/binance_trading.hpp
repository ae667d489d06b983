// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_balances.hpp"
#include "zenws/sim/binance/binance_call.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_matcher.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// Returns the instrument of a symbol, nothing if there is none.
using symbol_fun
  = std::function<std::optional<std::string>(std::string_view symbol)>;

/// The requests about orders of one session of Binance's WebSocket API
/// (web-socket-api.md, "Trading requests" and "Account requests"), each for an
/// account. There are no stops and no lists of orders.
class binance_trading {
public:
  binance_trading(order_store& store, uint64_t connection,
                  symbol_fun instrument, quote_fun quote);

  // -- orders -----------------------------------------------------------------

  void place(binance_call& call, const std::string& account);

  void cancel(binance_call& call, const std::string& account);

  void cancel_all(binance_call& call, const std::string& account);

  /// `order.amend.keepPriority`
  void amend(binance_call& call, const std::string& account);

  // -- questions --------------------------------------------------------------

  void status(binance_call& call, const std::string& account);

  void open_orders(binance_call& call, const std::string& account);

  /// `myTrades`
  void trades(binance_call& call, const std::string& account);

  /// `account.status`, with the currencies of the account's orders.
  void balances(binance_call& call, const std::string& account);

private:
  struct refusal {
    int64_t code;
    const char* message;
  };

  bool read_terms(binance_call& call, order& out) const;
  bool read_type(binance_call& call, order& out) const;
  bool admit(binance_call& call, const order& draft);
  bool reject(binance_call& call, const order& draft, const char* reason,
              const char* message);
  void arrive(binance_call& call, order& entry);
  void close(binance_call& call, order& entry, std::string_view name);
  order* find_order(binance_call& call, const std::string& account,
                    refusal absence);

  order_store& store_;
  order_matcher matcher_;
  uint64_t connection_;
  symbol_fun instrument_;
  quote_fun quote_;
  binance_balances balances_;
};

} // namespace zenws::sim
