// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/shared_histogram.hpp"

#include <algorithm>
#include <numeric>

namespace zenws {

// -- duration_counts ----------------------------------------------------------

duration_counts&
duration_counts::operator+=(const duration_counts& other) noexcept {
  for (size_t i = 0; i < num_buckets; ++i)
    buckets[i] += other.buckets[i];
  sum += other.sum;
  return *this;
}

uint64_t duration_counts::count() const noexcept {
  return std::accumulate(buckets.begin(), buckets.end(), uint64_t{0});
}

// -- shared_histogram ---------------------------------------------------------

void shared_histogram::record(std::chrono::nanoseconds value) noexcept {
  auto counted = std::max(value, std::chrono::nanoseconds{0});
  auto& bounds = duration_counts::bounds;
  auto bucket = std::lower_bound(bounds.begin(), bounds.end(), counted);
  ++buckets_[static_cast<size_t>(bucket - bounds.begin())];
  sum_.add(static_cast<uint64_t>(counted.count()));
}

duration_counts shared_histogram::read() const noexcept {
  duration_counts result;
  std::ranges::transform(buckets_, result.buckets.begin(),
                         &shared_counter::get);
  result.sum = std::chrono::nanoseconds{static_cast<int64_t>(sum_.get())};
  return result;
}

} // namespace zenws
