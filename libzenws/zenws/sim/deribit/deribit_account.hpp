// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/market/market.hpp"
#include "zenws/sim/orders/position_ledger.hpp"

#include <vector>

namespace zenws::sim {

// Instruments and positions in Deribit's words.

void write_instrument(json_writer& out, const instrument_terms& terms);

void write_instruments(json_writer& out,
                       const std::vector<instrument_terms>& all);

/// @param price the price at which the position could be closed
void write_position(json_writer& out, const position& held, double price);

} // namespace zenws::sim
