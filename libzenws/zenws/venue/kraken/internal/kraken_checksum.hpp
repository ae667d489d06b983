// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"
#include "zenws/market/order_book.hpp"

#include <cstdint>

namespace zenws::internal {

/// Computes the checksum that Kraken would send for a book: the CRC-32 of the
/// digits of the ten best asks and then of the ten best bids, price and amount
/// each without its point and without leading zeros
/// (docs.kraken.com/exchange/guides/websockets/book-checksum-v2).
uint32_t kraken_checksum(const market::order_book& book);

} // namespace zenws::internal
