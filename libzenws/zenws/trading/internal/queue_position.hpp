// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/venue_time.hpp"

namespace zenws::internal {

/// The amount that is ahead of an order at its price. Never too small: what
/// leaves the queue is taken to have been behind the order for as long as that
/// is possible.
class queue_position {
public:
  // -- constructors, destructors, and assignment operators --------------------

  queue_position() = default;

  explicit queue_position(market::decimal ahead) noexcept : ahead_(ahead) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  market::decimal ahead() const noexcept {
    return ahead_;
  }

  // -- transitions ------------------------------------------------------------

  /// The book has this amount at the price.
  void level_is(market::decimal amount, market::venue_time time) noexcept;

  /// Somebody has traded with the queue.
  /// @returns what is left of the trade for the order.
  market::decimal traded(market::decimal amount,
                         market::venue_time time) noexcept;

  /// The price was traded through: nobody is ahead any more.
  void passed() noexcept;

private:
  market::decimal ahead_{};

  // What the book has shown to be gone, last at that time: trades until then
  // may be the cause, and are told apart from the book.
  market::decimal gone_{};
  market::venue_time gone_at_{};
};

} // namespace zenws::internal
