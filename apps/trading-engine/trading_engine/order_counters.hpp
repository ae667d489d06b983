// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>

namespace zenws::engine {

/// Counts of orders since the start.
struct order_counters {
  /// Those that may have left: sent and not certainly kept back.
  uint64_t sent = 0;
  /// The venue has, or had, the order.
  uint64_t acked = 0;
  uint64_t refused = 0;
  /// Sent, and never arrived at the venue.
  uint64_t absent = 0;
  /// Orders whose outcome is open now, without an answer.
  uint64_t unknown = 0;
  /// Orders whose outcome was open for a while.
  uint64_t ever_unknown = 0;

  /// Orders of unknown outcome.
  uint64_t open() const noexcept {
    return sent - acked - refused - absent;
  }
};

} // namespace zenws::engine
