// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"
#include "zenws/shared_counter.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace zenws {

/// Durations as counted by a `shared_histogram`, which can be added up.
struct duration_counts {
  /// Upper limits of all buckets but the last, which has none.
  static constexpr std::array<std::chrono::nanoseconds, 13> bounds{
    std::chrono::microseconds{10},   std::chrono::microseconds{30},
    std::chrono::microseconds{100},  std::chrono::microseconds{300},
    std::chrono::milliseconds{1},    std::chrono::milliseconds{3},
    std::chrono::milliseconds{10},   std::chrono::milliseconds{30},
    std::chrono::milliseconds{100},  std::chrono::milliseconds{300},
    std::chrono::milliseconds{1000}, std::chrono::milliseconds{3000},
    std::chrono::milliseconds{10000}};

  static constexpr size_t num_buckets = bounds.size() + 1;

  duration_counts& operator+=(const duration_counts& other) noexcept;

  /// Number of all durations.
  uint64_t count() const noexcept;

  /// Durations of each bucket, its upper limit included.
  std::array<uint64_t, num_buckets> buckets{};

  /// Sum of all durations.
  std::chrono::nanoseconds sum{0};
};

/// Counts durations in a few fixed buckets; one thread records, any thread
/// reads. For monitoring: `latency_histogram` has the finer percentiles.
class shared_histogram {
public:
  /// Takes a few nanoseconds. A negative duration counts as 0.
  void record(std::chrono::nanoseconds value) noexcept;

  /// A duration that is recorded meanwhile may be in the buckets and not in the
  /// sum.
  duration_counts read() const noexcept;

private:
  std::array<shared_counter, duration_counts::num_buckets> buckets_;
  shared_counter sum_;
};

} // namespace zenws
