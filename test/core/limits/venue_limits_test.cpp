// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE venue_limits

#include "zenws/limits/venue_limits.hpp"

#include "zenws/limits/rate_limiter.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <random>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

using time_point = rate_limiter::time_point;

using std::chrono::milliseconds;

constexpr auto start = time_point{1h};

// Sends as much as the limits of Deribit allow over a network that delays
// messages but keeps their order, and returns the number of times that the
// bucket of the venue had too little for one.
size_t refusals(rate_charge charge, token_bucket_config rule, uint64_t seed) {
  std::minstd_rand engine{static_cast<uint32_t>(seed)};
  std::uniform_int_distribution<int64_t> delay{
    0, venue_limits::arrival_margin.count()};
  rate_limiter uut{venue_limits::deribit()};
  token_bucket venue{rule};
  size_t result = 0;
  auto arrival = start;
  auto held_up = milliseconds{delay(engine)};
  for (auto now = start; now < start + 20s; now += 1ms) {
    if (engine() % 200 == 0)
      held_up = milliseconds{delay(engine)};
    while (!uut.acquire(charge, now)) {
      arrival = std::max(arrival, now + held_up);
      if (venue.available(arrival) < static_cast<int64_t>(charge.cost))
        ++result;
      else
        venue.charge(charge.cost, arrival);
    }
  }
  return result;
}

} // namespace

CAF_TEST(the limits of all venues are valid) {
  for (auto& limits :
       {venue_limits::deribit(), venue_limits::deribit({1, 1'000}),
        venue_limits::binance_spot(), venue_limits::okx()})
    for (auto& limit : limits)
      CAF_CHECK(validate(limit).empty());
}

CAF_TEST(Deribit refuses nothing that the network moved together) {
  using namespace venue_limits;
  auto seed = choose_seed();
  for (uint64_t i = 0; i < 20; ++i) {
    auto total = refusals(deribit_request, {50'000, 10'000}, seed + i)
                 + refusals(deribit_subscribe, {30'000, 10'000}, seed + i)
                 + refusals(deribit_order, deribit_matching, seed + i);
    if (total > 0)
      CAF_FAIL("ZENWS_SEED=" << seed + i);
  }
}

CAF_TEST(Deribit takes 90 requests at once and 20 a second) {
  rate_limiter uut{venue_limits::deribit()};
  auto request = venue_limits::deribit_request;
  for (int i = 0; i < 90; ++i)
    CAF_CHECK(!uut.acquire(request, start));
  CAF_CHECK(uut.acquire(request, start)->retry_after == 50ms);
}

CAF_TEST(Deribit takes 8 subscriptions at once and 17 orders besides) {
  rate_limiter uut{venue_limits::deribit()};
  for (int i = 0; i < 8; ++i)
    CAF_CHECK(!uut.acquire(venue_limits::deribit_subscribe, start));
  CAF_CHECK(uut.acquire(venue_limits::deribit_subscribe, start)->retry_after
            == 200ms);
  for (int i = 0; i < 17; ++i)
    CAF_CHECK(!uut.acquire(venue_limits::deribit_order, start));
  CAF_CHECK(uut.acquire(venue_limits::deribit_order, start)->retry_after
            == 200ms);
}

CAF_TEST(Binance counts pongs and never gets more than 5 in a second) {
  rate_limiter uut{venue_limits::binance_spot()};
  for (int i = 0; i < 4; ++i)
    CAF_CHECK(!uut.acquire(venue_limits::binance_message, start));
  CAF_CHECK(uut.acquire(venue_limits::binance_message, start)->retry_after
            == 1s + venue_limits::arrival_margin);
  uut.charge(venue_limits::binance_message, start); // there is room for a pong
  CAF_CHECK(uut.available(start).front().available == 0);
}

CAF_TEST(dials count for the host and requests for the connection) {
  auto okx = venue_limits::okx();
  auto connection = with_scope(okx, limit_scope::connection);
  auto host = with_scope(okx, limit_scope::host);
  auto account = with_scope(okx, limit_scope::account);
  CAF_CHECK_EQUAL(connection.size() + host.size() + account.size(), okx.size());
  rate_limiter orders{account};
  CAF_CHECK(!orders.acquire({"orders", 1'000}, start));
  CAF_CHECK(orders.acquire(venue_limits::okx_order, start).has_value());
  rate_limiter uut{host};
  CAF_CHECK(!uut.acquire({"dials", 3}, start));
  CAF_CHECK(uut.acquire(venue_limits::dial, start).has_value());
  CAF_CHECK(!uut.acquire(venue_limits::okx_request, start));
}
