// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/limits/rate_limiter.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

// References for the meters of zenws, too slow and too simple to be wrong.

using rate_time = zenws::rate_limiter::time_point;

using std::chrono::nanoseconds;

/// A bucket that looks at each nanosecond.
class bucket_model {
public:
  using config = zenws::token_bucket_config;

  bucket_model(const config& cfg, rate_time now)
    : capacity_(static_cast<int64_t>(cfg.capacity) * cfg.per.count()),
      refill_(static_cast<int64_t>(cfg.refill)),
      per_(cfg.per.count()),
      level_(capacity_),
      now_(now) {
    // nop
  }

  static config random_config(std::mt19937_64& rng) {
    return {1 + rng() % 20, 1 + rng() % 12, nanoseconds{1 + rng() % 40}};
  }

  bool can_take(uint64_t cost, rate_time now) {
    for (; now_ < now; now_ += nanoseconds{1})
      level_ = std::min(level_ + refill_, capacity_);
    return level_ >= static_cast<int64_t>(cost) * per_;
  }

  void take(uint64_t cost, rate_time now) {
    can_take(cost, now);
    level_ -= static_cast<int64_t>(cost) * per_;
  }

private:
  int64_t capacity_;
  int64_t refill_;
  int64_t per_;
  int64_t level_;
  rate_time now_;
};

/// A window that remembers each unit ever taken. A unit is booked one period
/// after the one that is `limit` units older, or now.
class window_model {
public:
  using config = zenws::rolling_window_config;

  window_model(const config& cfg, rate_time) : cfg_(cfg) {
    // nop
  }

  static config random_config(std::mt19937_64& rng) {
    return {1 + rng() % 20, nanoseconds{1 + rng() % 60}};
  }

  bool can_take(uint64_t cost, rate_time now) {
    auto after = units_;
    for (uint64_t i = 0; i < cost; ++i)
      book(after, now);
    return cost == 0 ? in_debt_until() <= now : after.back() <= now;
  }

  void take(uint64_t cost, rate_time now) {
    for (uint64_t i = 0; i < cost; ++i)
      book(units_, now);
  }

private:
  rate_time in_debt_until() const {
    return units_.empty() ? rate_time{} : units_.back();
  }

  void book(std::vector<rate_time>& units, rate_time now) const {
    auto limit = static_cast<size_t>(cfg_.limit);
    if (units.size() >= limit)
      now = std::max(now, units[units.size() - limit] + cfg_.period);
    units.push_back(now);
  }

  config cfg_;
  std::vector<rate_time> units_;
};

/// Checks whether a meter does the same as its model in a random sequence.
template <class Meter, class Model>
bool agrees(uint64_t seed) {
  std::mt19937_64 rng{seed};
  auto cfg = Model::random_config(rng);
  rate_time now{std::chrono::hours{1}};
  Meter uut{cfg};
  Model model{cfg, now};
  for (int i = 0; i < 40; ++i) {
    now += nanoseconds{rng() % 3 == 0 ? 0 : rng() % 50};
    auto cost = rng() % (uut.capacity() + 1);
    auto ready = uut.ready_at(cost, now);
    auto limit = now + std::chrono::milliseconds{1};
    auto expected = now;
    // The model must not see the future, so a copy looks for the time.
    for (auto copy = model; expected < limit; expected += nanoseconds{1})
      if (copy.can_take(cost, expected))
        break;
    if (ready != expected)
      return false;
    if (rng() % 4 == 0) { // a pong: does not ask, may be more than fits
      cost = rng() % (2 * uut.capacity() + 1);
    } else if (rng() % 2 == 0) {
      now = ready;
    } else if (ready > now) {
      continue;
    }
    uut.charge(cost, now);
    model.take(cost, now);
  }
  return true;
}

/// Checks whether a limiter of several limits accepts the requests that each of
/// their models accepts, at the time it returns and not a nanosecond before.
inline bool limiter_agrees(uint64_t seed) {
  using namespace zenws;
  std::mt19937_64 rng{seed};
  rate_time now{std::chrono::hours{1}};
  std::vector<rate_limit> limits;
  std::vector<std::pair<std::string, bucket_model>> buckets;
  std::vector<std::pair<std::string, window_model>> windows;
  for (auto pool : {"a", "a", "b"}) {
    auto bucket = bucket_model::random_config(rng);
    auto window = window_model::random_config(rng);
    bucket.capacity += 4;
    window.limit += 4;
    limits.push_back({"x", pool, limit_scope::host, bucket});
    limits.push_back({"y", pool, limit_scope::host, window});
    buckets.emplace_back(pool, bucket_model{bucket, now});
    windows.emplace_back(pool, window_model{window, now});
  }
  rate_limiter uut{limits};
  for (int i = 0; i < 40; ++i) {
    now += nanoseconds{rng() % 20};
    std::vector<rate_charge> charges;
    for (auto pool : {"a", "b", "b"})
      if (rng() % 2 == 0)
        charges.push_back({pool, rng() % 3});
    auto cost_of = [&](const std::string& pool) {
      uint64_t sum = 0;
      for (auto& x : charges)
        sum += x.pool == pool ? x.cost : 0;
      return sum;
    };
    auto expected = [&](rate_time at) {
      auto fits = [&](const auto& x) {
        auto [pool, model] = x; // a copy, which may look ahead
        return cost_of(pool) == 0 || model.can_take(cost_of(pool), at);
      };
      return std::all_of(buckets.begin(), buckets.end(), fits)
             && std::all_of(windows.begin(), windows.end(), fits);
    };
    auto before = uut;
    auto refusal = uut.acquire(charges, now);
    if (refusal.has_value() == expected(now))
      return false;
    if (refusal) {
      auto ready = now + refusal->retry_after;
      if (!before.acquire(charges, ready - nanoseconds{1})
          || expected(ready - nanoseconds{1}) || !expected(ready))
        return false;
      if (rng() % 2 == 0)
        continue;
      now = ready;
      if (rng() % 2 == 0)
        uut.charge(charges, now);
      else if (uut.acquire(charges, now))
        return false;
    }
    for (auto& [pool, model] : buckets)
      model.take(cost_of(pool), now);
    for (auto& [pool, model] : windows)
      model.take(cost_of(pool), now);
  }
  return true;
}
