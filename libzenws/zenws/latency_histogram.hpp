// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace zenws {

/// Summary of many latencies.
struct latency_summary {
  uint64_t count = 0;
  std::chrono::microseconds p50{0};
  std::chrono::microseconds p90{0};
  std::chrono::microseconds p99{0};
  std::chrono::microseconds p999{0};
  std::chrono::microseconds max{0};

  bool operator==(const latency_summary&) const noexcept = default;
};

/// Counts latencies, and returns their percentiles at any time.
///
/// Buckets become wider as values grow (the idea of HdrHistogram): up to 63 µs
/// each value has its own, above that each power of two is cut into 32. Hence a
/// percentile is off by at most 1/64. Memory grows with the largest latency,
/// not with their number: 1 KiB for 256 µs, 4 KiB for 1 s, at most 7.5 KiB. Not
/// thread-safe: give each thread its own, then merge.
class latency_histogram {
public:
  // -- member types -----------------------------------------------------------

  using duration = std::chrono::microseconds;

  // -- constants --------------------------------------------------------------

  /// Largest latency that is not clamped: some 2.4 hours.
  static constexpr duration max_value{(int64_t{1} << 33) - 1};

  // -- properties -------------------------------------------------------------

  /// Number of latencies recorded.
  uint64_t count() const noexcept {
    return count_;
  }

  /// Number of latencies that were negative or larger than `max_value`. They
  /// count as 0 or `max_value`.
  uint64_t clamped() const noexcept {
    return clamped_;
  }

  /// The largest latency, exactly, after clamping; 0 if there is none.
  duration max() const noexcept {
    return duration{static_cast<int64_t>(max_)};
  }

  /// The average, exactly, after clamping; 0 if there is none.
  std::chrono::duration<double, std::micro> mean() const noexcept;

  /// Returns the latency that `percent` of all latencies do not exceed (nearest
  /// rank), off by at most 1/64 but never above `max`. 0 if there is none.
  /// @param percent for example 99.9; limited to [0, 100].
  duration percentile(double percent) const noexcept;

  latency_summary summary() const noexcept;

  // -- transitions ------------------------------------------------------------

  /// Takes a few nanoseconds.
  void record(duration latency);

  /// Adds the latencies of another histogram.
  void merge(const latency_histogram& other);

  /// Removes all latencies.
  void reset() noexcept;

private:
  /// Cuts of each power of two, as a power of two itself.
  static constexpr unsigned cut_bits = 5;

  static size_t bucket_of(uint64_t value) noexcept;

  static uint64_t middle_of(size_t bucket) noexcept;

  std::vector<uint64_t> buckets_; // up to that of the largest latency
  uint64_t count_ = 0;
  uint64_t clamped_ = 0;
  uint64_t sum_ = 0;
  uint64_t max_ = 0;
};

} // namespace zenws
