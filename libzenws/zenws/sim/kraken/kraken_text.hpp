// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace zenws::sim {

class instrument;

// Names and numbers as Kraken writes them.

/// Returns the pair that stands for an instrument of the market: `BTC/USD` for
/// `BTC-PERPETUAL`, `BTC/USDC` for `BTC_USDC-PERPETUAL`.
std::string kraken_symbol(std::string_view instrument);

/// Returns a price with as many decimals as the pair has.
std::string kraken_price(const instrument& item, int64_t ticks);

/// Returns an amount with eight decimals.
std::string kraken_amount(const instrument& item, int64_t lots);

/// Returns a time since the Unix epoch in the form of RFC 3339.
std::string kraken_time(std::chrono::microseconds time);

/// Returns the present time.
std::string kraken_now();

} // namespace zenws::sim
