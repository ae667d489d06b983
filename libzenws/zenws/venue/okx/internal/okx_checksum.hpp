// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>

namespace zenws::market {

class order_book;

} // namespace zenws::market

namespace zenws::internal {

/// Computes the checksum of a book of OKX: CRC-32 of the best 25 levels, bids
/// and asks in turn, each as "price:amount" with the digits that the venue sent
/// (okx.com/docs-v5, "Order book channel", "Checksum", until 2026).
uint32_t okx_checksum(const market::order_book& book);

} // namespace zenws::internal
