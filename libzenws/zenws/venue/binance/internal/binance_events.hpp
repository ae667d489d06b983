// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/trading/account_update.hpp"

#include <cstdint>
#include <string_view>

namespace zenws::internal {

/// Kind of an event in a user data stream of Binance.
enum class binance_event : uint8_t {
  /// Nothing that is read.
  other,
  spot_order,
  spot_balances,
  futures_order,
  futures_account,
};

binance_event binance_event_of(std::string_view name) noexcept;

/// Reads an event without its envelope.
void read_binance_event(market_reader& in, binance_event kind,
                        trading::account_updates& out);

} // namespace zenws::internal
