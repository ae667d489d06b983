#pragma once

#include "exchange_sim/json_writer.hpp"
#include "exchange_sim/market.hpp"
#include "exchange_sim/position_ledger.hpp"

#include <vector>

namespace zenws::sim {

// Instruments and positions in Deribit's words.

void write_instrument(json_writer& out, const instrument_terms& what);

void write_instruments(json_writer& out,
                       const std::vector<instrument_terms>& what);

/// @param price the price at which the position could be closed
void write_position(json_writer& out, const position& what, double price);

} // namespace zenws::sim
