// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/trade.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <cstdint>

namespace zenws::internal {

/// The trades of one instrument: finds repeated and missing ones, as far as the
/// numbers of the venue show them.
class followed_trades {
public:
  // -- member types -----------------------------------------------------------

  enum class verdict : uint8_t {
    deliver,
    /// Delivered before.
    drop,
    /// Others are missing between the last one and this one.
    gap_before,
  };

  // -- constructors, destructors, and assignment operators --------------------

  explicit followed_trades(trade_numbering numbering) noexcept
    : numbering_(numbering) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  /// Returns the gap between the last trade and this one.
  market::trade_gap gap_before(const market::trade& next) const noexcept;

  /// Returns whether the numbers tell which ones are missing before this one.
  bool has_bounds(const market::trade& next) const noexcept;

  // -- transitions ------------------------------------------------------------

  /// Judges the next trade.
  verdict judge(const market::trade& x) const noexcept;

  /// A trade is delivered, whatever is missing before it.
  void delivered(const market::trade& x) noexcept;

  /// Some may have been lost, without any numbers that would show it.
  void doubt() noexcept {
    doubtful_ = known_;
  }

  /// Another connection goes on: it may repeat the last ones.
  void overlap() noexcept {
    overlaps_ = known_;
  }

private:
  trade_numbering numbering_;
  bool known_ = false;
  bool doubtful_ = false;
  bool overlaps_ = false;
  uint64_t last_ = 0;
  market::venue_time time_{};
};

} // namespace zenws::internal
