// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE shared_rate_limiter

#include "zenws/limits/shared_rate_limiter.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <array>
#include <atomic>
#include <barrier>
#include <functional>
#include <numeric>
#include <random>
#include <thread>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

using time_point = rate_limiter::time_point;

constexpr auto start = time_point{1h};

constexpr size_t num_threads = 4;

std::vector<rate_limit> window(const char* pool, uint64_t limit) {
  return {
    {"window", pool, limit_scope::account, rolling_window_config{limit, 1s}}};
}

std::vector<rate_limit> bucket(const char* pool, uint64_t capacity) {
  return {{"bucket", pool, limit_scope::host,
           token_bucket_config{capacity, capacity, 1s}}};
}

// Returns the credit left of the only limit.
int64_t left(const shared_rate_limiter& uut, time_point now = start) {
  return uut.available(now).front().available;
}

// Runs `action(index)` in all threads; returns once all have ended.
void in_threads(const std::function<void(size_t)>& action) {
  std::vector<std::thread> threads;
  for (size_t i = 0; i < num_threads; ++i)
    threads.emplace_back(action, i);
  for (auto& x : threads)
    x.join();
}

} // namespace

// -- one limiter --------------------------------------------------------------

CAF_TEST(copies draw on the same limits) {
  shared_rate_limiter uut{window("a", 2)};
  auto copy = uut;
  CAF_CHECK(!uut.acquire({"a"}, start));
  CAF_CHECK(!copy.acquire({"a"}, start));
  CAF_CHECK(uut.acquire({"a"}, start)->retry_after == 1s);
  copy.charge({"a"}, start);
  CAF_CHECK_EQUAL(left(uut), -1);
}

// All threads take all they can at one instant, then at the next one. The sum
// must be that of a single thread.
CAF_TEST(threads together get exactly as much as one alone) {
  constexpr int num_instants = 300;
  std::mt19937_64 rng{choose_seed()};
  std::vector<time_point> instants{start};
  for (int i = 1; i < num_instants; ++i)
    instants.push_back(instants.back()
                       + std::chrono::milliseconds{rng() % 400});
  for (auto& limits : {window("a", 500), bucket("a", 500)}) {
    shared_rate_limiter uut{limits};
    rate_limiter alone{limits};
    std::vector<std::array<uint64_t, num_threads>> taken(num_instants);
    std::barrier next_instant{num_threads};
    in_threads([&](size_t self) {
      for (int i = 0; i < num_instants; ++i) {
        next_instant.arrive_and_wait();
        while (!uut.acquire({"a"}, instants[i]))
          ++taken[i][self];
      }
    });
    for (int i = 0; i < num_instants; ++i) {
      uint64_t expected = 0;
      while (!alone.acquire({"a"}, instants[i]))
        ++expected;
      auto sum = std::accumulate(taken[i].begin(), taken[i].end(), uint64_t{0});
      if (sum != expected)
        CAF_FAIL("instant " << i << ": " << sum << " instead of " << expected);
    }
  }
}

// The clocks of threads disagree about the order once they wait for a lock.
CAF_TEST(threads that read the clock neither lose nor invent a token) {
  constexpr int64_t rate = 1'000'000;
  shared_rate_limiter uut{{{"bucket", "a", limit_scope::host,
                            token_bucket_config{rate * 60, rate, 1s}}}};
  auto begin = std::chrono::steady_clock::now();
  uut.charge({"a", rate * 60}, begin);
  std::atomic<int64_t> taken = 0;
  in_threads([&](size_t) {
    for (int i = 0; i < 20'000; ++i) {
      auto now = std::chrono::steady_clock::now();
      if (i % 8 == 0) {
        uut.charge({"a", 3}, now);
        taken += 3;
      } else if (!uut.acquire({"a", 2}, now)) {
        taken += 2;
      }
    }
  });
  auto end = std::chrono::steady_clock::now();
  auto refilled = std::chrono::nanoseconds{end - begin}.count() / 1'000;
  CAF_CHECK_EQUAL(left(uut, end) + taken, refilled);
}

// -- several limiters ---------------------------------------------------------

CAF_TEST(a gate takes from all its limiters or from none) {
  shared_rate_limiter account{window("a", 3)};
  shared_rate_limiter host{bucket("b", 1)};
  rate_gate uut{bucket("a", 9), {account, host}};
  std::vector<rate_charge> both{{"a"}, {"b"}};
  CAF_CHECK(!uut.acquire(both, start));
  auto refusal = uut.acquire(both, start);
  CAF_REQUIRE(refusal);
  CAF_CHECK_EQUAL(refusal->limit, "bucket");
  CAF_CHECK(refusal->retry_after == 1s);
  CAF_CHECK_EQUAL(left(account), 2);
  CAF_CHECK(!uut.acquire(both, start + 1s));
}

CAF_TEST(a gate takes once from a limiter that it was given twice) {
  shared_rate_limiter account{window("a", 3)};
  rate_gate uut{{}, {account, account}};
  std::vector<rate_charge> one{{"a"}};
  CAF_CHECK(!uut.acquire(one, start));
  uut.charge(one, start);
  CAF_CHECK_EQUAL(left(account), 1);
}

CAF_TEST(a new connection begins with new limits of its own only) {
  shared_rate_limiter host{window("dials", 1)};
  rate_gate uut{window("a", 1), {host}};
  std::vector<rate_charge> both{{"a"}, {"dials"}};
  std::vector<rate_charge> own{{"a"}};
  CAF_CHECK(!uut.acquire(both, start));
  CAF_CHECK(uut.acquire(own, start).has_value());
  uut.reconnected();
  CAF_CHECK(uut.acquire(both, start).has_value());
  CAF_CHECK(!uut.acquire(own, start));
}

// Given in different orders, they must not wait for each other.
CAF_TEST(gates with the same limiters share them exactly) {
  constexpr uint64_t limit = 100'000;
  shared_rate_limiter a{window("a", limit)};
  shared_rate_limiter b{window("b", limit / 2)};
  std::vector<rate_charge> both{{"a"}, {"b"}};
  std::atomic<uint64_t> taken = 0;
  in_threads([&](size_t self) {
    rate_gate uut{{}, self % 2 == 0 ? std::vector{a, b} : std::vector{b, a}};
    for (; !uut.acquire(both, start); ++taken)
      ; // nop
  });
  CAF_CHECK_EQUAL(taken.load(), limit / 2);
  CAF_CHECK_EQUAL(left(a), int64_t{limit / 2});
  CAF_CHECK_EQUAL(left(b), 0);
}
