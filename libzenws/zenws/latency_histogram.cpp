// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace zenws {

namespace {

uint64_t saturated_sum(uint64_t x, uint64_t y) noexcept {
  auto result = x + y;
  return result >= x ? result : std::numeric_limits<uint64_t>::max();
}

} // namespace

// -- buckets ------------------------------------------------------------------
//
// With 32 cuts, bucket n holds the value n for n < 64. The buckets 64 to 95
// hold two values each (64 and 65, 66 and 67, ...), 96 to 127 hold four, and so
// on.

size_t latency_histogram::bucket_of(uint64_t value) noexcept {
  auto bits = static_cast<unsigned>(std::bit_width(value));
  auto shift = bits > cut_bits ? bits - cut_bits - 1 : 0;
  return (static_cast<size_t>(shift) << cut_bits)
         + static_cast<size_t>(value >> shift);
}

uint64_t latency_histogram::middle_of(size_t bucket) noexcept {
  constexpr size_t exact = size_t{2} << cut_bits;
  if (bucket < exact)
    return bucket;
  auto shift = (bucket >> cut_bits) - 1;
  auto first = static_cast<uint64_t>(bucket - (shift << cut_bits)) << shift;
  return first + (uint64_t{1} << shift) / 2;
}

// -- properties ---------------------------------------------------------------

std::chrono::duration<double, std::micro>
latency_histogram::mean() const noexcept {
  using result_type = std::chrono::duration<double, std::micro>;
  if (count_ == 0)
    return result_type{0};
  return result_type{static_cast<double>(sum_) / static_cast<double>(count_)};
}

latency_histogram::duration
latency_histogram::percentile(double percent) const noexcept {
  // Also cures NaN, which compares false to everything.
  auto share = percent >= 0 ? std::min(percent, 100.0) / 100 : 0.0;
  auto rank = std::max(std::ceil(share * static_cast<double>(count_)), 1.0);
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (static_cast<double>(seen) >= rank)
      return duration{static_cast<int64_t>(std::min(middle_of(i), max_))};
  }
  return max();
}

latency_summary latency_histogram::summary() const noexcept {
  return {count_,         percentile(50),   percentile(90),
          percentile(99), percentile(99.9), max()};
}

// -- transitions --------------------------------------------------------------

void latency_histogram::record(duration latency) {
  auto in_range = std::clamp(latency, duration{0}, max_value);
  if (in_range != latency)
    ++clamped_;
  auto value = static_cast<uint64_t>(in_range.count());
  auto bucket = bucket_of(value);
  if (bucket >= buckets_.size())
    buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  sum_ = saturated_sum(sum_, value);
  max_ = std::max(max_, value);
}

void latency_histogram::merge(const latency_histogram& other) {
  buckets_.resize(std::max(buckets_.size(), other.buckets_.size()));
  for (size_t i = 0; i < other.buckets_.size(); ++i)
    buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  clamped_ += other.clamped_;
  sum_ = saturated_sum(sum_, other.sum_);
  max_ = std::max(max_, other.max_);
}

void latency_histogram::reset() noexcept {
  *this = {};
}

} // namespace zenws
