// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>

namespace zenws::sim {

/// Returns the time since the Unix epoch.
template <class Duration = std::chrono::milliseconds>
Duration wall_clock() {
  return std::chrono::duration_cast<Duration>(
    std::chrono::system_clock::now().time_since_epoch());
}

/// The time of a request.
struct moment {
  std::chrono::steady_clock::time_point steady;
  /// Since the Unix epoch.
  std::chrono::milliseconds wall;
};

/// Returns the present time.
inline moment read_clocks() {
  return {std::chrono::steady_clock::now(), wall_clock()};
}

} // namespace zenws::sim
