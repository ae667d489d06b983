// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace zenws::bench {

/// The instruments of the simulator that the bench runs.
std::vector<std::string> market_instruments();

/// Channels of these instruments: books, trades and tickers.
/// @pre `count` is at most six times the number of instruments
std::vector<std::string> market_channels(size_t count);

} // namespace zenws::bench
