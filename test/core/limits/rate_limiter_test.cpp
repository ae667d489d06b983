// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE rate_limiter

#include "zenws/limits/rate_limiter.hpp"

#include "rate_models.hpp"
#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <limits>
#include <random>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

using time_point = rate_limiter::time_point;

using std::chrono::nanoseconds;

constexpr auto start = time_point{1h};

constexpr auto most = std::numeric_limits<uint64_t>::max();

const rate_limit per_second{.name = "per second",
                            .pool = "a",
                            .rule = rolling_window_config{2, 1s}};

std::vector<rate_limit> two_limits() {
  return {{"burst", "a", limit_scope::account, token_bucket_config{4, 1, 1s}},
          {"per minute", "a", limit_scope::host, rolling_window_config{6, 60s}},
          {"other", "b", limit_scope::connection, token_bucket_config{1, 1}}};
}

// Returns the credit left of one of the limits.
int64_t left(rate_limiter& uut, size_t index) {
  return uut.available(start)[index].available;
}

// Takes as soon as possible; returns the time of it.
template <class Meter>
time_point take(Meter& uut, uint64_t cost, time_point now) {
  auto at = uut.ready_at(cost, now);
  uut.charge(cost, at);
  return at;
}

} // namespace

// -- token bucket -------------------------------------------------------------

CAF_TEST(a bucket begins full and refills continuously) {
  token_bucket uut{{.capacity = 10, .refill = 5}};
  CAF_CHECK_EQUAL(uut.available(start), 10);
  uut.charge(10, start);
  CAF_CHECK_EQUAL(uut.available(start), 0);
  CAF_CHECK_EQUAL(uut.available(start + 199'999'999ns), 0);
  CAF_CHECK_EQUAL(uut.available(start + 200ms), 1);
  CAF_CHECK_EQUAL(uut.available(start + 1s), 5);
  CAF_CHECK_EQUAL(uut.available(start + 24h), 10);
}

CAF_TEST(a bucket tells to the nanosecond when there is enough) {
  token_bucket uut{{.capacity = 3, .refill = 3}};
  uut.charge(3, start);
  CAF_CHECK(uut.ready_at(1, start) == start + 333'333'334ns);
  CAF_CHECK(uut.ready_at(2, start) == start + 666'666'667ns);
  CAF_CHECK(uut.ready_at(3, start) == start + 1s);
  CAF_CHECK(uut.ready_at(3, start + 300ms) == start + 1s);
  CAF_CHECK(uut.ready_at(0, start) == start);
}

CAF_TEST(a bucket in debt is refilled from there) {
  token_bucket uut{{.capacity = 4, .refill = 2}};
  uut.charge(10, start);
  CAF_CHECK_EQUAL(uut.available(start), -6);
  CAF_CHECK_EQUAL(uut.available(start + 1ns), -6);
  CAF_CHECK_EQUAL(uut.available(start + 3s), 0);
  CAF_CHECK(uut.ready_at(1, start) == start + 3500ms);
  CAF_CHECK(uut.ready_at(0, start) == start + 3s);
}

// A refill by steps let bursts through.
CAF_TEST(no token is lost or invented in weeks of irregular use) {
  token_bucket uut{{.capacity = 7, .refill = 3}};
  uut.charge(7, start);
  std::mt19937_64 rng{choose_seed()};
  auto now = start;
  uint64_t taken = 0;
  while (now < start + 24h * 28) {
    now += nanoseconds{rng() % 2'000'000'000};
    for (; uut.available(now) > 0; ++taken)
      uut.charge(1, now);
  }
  // It is looked at often enough never to be full.
  auto elapsed = static_cast<uint64_t>(nanoseconds{now - start}.count());
  CAF_CHECK_EQUAL(taken, elapsed * 3 / 1'000'000'000);
}

CAF_TEST(each of a million tokens comes at its very nanosecond) {
  token_bucket uut{{.capacity = 2, .refill = 7, .per = 3s}};
  uut.charge(2, start);
  auto now = start;
  for (int64_t i = 1; i <= 1'000'000; ++i) {
    now = take(uut, 1, now);
    if (now != start + nanoseconds{(i * 3'000'000'000 + 6) / 7})
      CAF_FAIL("token " << i);
  }
}

CAF_TEST(nothing overflows at the limits of a bucket) {
  for (auto cfg : {token_bucket_config{most, most, nanoseconds::max()},
                   token_bucket_config{most, 1, nanoseconds::max()},
                   token_bucket_config{most, 1, 24h}}) {
    token_bucket uut{cfg};
    CAF_CHECK_EQUAL(uut.capacity(), token_bucket::ceiling);
    for (int i = 0; i < 1'000; ++i)
      uut.charge(most, start);
    CAF_CHECK_EQUAL(uut.available(start), -999'000'000'000'000);
    CAF_CHECK(uut.ready_at(1, start) > start);
    CAF_CHECK(uut.ready_at(most, start + 1s) <= time_point::max());
    CAF_CHECK(uut.available(time_point::max()) > -999'000'000'000'000);
  }
  token_bucket uut{{.capacity = 0, .refill = 0, .per = -1s}};
  CAF_CHECK_EQUAL(uut.available(start), 1);
}

// -- rolling window -----------------------------------------------------------

CAF_TEST(units of a window return one period after they were taken) {
  rolling_window uut{{.limit = 3, .period = 1s}};
  uut.charge(1, start);
  uut.charge(2, start + 400ms);
  CAF_CHECK_EQUAL(uut.available(start + 400ms), 0);
  CAF_CHECK(uut.ready_at(1, start + 500ms) == start + 1s);
  CAF_CHECK(uut.ready_at(2, start + 500ms) == start + 1400ms);
  CAF_CHECK(uut.ready_at(3, start + 500ms) == start + 1400ms);
  CAF_CHECK_EQUAL(uut.available(start + 999'999'999ns), 0);
  CAF_CHECK_EQUAL(uut.available(start + 1s), 1);
  CAF_CHECK_EQUAL(uut.available(start + 1400ms), 3);
}

// The trap of a bucket with the same figures: 9 messages in a second.
CAF_TEST(a window does not let a burst through after a rest) {
  rolling_window uut{{.limit = 5, .period = 1s}};
  for (int i = 0; i < 5; ++i)
    CAF_CHECK(take(uut, 1, start + 900ms) == start + 900ms);
  CAF_CHECK(take(uut, 1, start + 1s) == start + 1900ms);
}

CAF_TEST(the debt of a window is booked onto the next return ) {
  rolling_window uut{{.limit = 5, .period = 1s}};
  uut.charge(3, start);
  uut.charge(4, start + 500ms); // 2 of them too many
  CAF_CHECK_EQUAL(uut.available(start + 500ms), -2);
  CAF_CHECK(uut.ready_at(1, start + 500ms) == start + 1s);
  CAF_CHECK(uut.ready_at(2, start + 500ms) == start + 1500ms);
  CAF_CHECK_EQUAL(uut.available(start + 1s), 1);
  CAF_CHECK_EQUAL(uut.available(start + 1500ms), 3);
  CAF_CHECK_EQUAL(uut.available(start + 2s), 5);
}

CAF_TEST(a large debt of a window is paid at the average rate) {
  rolling_window uut{{.limit = 5, .period = 1s}};
  uut.charge(2, start);
  uut.charge(1'000'000'003, start + 300ms);
  auto paid = start + 1s * 200'000'000; // 2 of 5 have returned
  CAF_CHECK(uut.ready_at(2, start + 300ms) == paid + 1s);
  CAF_CHECK(uut.ready_at(3, start + 300ms) == paid + 1300ms);
  CAF_CHECK_EQUAL(uut.available(paid + 300ms), 0);
  CAF_CHECK_EQUAL(uut.available(paid + 1s), 2);
}

CAF_TEST(nothing overflows at the limits of a window) {
  rolling_window uut{{.limit = most, .period = nanoseconds::max()}};
  CAF_CHECK_EQUAL(uut.capacity(), rolling_window::ceiling);
  for (int i = 0; i < 1'000'001; ++i)
    uut.charge(most, start);
  CAF_CHECK_EQUAL(uut.available(start), -1'000'000'000'000'000'000);
  CAF_CHECK(uut.ready_at(1, start) == time_point::max());
  CAF_CHECK(uut.available(start + 24h) < 0);
  rolling_window empty{{.limit = 0, .period = 0s}};
  CAF_CHECK_EQUAL(empty.available(start), 1);
}

// -- both against a model -----------------------------------------------------

CAF_TEST(a clock that steps back counts as standing still) {
  token_bucket bucket{{.capacity = 1, .refill = 1}};
  rolling_window window{{.limit = 1, .period = 1s}};
  bucket.charge(1, start);
  window.charge(1, start);
  CAF_CHECK_EQUAL(bucket.available(start - 30min), 0);
  CAF_CHECK_EQUAL(window.available(start - 30min), 0);
  CAF_CHECK(bucket.ready_at(1, start - 1min) == start + 1s);
  CAF_CHECK(window.ready_at(1, start - 1min) == start + 1s);
  bucket.charge(1, start - 1min);
  CAF_CHECK(bucket.ready_at(1, start) == start + 2s);
}

CAF_TEST(random use of a bucket agrees with counting nanoseconds) {
  auto seed = choose_seed();
  for (uint64_t i = 0; i < 10'000; ++i)
    if (!agrees<token_bucket, bucket_model>(seed + i))
      CAF_FAIL("ZENWS_SEED=" << seed + i);
}

CAF_TEST(random use of a window agrees with a list of units) {
  auto seed = choose_seed();
  for (uint64_t i = 0; i < 2'000; ++i)
    if (!agrees<rolling_window, window_model>(seed + i))
      CAF_FAIL("ZENWS_SEED=" << seed + i);
}

// -- limiter ------------------------------------------------------------------

CAF_TEST(a limiter without limits refuses nothing) {
  rate_limiter uut;
  CAF_CHECK(!uut.acquire({"a", most}, start));
  uut.charge({"a", most}, start);
  CAF_CHECK(uut.available(start).empty());
}

// A refusal did not tell when to try again.
CAF_TEST(a refusal names the limit and the exact time to wait) {
  rate_limiter uut{two_limits()};
  for (int i = 0; i < 4; ++i)
    CAF_CHECK(!uut.acquire({"a"}, start));
  rate_refusal expected{
    .limit = "burst", .scope = limit_scope::account, .retry_after = 1s};
  CAF_CHECK(uut.acquire({"a"}, start) == expected);
  CAF_CHECK(uut.acquire({"a"}, start + 1s - 1ns).has_value());
  CAF_CHECK(!uut.acquire({"a"}, start + 1s));
}

CAF_TEST(the limit that takes longest is the one to wait for) {
  rate_limiter uut{two_limits()};
  for (auto i = 0; i < 6; ++i)
    CAF_CHECK(!uut.acquire({"a"}, start + 1s * i));
  auto now = start + 5s;
  uut.charge({"a", 3}, now);
  auto refusal = uut.acquire({"a"}, now);
  CAF_REQUIRE(refusal);
  CAF_CHECK_EQUAL(refusal->limit, "per minute");
  CAF_CHECK(refusal->retry_after == start + 63s - now);
  CAF_CHECK(!uut.acquire({"a"}, now + refusal->retry_after));
}

CAF_TEST(a request that one limit refuses takes nothing from the others) {
  rate_limiter uut{two_limits()};
  std::vector<rate_charge> both{{"a", 2}, {"b", 1}};
  CAF_CHECK(!uut.acquire(both, start));
  auto refusal = uut.acquire(both, start);
  CAF_CHECK_EQUAL(refusal->limit, "other");
  CAF_CHECK_EQUAL(left(uut, 0), 2);
  CAF_CHECK_EQUAL(left(uut, 1), 4);
}

CAF_TEST(charges for the same pool add up) {
  rate_limiter uut{two_limits()};
  CAF_CHECK(!uut.acquire(std::vector<rate_charge>{{"a", 3}, {"a", 1}}, start));
  CAF_CHECK_EQUAL(left(uut, 0), 0);
  std::vector<rate_charge> too_many{{"a", most}, {"a", most}};
  CAF_CHECK(uut.acquire(too_many, start)->code == ec::request_too_costly);
}

// Such a request was refused for ever, as if waiting helped.
CAF_TEST(a cost above a limit is another error than having to wait) {
  rate_limiter uut{two_limits()};
  auto refusal = uut.acquire({"a", 5}, start);
  CAF_REQUIRE(refusal);
  CAF_CHECK(refusal->code == ec::request_too_costly);
  CAF_CHECK_EQUAL(refusal->limit, "burst");
  CAF_CHECK(refusal->retry_after == 0s);
  uut.charge({"b", 9}, start);
  std::vector<rate_charge> both{{"b", 1}, {"a", 5}};
  CAF_CHECK(uut.acquire(both, start)->code == ec::request_too_costly);
}

CAF_TEST(requests that cannot wait make debts that others pay) {
  rate_limiter uut{{per_second}};
  for (int i = 0; i < 3; ++i)
    uut.charge({"a"}, start);
  CAF_CHECK(uut.acquire({"a"}, start)->retry_after == 1s);
  CAF_CHECK(!uut.acquire({"a", 0}, start));
  CAF_CHECK(!uut.acquire({"a"}, start + 1s));
  CAF_CHECK(uut.acquire({"a"}, start + 1s)->retry_after == 1s);
}

CAF_TEST(a refusal reads like a sentence) {
  rate_refusal uut{.limit = "orders",
                   .scope = limit_scope::account,
                   .retry_after = 1'000'001ns};
  CAF_CHECK_EQUAL(to_string(as_error(uut)),
                  "rate_limited: limit \"orders\" of the account, possible in "
                  "2 ms");
  uut.code = ec::request_too_costly;
  CAF_CHECK_EQUAL(to_string(as_error(uut)),
                  "request_too_costly: limit \"orders\" of the account");
  CAF_CHECK(class_of(as_error(uut)) == error_class::caller);
}

CAF_TEST(every problem of a limit is told) {
  CAF_CHECK(validate(per_second).empty());
  rate_limit uut{.rule = token_bucket_config{0, most, 25h}};
  CAF_CHECK_EQUAL(validate(uut).size(), 5u);
  uut.rule = rolling_window_config{0, 0s};
  CAF_CHECK_EQUAL(validate(uut).size(), 4u);
}

CAF_TEST(random requests are accepted at the told time and not before) {
  auto seed = choose_seed();
  for (uint64_t i = 0; i < 10'000; ++i)
    if (!limiter_agrees(seed + i))
      CAF_FAIL("ZENWS_SEED=" << seed + i);
}
