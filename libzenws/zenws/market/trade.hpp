// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <string_view>

namespace zenws::market {

/// Direction of the side that took the liquidity.
enum class trade_direction : uint8_t { buy, sell };

/// Cause of a trade; `regular` if two orders met.
enum class trade_kind : uint8_t {
  regular,
  /// The venue closed a position of one side, or of both.
  liquidation,
  /// The venue's own fund took over a position (Binance).
  insurance_fund,
  /// Agreed on outside the book (Deribit).
  block,
  /// The venue marks it in a way that zenws does not know.
  other,
};

/// Returns the name of the enumerator.
std::string_view to_string(trade_kind value) noexcept;

struct trade {
  instrument_name instrument{};
  venue_time time{};

  /// The venue's number of a trade within its instrument: `trade_seq`
  /// (Deribit), the id of a trade or of an aggregate trade (Binance).
  uint64_t sequence = 0;

  trade_kind kind = trade_kind::regular;
  trade_direction direction = trade_direction::buy;
  decimal price{};
  decimal amount{};
};

} // namespace zenws::market
