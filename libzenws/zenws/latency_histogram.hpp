#pragma once

#include "zenws/fwd.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace zenws {

/// Counts latencies, so that their percentiles can be told at any time.
///
/// Buckets become wider as values grow (the idea of HdrHistogram): up to 63 µs
/// each value has its own, above that each power of two is cut into 32. Hence
/// what a percentile tells is off by at most 1/64. All of it takes 7.5 KiB,
/// however much is recorded; recording takes a few nanoseconds and neither
/// allocates nor fails. Not thread-safe: give each thread its own, then merge.
class latency_histogram {
public:
  // -- member types -----------------------------------------------------------

  using duration = std::chrono::microseconds;

  // -- constants --------------------------------------------------------------

  /// Largest latency that is told apart from larger ones: some 2.4 hours.
  static constexpr duration max_value{(int64_t{1} << 33) - 1};

  // -- properties -------------------------------------------------------------

  /// Number of latencies recorded.
  uint64_t count() const noexcept {
    return count_;
  }

  /// How many of them were negative or larger than `max_value`. They count as 0
  /// or `max_value`.
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

  // -- transitions ------------------------------------------------------------

  void record(duration latency) noexcept;

  /// Adds what another histogram has recorded.
  void merge(const latency_histogram& other) noexcept;

  /// Forgets everything.
  void reset() noexcept;

private:
  /// Cuts of each power of two, as a power of two itself.
  static constexpr unsigned cut_bits = 5;

  static constexpr unsigned value_bits = 33;

  static constexpr size_t num_buckets = (value_bits - cut_bits + 1) << cut_bits;

  static size_t bucket_of(uint64_t value) noexcept;

  static uint64_t middle_of(size_t bucket) noexcept;

  std::array<uint64_t, num_buckets> buckets_{};
  uint64_t count_ = 0;
  uint64_t clamped_ = 0;
  uint64_t sum_ = 0;
  uint64_t max_ = 0;
};

static_assert(sizeof(latency_histogram) <= 7'680);

} // namespace zenws
