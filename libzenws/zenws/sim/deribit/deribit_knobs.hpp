// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/deribit/deribit_call.hpp"
#include "zenws/sim/orders/order_knobs.hpp"

#include <string_view>
#include <utility>

namespace zenws::sim {

/// The knobs as methods in Deribit's manner.
class deribit_knobs {
public:
  deribit_knobs(order_store& store, quote_fun quote)
    : knobs_(store, std::move(quote)) {
    // nop
  }

  void fill_order(deribit_call& call);

  void trigger_order(deribit_call& call);

  void follow_market(deribit_call& call);

  void tell_fills(deribit_call& call);

private:
  void turn(deribit_call& call, std::string_view name);

  order_knobs knobs_;
};

} // namespace zenws::sim
