// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "strategy.hpp"

#include "zenws/market/decimal.hpp"

#include <cstdint>

namespace zenws::engine {

/// Trades on paper: buys at the best ask, sells at the best bid, pays no fees.
class paper_account {
public:
  /// Contracts held; negative if short.
  int position() const noexcept {
    return position_;
  }

  /// Profit or loss if the position were closed at the last mid price. For
  /// people, hence no `decimal`.
  double pnl() const noexcept {
    return cash_ + position_ * mid_;
  }

  /// The price moved and the strategy wants to hold `target`.
  /// @returns the contracts bought, negative if sold.
  int trade(stance target, market::decimal bid, market::decimal ask) noexcept;

  /// Trades that many contracts, negative to sell.
  void trade(int contracts, market::decimal bid, market::decimal ask) noexcept;

  /// Undoes a trade, at the last mid price.
  void take_back(int contracts) noexcept;

  /// Holds that many contracts, bought at the mid price.
  void hold(int contracts) noexcept;

private:
  int position_ = 0;
  double cash_ = 0;
  double mid_ = 0; // 0 before the first
};

} // namespace zenws::engine
