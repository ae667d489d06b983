// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/deribit/deribit_call.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <string>

namespace zenws::sim {

/// The questions about orders and fills of an account, in Deribit's manner.
class deribit_order_queries {
public:
  explicit deribit_order_queries(const order_store& store) noexcept
    : store_(store) {
    // nop
  }

  /// A currency, a label or an instrument narrows the list. Stops that wait
  /// are in it.
  void get_open_orders(deribit_call& call, const std::string& account);

  /// Demands a currency and takes a label, as the venue does.
  void get_open_orders_by_currency(deribit_call& call,
                                   const std::string& account);

  void get_open_orders_by_instrument(deribit_call& call,
                                     const std::string& account);

  void get_order_state(deribit_call& call, const std::string& account);

  /// Tells open and closed orders of a label and a currency.
  void get_order_state_by_label(deribit_call& call, const std::string& account);

  /// docs.deribit.com: 10 trades by default, at most 1,000, the latest first
  /// unless `sorting` is `asc`.
  void get_user_trades_by_instrument(deribit_call& call,
                                     const std::string& account);

  /// Demands both ends of the time.
  void get_user_trades_by_instrument_and_time(deribit_call& call,
                                              const std::string& account);

private:
  const order_store& store_;
};

} // namespace zenws::sim
