// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/kraken/kraken_call.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order.hpp"

namespace zenws::sim {

// Parameters of orders, in Kraken's manner (docs.kraken.com, "Add Order" and
// "Amend Order"). Both functions return false after they refused the request.

/// Reads the terms of a new order.
bool read_kraken_order(kraken_call& call, const market_quote& market,
                       order& out);

/// Reads the new terms of an order, whose amount is told as a whole.
bool read_kraken_amendment(kraken_call& call, const market_quote& market,
                           order& out);

} // namespace zenws::sim
