// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/deribit/deribit_call.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order.hpp"

namespace zenws::sim {

// Parameters of orders, in Deribit's manner (docs.deribit.com, private/buy and
// private/edit). Both functions return false after they answered with an error.

/// Reads the terms of a new order.
/// @pre `out` has a direction.
bool read_new_order(deribit_call& call, const quote_fun& quote, order& out);

/// Reads the new terms of an order, whose amount is told as a whole.
bool read_amendment(deribit_call& call, const market_quote& market, order& out);

} // namespace zenws::sim
