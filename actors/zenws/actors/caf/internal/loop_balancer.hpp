// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <span>
#include <vector>

namespace zenws {

/// Spreads clients over I/O loops: each goes to where the least is to do.
///
/// Load is the CPU time of a loop since the last look at it, which is taken
/// when a client is placed. Those placed within a second of it count as much as
/// clients cost on average, so that a burst is spread as well; where none cost
/// anything, numbers decide. Clients stay where they are. May be used from any
/// thread.
class loop_balancer {
public:
  using clock = std::chrono::steady_clock;

  /// What a loop has done so far, and for how many.
  struct reading {
    std::chrono::nanoseconds cpu_time{0};
    size_t residents = 0;
  };

  /// Shortest time over which load is measured.
  static constexpr std::chrono::milliseconds span{1'000};

  /// Returns the loop for one more client.
  /// @param loops always the same, at least one.
  size_t choose(std::span<const reading> loops, clock::time_point now);

private:
  struct load {
    std::chrono::nanoseconds cpu_time{0}; // at the last look
    double share = 0;                     // of a core, before it
    size_t placed = 0;                    // since then
  };

  void look(std::span<const reading> loops, clock::time_point now);

  std::mutex mtx_;
  std::vector<load> loads_;
  clock::time_point last_look_{};
  double share_of_one_ = 0;
};

} // namespace zenws
