// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_clocks

#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : venue_world {
  std::unique_ptr<sim::server> server;

  void start(sim::server_config rules = {}) {
    server = start_server(std::move(rules));
  }

  client_spec spec(const std::string& path, const std::string& dialect) const {
    client_spec result{.config = quick(server->url(path))};
    result.config.venue.dialect = dialect;
    result.config.heartbeat.kind = heartbeat_kind::none;
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_clocks_tests, fixture)

// -- round trips --------------------------------------------------------------

CAF_TEST(a client that lost its heartbeat is restarted) {
  start();
  auto supervisor = rt.supervise();
  auto setup = spec("/echo", "raw");
  setup.config.heartbeat = {.interval = 20ms, .max_missed = 1};
  auto [uut, events] = start_watched(supervisor, setup);
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  server->apply(sim::fault_mute_pings{});
  auto restarting = events->wait_for_kind(event_kind::restarting);
  CAF_REQUIRE(restarting);
  CAF_CHECK_EQUAL(restarting->reason.code, ec::heartbeat_lost);
  CAF_CHECK(events->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(status_of(uut).missed_heartbeats, 0u);
}

CAF_TEST(a venue whose heartbeats cease is left) {
  start({.api = {.heartbeat_second = 10ms}});
  auto setup = spec("/ws/api/v2", "deribit");
  setup.config.heartbeat
    = {.kind = heartbeat_kind::venue, .interval = 1s, .max_missed = 0};
  auto [uut, events] = connect_watched(setup);
  CAF_REQUIRE(eventually([&, &uut = uut] {
    auto health = ask<heartbeat_health>(uut, get_heartbeat_health{});
    return health && health->last_beat_ago >= 0ms;
  }));
  server->apply(sim::fault_stall{});
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(uut)), ec::heartbeat_lost);
}

// -- idleness -----------------------------------------------------------------

CAF_TEST(idleness ends a connection on which nothing was ever said) {
  start();
  auto setup = spec("/broadcast", "raw");
  setup.config.venue.idle_timeout = 50ms;
  auto [uut, events] = connect_watched(setup);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::idle_timeout);
  CAF_CHECK(events->wait_for_state(client_state::ready, 2));
}

CAF_TEST(pings of the peer do not renew the idle deadline) {
  // So many pongs are beyond the venue's limit of frames.
  start({.binance = {.ping_interval = 5ms, .max_frames_per_second = 0}});
  auto setup = spec("/stream", "binance");
  setup.config.venue.idle_timeout = 200ms;
  auto [uut, events] = connect_watched(setup);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::idle_timeout);
  CAF_CHECK_GREATER(server->stats().pongs_received_total, 2u);
}

CAF_TEST(pongs of the peer do not renew the idle deadline) {
  start();
  auto setup = spec("/broadcast", "raw");
  setup.config.heartbeat = {.interval = 10ms, .max_missed = 100};
  setup.config.venue.idle_timeout = 200ms;
  auto [uut, events] = connect_watched(setup);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::idle_timeout);
  CAF_CHECK_GREATER(server->stats().pings_received_total, 2u);
}

CAF_TEST(heartbeats of the venue do not renew the idle deadline) {
  start({.api = {.heartbeat_second = 5ms}});
  auto setup = spec("/ws/api/v2", "deribit");
  setup.config.heartbeat = {.kind = heartbeat_kind::venue, .interval = 1s};
  setup.config.venue.idle_timeout = 400ms;
  auto [uut, events] = connect_watched(setup);
  auto [plain, in] = collect(uut);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::idle_timeout);
  CAF_CHECK(server->wait_for(
    [](auto& x) { return x.text.find("public/test") != std::string::npos; },
    patience));
  // Their answers are not delivered as data.
  CAF_CHECK_EQUAL(in->count(), 0u);
}

CAF_TEST(text pings do not renew the idle deadline) {
  start();
  auto setup = spec("/ws/v5/public", "okx");
  setup.config.heartbeat
    = {.kind = heartbeat_kind::venue, .interval = 10ms, .max_missed = 100};
  setup.config.venue.idle_timeout = 200ms;
  auto [uut, events] = connect_watched(setup);
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::idle_timeout);
}

CAF_TEST(data renews the idle deadline) {
  start();
  auto setup = spec("/ws/api/v2", "deribit");
  setup.config.venue.idle_timeout = 500ms;
  auto [uut, events] = connect_watched(setup);
  auto [subscriber, in] = follow(uut, {"trades.BTC-PERPETUAL.100ms"});
  // At 10 ms a trade this is longer than the deadline.
  CAF_REQUIRE(in->wait_for_messages(100));
  CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
  server->apply(sim::fault_stall{});
  CAF_CHECK_EQUAL(reason_of_outage(events), ec::idle_timeout);
}

// -- deadlines of requests ----------------------------------------------------

CAF_TEST(a call without an answer fails and leaves the connection alone) {
  start();
  auto [uut, events] = connect_watched(spec("/ws/api/v2", "deribit"));
  auto [plain, in] = collect(uut);
  CAF_REQUIRE(events->wait_for_state(client_state::ready));
  server->apply(sim::fault_stall{});
  auto answer = ask<rpc_result>(uut, call{.method = "public/get_time",
                                          .answer_within = 50ms});
  CAF_REQUIRE(!answer);
  CAF_CHECK_EQUAL(caf_compat::code_of(answer.error()), ec::request_timeout);
  // An answer that comes too late is data.
  server->apply(sim::fault_resume{});
  CAF_REQUIRE(in->wait_for_messages(1));
  CAF_CHECK(in->messages()[0].payload.find("\"result\"") != std::string::npos);
  CAF_CHECK(ask<rpc_result>(uut, call{"public/test"}));
  auto status = status_of(uut);
  CAF_CHECK_EQUAL(status.epoch, 1u);
  CAF_CHECK_EQUAL(status.pending_calls, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
