// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"

#include <cstdint>

namespace zenws::engine {

/// Position that a strategy wants to hold.
enum class stance : uint8_t { flat, long_one, short_one };

/// Two moving averages of the mid price: long while the fast one is above the
/// slow one, short while it is below. Made to show the plumbing, not to earn.
class moving_average_cross {
public:
  /// Prices to see before the averages mean anything.
  static constexpr uint64_t warm_up = 200;

  /// Handles a new price. Returns the position to hold now.
  stance observe(market::decimal bid, market::decimal ask) noexcept;

  /// Prices were missed: starts again.
  void reset() noexcept;

private:
  uint64_t samples_ = 0;
  double fast_ = 0;
  double slow_ = 0;
};

} // namespace zenws::engine
