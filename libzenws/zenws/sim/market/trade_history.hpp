// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/market.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// A trade and its time since the Unix epoch.
struct past_trade {
  sim::trade trade;
  std::chrono::milliseconds time;
};

/// The latest trades of each instrument, for clients that missed some. Venues
/// have all of them.
class trade_history {
public:
  // -- constants --------------------------------------------------------------

  /// Of one instrument.
  static constexpr size_t max_trades = 10'000;

  // -- properties -------------------------------------------------------------

  /// Returns the trades with this number and later ones, the oldest first.
  std::vector<past_trade> since(std::string_view instrument, uint64_t sequence,
                                size_t limit) const;

  /// Returns the latest trades, the oldest first.
  std::vector<past_trade> latest(std::string_view instrument,
                                 size_t limit) const;

  // -- modifiers --------------------------------------------------------------

  /// @pre later trades have larger numbers
  void add(const std::string& instrument, const past_trade& x);

private:
  std::map<std::string, std::deque<past_trade>, std::less<>> trades_;
};

} // namespace zenws::sim
