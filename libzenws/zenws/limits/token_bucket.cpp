// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/limits/token_bucket.hpp"

#include "zenws/defaults.hpp"

#include <algorithm>
#include <numeric>

namespace zenws {

namespace {

using std::chrono::nanoseconds;

__extension__ using wide = __int128;

// The most that a bucket can owe, in tokens. Takes centuries to reach.
constexpr int64_t bucket_debt_ceiling = 1'000'000'000'000'000'000;

constexpr wide rounded_up(wide dividend, wide divisor) noexcept {
  return (dividend + divisor - 1) / divisor;
}

constexpr wide rounded_down(wide dividend, wide divisor) noexcept {
  return dividend >= 0 ? dividend / divisor : -rounded_up(-dividend, divisor);
}

uint64_t in_range(uint64_t tokens) noexcept {
  return std::clamp<uint64_t>(tokens, 1, token_bucket::ceiling);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

token_bucket::token_bucket(const token_bucket_config& cfg) noexcept
  : capacity_(in_range(cfg.capacity)) {
  auto refill = static_cast<int64_t>(in_range(cfg.refill));
  auto per = std::clamp<nanoseconds>(cfg.per, nanoseconds{1},
                                     defaults::rate_period_ceiling);
  auto common = std::gcd(refill, int64_t{per.count()});
  refill_ = refill / common;
  fractions_ = per.count() / common;
  level_ = wide{static_cast<int64_t>(capacity_)} * fractions_;
}

// -- properties ---------------------------------------------------------------

token_bucket::wide token_bucket::level_at(time_point now) const noexcept {
  if (now <= last_)
    return level_;
  auto nanos = [](time_point x) {
    return wide{nanoseconds{x.time_since_epoch()}.count()};
  };
  auto full = wide{static_cast<int64_t>(capacity_)} * fractions_;
  return std::min(full, level_ + (nanos(now) - nanos(last_)) * refill_);
}

int64_t token_bucket::available(time_point now) const noexcept {
  return static_cast<int64_t>(rounded_down(level_at(now), fractions_));
}

token_bucket::time_point token_bucket::ready_at(uint64_t cost,
                                                time_point now) const noexcept {
  auto needed = wide{static_cast<int64_t>(std::min(cost, capacity_))}
                * fractions_;
  auto missing = needed - level_at(now);
  if (missing <= 0)
    return now;
  auto from = std::max(now, last_);
  auto wait = rounded_up(missing, refill_);
  if (wait > nanoseconds{time_point::max() - from}.count())
    return time_point::max();
  return from + nanoseconds{static_cast<int64_t>(wait)};
}

// -- transitions --------------------------------------------------------------

void token_bucket::charge(uint64_t cost, time_point now) noexcept {
  auto tokens = wide{static_cast<int64_t>(std::min(cost, ceiling))};
  level_ = std::max(level_at(now) - tokens * fractions_,
                    -wide{bucket_debt_ceiling} * fractions_);
  last_ = std::max(last_, now);
}

} // namespace zenws
