// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE heartbeat

#include "zenws/timing/heartbeat.hpp"

#include "support/unit_test.hpp"

#include <set>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

constexpr heartbeat_config each_second{.interval = 1s, .max_missed = 2};

struct fixture {
  heartbeat uut{each_second};
  heartbeat::time_point now{1h};

  fixture() {
    uut.started(now);
  }

  // Lets one interval pass.
  heartbeat_tick tick() {
    now += 1s;
    return uut.tick(now);
  }

  std::string ping() {
    auto result = tick();
    CAF_REQUIRE(result.verdict == heartbeat_verdict::send_ping);
    return result.payload;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(heartbeat_tests, fixture)

// -- pings --------------------------------------------------------------------

CAF_TEST(the first ping comes one interval after the opening) {
  CAF_CHECK(uut.due() == now + 1s);
  CAF_CHECK(uut.tick(now + 999ms).verdict == heartbeat_verdict::nothing);
  CAF_CHECK(uut.tick(now + 1s).verdict == heartbeat_verdict::send_ping);
  CAF_CHECK(uut.due() == now + 2s);
}

CAF_TEST(no two pings carry the same payload) {
  std::set<std::string> payloads;
  for (int i = 0; i < 1'000; ++i) {
    auto payload = ping();
    CAF_CHECK(payload.size() <= 125); // RFC 6455, section 5.5
    payloads.insert(payload);
    uut.pong(payload, now);
    if (i == 500)
      uut.started(now);
  }
  CAF_CHECK_EQUAL(payloads.size(), 1'000u);
}

// Heartbeats are on by default.
CAF_TEST(without a heartbeat nothing is ever due) {
  CAF_CHECK(heartbeat_config{}.kind == heartbeat_kind::automatic);
  heartbeat quiet{{.kind = heartbeat_kind::none}};
  quiet.started(now);
  CAF_CHECK(quiet.due() == std::nullopt);
  CAF_CHECK(quiet.tick(now + 24h).verdict == heartbeat_verdict::nothing);
}

// -- misses -------------------------------------------------------------------

// Misses were counted but never acted on.
CAF_TEST(a silent peer is lost after one miss more than allowed) {
  for (int i = 0; i < 3; ++i)
    ping();
  CAF_CHECK_EQUAL(uut.failures(), 2u);
  CAF_CHECK(tick().verdict == heartbeat_verdict::lost);
  CAF_CHECK_EQUAL(uut.failures(), 3u);
  CAF_CHECK(uut.due() == std::nullopt);
  CAF_CHECK(tick().verdict == heartbeat_verdict::nothing);
}

CAF_TEST(a limit of zero forgives nothing) {
  uut = heartbeat{{.interval = 1s, .max_missed = 0}};
  uut.started(now);
  ping();
  CAF_CHECK(tick().verdict == heartbeat_verdict::lost);
}

CAF_TEST(a long pause of this process counts as one miss at most) {
  ping();
  now += 1h;
  CAF_CHECK(uut.tick(now).verdict == heartbeat_verdict::send_ping);
  CAF_CHECK_EQUAL(uut.failures(), 1u);
  CAF_CHECK(uut.due() == now + 1s);
}

// -- pongs --------------------------------------------------------------------

CAF_TEST(an answer clears the misses and tells the round trip) {
  ping();
  auto payload = ping();
  CAF_CHECK_EQUAL(uut.failures(), 1u);
  CAF_CHECK(uut.last_heartbeat() == std::nullopt);
  CAF_CHECK(uut.pong(payload, now + 30ms) == 30ms);
  CAF_CHECK_EQUAL(uut.failures(), 0u);
  CAF_CHECK(uut.last_heartbeat() == now + 30ms);
}

// Health looked fine on a dead peer.
CAF_TEST(only the exact payload counts and only once) {
  auto payload = ping();
  for (auto wrong : {std::string{}, payload + "0", "0" + payload,
                     std::string{"2"}, std::string(125, 'x')})
    CAF_CHECK(uut.pong(wrong, now) == std::nullopt);
  CAF_CHECK(uut.last_heartbeat() == std::nullopt);
  CAF_CHECK(uut.pong(payload, now).has_value());
  CAF_CHECK(uut.pong(payload, now) == std::nullopt);
}

// An answer later than one interval was never matched.
CAF_TEST(a slow peer is not a dead one) {
  auto first = ping();
  auto second = ping();
  for (int i = 0; i < 100; ++i) {
    auto third = ping();
    CAF_CHECK(uut.pong(first, now + 500ms) == 2'500ms);
    first = std::exchange(second, third);
  }
}

CAF_TEST(an answer also answers the pings before it but none after it) {
  auto first = ping();
  auto second = ping();
  auto third = ping();
  CAF_CHECK(uut.pong(second, now).has_value());
  CAF_CHECK(uut.pong(first, now) == std::nullopt);
  CAF_CHECK(tick().verdict == heartbeat_verdict::send_ping);
  CAF_CHECK_EQUAL(uut.failures(), 0u); // something came meanwhile
  CAF_CHECK(uut.pong(third, now).has_value());
}

CAF_TEST(an answer older than all that may be outstanding is worth nothing) {
  std::vector<std::string> sent;
  for (int i = 0; i < 3; ++i)
    sent.push_back(ping());
  uut.pong(sent[0], now); // two more are outstanding
  for (int i = 0; i < 2; ++i)
    sent.push_back(ping());
  CAF_CHECK(uut.pong(sent[1], now) == std::nullopt);
  CAF_CHECK(uut.pong(sent[2], now).has_value());
}

// -- connections --------------------------------------------------------------

CAF_TEST(silence while nothing is read is not held against the peer) {
  uut.reading_paused();
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(tick().verdict == heartbeat_verdict::send_ping);
  CAF_CHECK_EQUAL(uut.failures(), 0u);
  uut.reading_resumed();
  CAF_CHECK(tick().verdict == heartbeat_verdict::send_ping);
  CAF_CHECK_EQUAL(uut.failures(), 0u);
  tick();
  tick();
  CAF_CHECK(tick().verdict == heartbeat_verdict::lost);
}

CAF_TEST(a new connection is read after any state of the last one) {
  uut.reading_paused();
  uut.stopped();
  uut.started(now);
  tick();
  tick();
  CAF_CHECK_EQUAL(uut.failures(), 1u);
}

CAF_TEST(a new connection starts from nothing) {
  auto old = ping();
  ping();
  uut.stopped();
  CAF_CHECK(uut.due() == std::nullopt);
  uut.started(now);
  CAF_CHECK_EQUAL(uut.failures(), 0u);
  CAF_CHECK(uut.pong(old, now) == std::nullopt);
  CAF_CHECK(uut.due() == now + 1s);
}

CAF_TEST_FIXTURE_SCOPE_END()
