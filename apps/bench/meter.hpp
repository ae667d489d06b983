// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "comparison.hpp"

#include <chrono>
#include <cstdint>

namespace zenws::bench {

/// Resources of the whole process between two moments: time, CPU of all threads
/// and allocations. Start and stop may be on different threads.
class meter {
public:
  void start();

  void stop();

  double seconds() const noexcept;

  /// CPU in use, as a share of one core.
  double cpu_share() const noexcept;

  double allocations_per(uint64_t count) const noexcept;

  /// The figures of a throughput, for `messages` messages.
  sample per_message(uint64_t messages) const;

private:
  struct reading {
    std::chrono::steady_clock::time_point time;
    double cpu_seconds = 0;
    uint64_t allocations = 0;
  };

  static reading now();

  reading begin_;
  reading end_;
};

} // namespace zenws::bench
