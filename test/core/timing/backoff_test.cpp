// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE backoff

#include "zenws/timing/backoff.hpp"

#include "support/unit_test.hpp"

#include <cmath>
#include <limits>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

using std::chrono::milliseconds;

constexpr backoff_config without_jitter{.min = 1s,
                                        .max = 30s,
                                        .factor = 2,
                                        .jitter = 0,
                                        .stable_after = 5s,
                                        .max_attempts = 10};

constexpr auto max_step = std::numeric_limits<uint64_t>::max();

} // namespace

// -- growth -------------------------------------------------------------------

CAF_TEST(delays double up to the cap) {
  backoff uut{without_jitter};
  for (auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s})
    CAF_CHECK(uut.next(0.5) == expected);
  CAF_CHECK_EQUAL(uut.attempts(), 7u);
}

CAF_TEST(a factor of one means a constant delay) {
  auto cfg = without_jitter;
  cfg.factor = 1;
  CAF_CHECK(backoff::delay(cfg, 0, 0) == 1s);
  CAF_CHECK(backoff::delay(cfg, max_step, 0) == 1s);
}

// `pow` overflowed at attempt 1015.
CAF_TEST(no attempt number overflows) {
  auto cfg = without_jitter;
  for (auto step : {uint64_t{1'014}, uint64_t{1'015}, uint64_t{1} << 32,
                    uint64_t{1} << 63, max_step - 1, max_step})
    CAF_CHECK(backoff::delay(cfg, step, 0) == 30s);
  cfg.factor = 1 + 1e-12; // would need 10^12 steps
  CAF_CHECK(backoff::delay(cfg, 1'000, 0) == 1s);
  CAF_CHECK(backoff::delay(cfg, max_step, 0) == 30s);
}

CAF_TEST(growth agrees with repeated multiplication) {
  backoff_config cfg{.jitter = 0};
  auto expected = 500.0;
  for (uint64_t step = 0; step < 50; ++step) {
    auto difference = static_cast<double>(backoff::delay(cfg, step, 0).count())
                      - expected;
    CAF_CHECK(std::abs(difference) <= 1);
    expected = std::min(expected * 1.5, 30'000.0);
  }
}

// -- jitter -------------------------------------------------------------------

// Without jitter all clients return in the same instant.
CAF_TEST(jitter shortens a delay by its share at most) {
  auto cfg = without_jitter;
  cfg.jitter = 0.2;
  CAF_CHECK(backoff::delay(cfg, 0, 0) == 1s);
  CAF_CHECK(backoff::delay(cfg, 0, 0.5) == 900ms);
  CAF_CHECK(backoff::delay(cfg, 0, 1) == 800ms);
}

CAF_TEST(jitter survives the cap) {
  auto cfg = without_jitter;
  cfg.jitter = 0.2;
  CAF_CHECK(backoff::delay(cfg, 1'000, 0) == 30s);
  CAF_CHECK(backoff::delay(cfg, 1'000, 0.5) == 27s);
}

CAF_TEST(full jitter never leads to a delay of zero) {
  auto cfg = without_jitter;
  cfg.jitter = 1;
  CAF_CHECK(backoff::delay(cfg, 0, 0.999999999) == 1ms);
}

CAF_TEST(senseless values lead to bounded delays) {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  auto inf = std::numeric_limits<double>::infinity();
  for (auto min : {milliseconds::min(), -1ms, 0ms, milliseconds::max()})
    for (auto number : {nan, inf, -inf, -1.0, 0.0})
      for (auto step : {uint64_t{0}, uint64_t{7}, max_step}) {
        backoff_config cfg{
          .min = min, .max = 0ms, .factor = number, .jitter = number};
        auto delay = backoff::delay(cfg, step, number);
        CAF_CHECK(delay >= 1ms && delay <= defaults::duration_ceiling);
      }
}

// -- stability ----------------------------------------------------------------

CAF_TEST(the first retry after a stable connection is immediate) {
  backoff uut{without_jitter};
  uut.first_attempt();
  uut.connected_for(5s);
  CAF_CHECK_EQUAL(uut.attempts(), 0u);
  CAF_CHECK(uut.next(0) == 0ms);
  CAF_CHECK(uut.next(0) == 1s);
  CAF_CHECK(uut.next(0) == 2s);
}

// One upgrade was enough for an immediate retry, without end.
CAF_TEST(a peer that accepts and closes does not reset the backoff) {
  backoff uut{without_jitter};
  CAF_CHECK(uut.next(0) == 1s);
  uut.connected_for(4'999ms);
  CAF_CHECK(uut.next(0) == 2s);
  uut.connected_for(0ms);
  CAF_CHECK(uut.next(0) == 4s);
  CAF_CHECK_EQUAL(uut.attempts(), 3u);
}

// -- limits -------------------------------------------------------------------

CAF_TEST(attempts end where the configuration says) {
  auto cfg = without_jitter;
  cfg.max_attempts = 3;
  backoff uut{cfg};
  uut.first_attempt();
  CAF_CHECK(uut.next(0) == 1s);
  CAF_CHECK(uut.next(0) == 2s);
  CAF_CHECK(uut.next(0) == std::nullopt);
  CAF_CHECK(uut.next(0) == std::nullopt);
  CAF_CHECK_EQUAL(uut.attempts(), 3u);
  uut.connected_for(1h);
  CAF_CHECK(uut.next(0) == 0ms);
}

// There was no documented way to try for ever.
CAF_TEST(unlimited attempts survive a very long outage) {
  auto cfg = without_jitter;
  cfg.max_attempts = backoff_config::unlimited;
  backoff uut{cfg};
  for (int i = 0; i < 1'000'000; ++i)
    if (auto delay = uut.next(0); !delay || *delay > 30s || *delay < 1s)
      CAF_FAIL("attempt " << i);
  CAF_CHECK_EQUAL(uut.attempts(), 1'000'000u);
}

CAF_TEST(the demand of a server is a lower bound that jitter lengthens) {
  CAF_CHECK(backoff::spread(10s, 0) == 10s);
  CAF_CHECK(backoff::spread(10s, 0.5) == 10'500ms);
  CAF_CHECK(backoff::spread(120s, 0.5) == 126s);
  CAF_CHECK(backoff::spread(30min, 0.5) == 30min + 30s);
  CAF_CHECK(backoff::spread(30min, 1e300) == 31min);
}

CAF_TEST(growth goes on where an earlier backoff was) {
  backoff before{without_jitter};
  before.next(0);
  before.next(0);
  backoff uut{without_jitter, before.steps()};
  CAF_CHECK_EQUAL(uut.attempts(), 0u);
  CAF_CHECK(uut.next(0) == 4s);
}

// -- defaults -----------------------------------------------------------------

// The promise in the documentation of `backoff`.
CAF_TEST(the defaults find a server within 2 s of its return after 5 s) {
  for (auto jitter : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    backoff uut{backoff_config{}};
    uut.connected_for(1h);
    milliseconds now{0};
    while (now < 5s)
      now += uut.next(jitter).value();
    CAF_CHECK(now <= 7s);
  }
}
