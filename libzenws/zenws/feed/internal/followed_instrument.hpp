// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/feed/internal/followed_book.hpp"
#include "zenws/feed/internal/followed_trades.hpp"
#include "zenws/feed/market_feed.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace zenws {

/// What is known about one instrument.
struct market_feed::followed_instrument {
  market::data_kinds wanted{};

  std::optional<internal::followed_book> book{};

  internal::followed_trades trades;

  /// A question for trades that are missing.
  struct missing_trades {
    uint64_t token;
    market::trade_gap gap;
    time_point due;
    int rounds;
  };

  std::optional<missing_trades> missing{};

  /// Trades that came after those that are missing.
  std::vector<market::trade> held{};

  std::optional<market::instrument_state> terms{};
};

} // namespace zenws
