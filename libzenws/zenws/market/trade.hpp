#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>

namespace zenws::market {

/// What the side that took the liquidity did.
enum class trade_direction : uint8_t { buy, sell };

struct trade {
  instrument_name instrument{};
  venue_time time{};

  /// What the venue counts the trades of an instrument by: `trade_seq`
  /// (Deribit), the id of a trade or of an aggregate trade (Binance).
  uint64_t sequence = 0;

  trade_direction direction = trade_direction::buy;
  decimal price{};
  decimal amount{};
};

} // namespace zenws::market
