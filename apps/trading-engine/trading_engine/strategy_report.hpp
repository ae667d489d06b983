// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "traded_market.hpp"

#include "zenws/market/quote.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zenws::engine {

/// How one instrument at one venue stands for a strategy.
struct instrument_report {
  market_key key;
  std::optional<market::price_level> bid{};
  std::optional<market::price_level> ask{};
  trading::desk_state state = trading::desk_state::disconnected;
  std::optional<market::decimal> position{};
  size_t open_orders = 0;
};

/// How a strategy stands: told to the observer each second.
struct strategy_report {
  std::string name;
  std::vector<instrument_report> markets{};

  /// Updates of market data since the start of the strategy.
  uint64_t updates = 0;

  /// Orders that a desk has taken, and those that it has refused.
  uint64_t placed = 0;
  uint64_t refused = 0;

  uint64_t fills = 0;

  /// Why nothing is traded, or what was refused last; may be empty.
  std::string hindrance{};
};

/// Returns how one instrument stands, now.
instrument_report report_of(const traded_market& x);

/// Returns a report as a part of a line for people.
std::string to_text(const strategy_report& x);

} // namespace zenws::engine

ZENWS_LOCAL_MESSAGE(2963, zenws::engine::strategy_report)
