// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/exact_sum.hpp"
#include "zenws/trading/order_event.hpp"

#include <cstddef>
#include <optional>

namespace zenws::trading {

/// What orders that are not over may still trade, in exact sums that each order
/// is added to and removed from.
class open_amounts {
public:
  // -- properties -------------------------------------------------------------

  size_t orders() const noexcept {
    return orders_;
  }

  /// Returns what all buys together are not filled yet. Nothing if the sum does
  /// not fit a decimal, or did not at any time.
  std::optional<market::decimal> buys() const noexcept {
    return buys_.value();
  }

  std::optional<market::decimal> sells() const noexcept {
    return sells_.value();
  }

  // -- transitions ------------------------------------------------------------

  void add(const order& x) noexcept {
    add(x.terms.side, x.terms.amount, x.filled);
  }

  /// @param amount as a whole
  void add(order_side side, market::decimal amount,
           market::decimal filled) noexcept {
    ++orders_;
    if (filled >= amount)
      return;
    auto& sum = sum_of(side);
    sum.add(amount);
    sum.subtract(filled);
  }

  /// @pre it was added, with these amounts
  void remove(const order& x) noexcept {
    remove(x.terms.side, x.terms.amount, x.filled);
  }

  void remove(order_side side, market::decimal amount,
              market::decimal filled) noexcept {
    --orders_;
    if (filled >= amount)
      return;
    auto& sum = sum_of(side);
    sum.subtract(amount);
    sum.add(filled);
  }

private:
  market::exact_sum& sum_of(order_side side) noexcept {
    return side == order_side::buy ? buys_ : sells_;
  }

  market::exact_sum buys_;
  market::exact_sum sells_;
  size_t orders_ = 0;
};

} // namespace zenws::trading
