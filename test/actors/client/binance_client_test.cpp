// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_client

#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include "zenws/venue/binance/binance_dialect.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "btcusdt@trade";
constexpr auto depth = "ethusdt@depth";

// Knows nothing of the venue's limits.
class reckless_binance : public binance_dialect {
public:
  std::vector<rate_limit> limits() const override {
    return {};
  }
};

struct fixture : venue_world {
  std::unique_ptr<sim::server> server;

  void start(sim::binance_config rules = {}) {
    server = start_server({.binance = rules});
  }

  client_spec spec() const {
    client_spec result{.config = quick(server->url("/stream"))};
    result.config.venue.dialect = "binance";
    result.config.heartbeat.kind = heartbeat_kind::none;
    return result;
  }

  std::vector<caf::expected<rpc_result>>
  ask_often(const client_actor& whom, size_t n, send_policy policy) {
    call request{.method = "LIST_SUBSCRIPTIONS", .policy = policy};
    return ask_at_once<rpc_result>(whom, std::vector<call>(n, request));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_client_tests, fixture)

CAF_TEST(each subscriber gets its stream only) {
  start();
  auto [uut, events] = connect_watched(spec());
  auto [first, in] = follow(uut, {trades});
  auto [second, other] = follow(uut, {depth});
  CAF_CHECK_EQUAL(unauthenticated(in, 10, trades), 0u);
  CAF_CHECK_EQUAL(unauthenticated(other, 10, depth), 0u);
  CAF_CHECK_EQUAL(status_of(uut).malformed, 0u);
}

CAF_TEST(a bad stream spoils no good one) {
  start();
  auto [uut, events] = connect_watched(spec());
  auto [report, subscriber, in] = try_follow(
    uut, {{.name = trades}, {.name = "nonsense"}, {.name = depth}});
  CAF_REQUIRE(report);
  auto outcomes = outcomes_of(*report);
  CAF_CHECK(outcomes[trades] == outcome_kind::granted);
  CAF_CHECK(outcomes[depth] == outcome_kind::granted);
  CAF_CHECK(outcomes["nonsense"] == outcome_kind::rejected);
  CAF_CHECK_EQUAL(status_of(uut).channels, 2u);
  CAF_CHECK(in->wait_for_messages(10));
}

CAF_TEST(streams of all subscribers are back after a cut) {
  start();
  auto [uut, events] = connect_watched(spec());
  auto [first, in] = follow(uut, {trades});
  auto [second, other] = follow(uut, {depth});
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(unauthenticated(in, 10, trades, 2), 0u);
  CAF_CHECK_EQUAL(unauthenticated(other, 10, depth, 2), 0u);
}

CAF_TEST(pings of the venue are answered by their payload) {
  // So many pongs are beyond the venue's limit of frames.
  start({.ping_interval = 5ms, .max_frames_per_second = 0});
  auto setup = spec();
  setup.config.heartbeat = {.kind = heartbeat_kind::venue, .interval = 1s};
  auto [uut, events] = connect_watched(setup);
  // The venue sends no other ping until the right pong has come.
  CAF_REQUIRE(server->log().wait_for_stats(
    [](auto& x) { return x.pongs_received_total >= 5; }, patience));
  CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
  auto health = ask<heartbeat_health>(uut, get_heartbeat_health{});
  CAF_REQUIRE(health);
  CAF_CHECK(health->last_beat_ago >= 0ms);
}

CAF_TEST(the venue closes connections that send too much) {
  start({.max_frames_per_second = 5});
  auto setup = spec();
  setup.dialect = [] { return std::make_unique<reckless_binance>(); };
  auto [uut, events] = connect_watched(setup);
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  auto answers = ask_often(uut, 8, fail_if_down);
  CAF_CHECK_LESS(count_of(answers, ec::none), 8u);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::closed_by_peer);
}

CAF_TEST(a client says no more than the venue allows) {
  start({.max_frames_per_second = 5});
  auto [uut, events] = connect_watched(spec());
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  // Requests that cannot wait are refused before they do harm.
  auto hasty = ask_often(uut, 8, fail_if_down);
  // One frame is kept for a pong.
  CAF_CHECK_EQUAL(count_of(hasty, ec::none), 4u);
  CAF_CHECK_EQUAL(count_of(hasty, ec::rate_limited), 4u);
  // Requests that may wait are sent in time.
  auto patient = ask_often(uut, 4, queue_until(15s));
  CAF_CHECK_EQUAL(count_of(patient, ec::none), 4u);
  CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
