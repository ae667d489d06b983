// SPDX-License-Identifier: BSD-3-Clause

#include "strategy.hpp"

namespace zenws::engine {

namespace {

// Weights of a new price: about the last 20 and the last 200 prices count.
constexpr double fast_weight = 2.0 / 21;
constexpr double slow_weight = 2.0 / 201;

// Averages closer than this share of the price are the same.
constexpr double dead_band = 1e-5;

} // namespace

stance moving_average_cross::observe(market::decimal bid,
                                     market::decimal ask) noexcept {
  auto mid = (bid.to_double() + ask.to_double()) / 2;
  if (samples_++ == 0) {
    fast_ = mid;
    slow_ = mid;
  }
  fast_ += (mid - fast_) * fast_weight;
  slow_ += (mid - slow_) * slow_weight;
  if (samples_ < warm_up)
    return stance::flat;
  auto distance = fast_ - slow_;
  if (distance > mid * dead_band)
    return stance::long_one;
  if (distance < -mid * dead_band)
    return stance::short_one;
  return stance::flat;
}

void moving_average_cross::reset() noexcept {
  samples_ = 0;
}

} // namespace zenws::engine
