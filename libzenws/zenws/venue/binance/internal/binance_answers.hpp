// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/trading/account_update.hpp"

#include <cstdint>

/// @file
/// Reads answers of Binance's WebSocket API, spot and USD-M.

namespace zenws::internal {

/// How a question has named its order.
enum class binance_naming : uint8_t { by_client_id, by_venue_id };

/// Reads answers about one order or several: an object or an array.
///
/// An order that was asked for by the venue's id has no client id afterwards:
/// what the answer tells may be that of its cancellation.
void read_binance_orders(market_reader& in, binance_naming naming,
                         trading::account_updates& out);

/// Reads an answer to `myTrades`.
void read_binance_fills(market_reader& in, trading::account_updates& out);

/// Reads an answer to `v2/account.position`. It has nothing about an instrument
/// without position and orders: that is a position of 0.
void read_binance_position(market_reader& in,
                           const market::instrument_name& about,
                           trading::account_updates& out);

} // namespace zenws::internal
