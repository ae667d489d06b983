// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/events.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace zenws {

/// Figures of a running client that others may read at any time.
struct client_stats {
  std::atomic<client_state> state{client_state::disconnected};
  std::atomic<std::chrono::steady_clock::time_point> since{}; // in that state
  std::atomic<uint64_t> epoch{0};
  std::atomic<uint64_t> messages{0};

  /// The longest time for which the running incarnation has been ready, not
  /// counting the one that goes on.
  std::atomic<std::chrono::milliseconds> ready_for{
    std::chrono::milliseconds{0}};

  /// Returns the time since the client became ready, 0 if it is not.
  std::chrono::milliseconds up() const noexcept;

  /// Counts a time for which the client was ready. Only for the running
  /// incarnation.
  void was_ready_for(std::chrono::steady_clock::duration span) noexcept;
};

} // namespace zenws
