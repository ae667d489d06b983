// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/fill.hpp"
#include "zenws/sim/orders/order_change.hpp"

#include <vector>

namespace zenws::sim {

// Orders and trades in Deribit's words.

/// docs.deribit.com, private/get_order_state.
void write_order(json_writer& out, const order& x);

void write_orders(json_writer& out, const std::vector<order>& xs);

/// docs.deribit.com, private/get_user_trades_by_instrument.
void write_fill(json_writer& out, const fill& x);

void write_fills(json_writer& out, const std::vector<fill>& xs);

/// Writes canceled orders by instrument, stops apart from others: the answer to
/// `detailed` (docs.deribit.com, "Detailed response for cancel methods").
void write_cancellations(json_writer& out, const std::vector<order_change>& xs);

} // namespace zenws::sim
