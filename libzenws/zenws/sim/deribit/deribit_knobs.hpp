// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/deribit/deribit_call.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_matcher.hpp"
#include "zenws/sim/orders/order_store.hpp"

namespace zenws::sim {

/// Methods that the venue does not have, for tests: `sim/...`. They need no
/// login and concern the orders of all accounts.
class deribit_knobs {
public:
  deribit_knobs(order_store& store, quote_fun quote);

  /// `sim/fill_order`: fills the latest open order with that `order_id` or
  /// `label`, by `amount` at `price`, or all of it at its own price.
  void fill_order(deribit_call& call);

  /// `sim/trigger_order`: triggers the latest stop with that `order_id` or
  /// `label`.
  void trigger_order(deribit_call& call);

  /// `sim/follow_market`: whether limit orders trade with the market and stops
  /// follow it, by `enabled`.
  void follow_market(deribit_call& call);

  /// `sim/tell_fills`: `mode` is `once`, `twice` or `held`.
  void tell_fills(deribit_call& call);

private:
  order* find(deribit_call& call, order_state state);

  order_store& store_;
  order_matcher matcher_;
  quote_fun quote_;
};

} // namespace zenws::sim
