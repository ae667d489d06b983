// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/update_list.hpp"

namespace zenws::internal {

/// Reads an answer of Binance to `exchangeInfo` (github.com/binance/
/// binance-spot-api-docs, "Exchange information"): the terms of instruments of
/// the spot market.
void read_binance_instruments(market_reader& in, market::update_list& out);

} // namespace zenws::internal
