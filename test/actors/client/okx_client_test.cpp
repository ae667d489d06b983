// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_client

#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <algorithm>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades:BTC-USDT";
constexpr auto tickers = "tickers:ETH-USDT";
constexpr auto nonsense = "trades:NO-SUCH";

constexpr auto of_trades = R"({"channel":"trades","instId":"BTC-USDT"})";
constexpr auto of_tickers = R"({"channel":"tickers","instId":"ETH-USDT"})";

const channel_spec orders{
  .name = "orders",
  .arguments = R"({"channel":"orders","instType":"ANY"})",
  .access = channel_access::authenticated_only,
};

struct fixture : venue_world {
  std::unique_ptr<sim::server> server;

  void start(sim::okx_config rules = {}) {
    server = start_server({.okx = rules});
  }

  client_spec spec(const std::string& path = "/ws/v5/public") const {
    client_spec result{.config = quick(server->url(path))};
    result.config.venue.dialect = "okx";
    return result;
  }

  client_spec private_spec() const {
    auto result = spec("/ws/v5/private");
    result.config.venue.login = login_mode::required;
    result.credentials = demo_account;
    return result;
  }

  // Places an order with the same account, at the counter that takes them.
  void place_order(const std::string& label) {
    client_spec setup{.config = quick(server->url("/ws/api/v2"))};
    setup.config.venue.dialect = "deribit";
    setup.config.venue.login = login_mode::required;
    setup.credentials = demo_account;
    auto [desk, in] = connect_watched(std::move(setup));
    call buy{.method = "private/buy", .policy = queue_until(10s)};
    buy.params = R"({"instrument_name":"BTC-PERPETUAL","amount":10,)"
                 R"("type":"market","label":")"
                 + label + "\"}";
    CAF_CHECK(ask<rpc_result>(desk, buy));
  }

  size_t requests_for(const std::string& part) const {
    auto all = server->received();
    return static_cast<size_t>(
      std::count_if(all.begin(), all.end(), [&](auto& x) {
        return x.text.find(part) != std::string::npos;
      }));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_client_tests, fixture)

CAF_TEST(each subscriber gets its channel and instrument only) {
  start();
  auto [uut, events] = connect_watched(spec());
  auto [first, in] = follow(uut, {trades});
  auto [second, other] = follow(uut, {tickers});
  CAF_CHECK_EQUAL(unauthenticated(in, 10, of_trades), 0u);
  CAF_CHECK_EQUAL(unauthenticated(other, 10, of_tickers), 0u);
  auto status = status_of(uut);
  CAF_CHECK_EQUAL(status.malformed, 0u);
  CAF_CHECK_EQUAL(status.pending_calls, 0u);
}

CAF_TEST(a bad channel spoils no good one) {
  start();
  auto [uut, events] = connect_watched(spec());
  auto [report, subscriber, in] = try_follow(
    uut, {{.name = trades}, {.name = nonsense}, {.name = tickers}});
  CAF_REQUIRE(report);
  auto outcomes = outcomes_of(*report);
  CAF_CHECK(outcomes[trades] == outcome_kind::granted);
  CAF_CHECK(outcomes[tickers] == outcome_kind::granted);
  CAF_CHECK(outcomes[nonsense] == outcome_kind::rejected);
  for (auto& x : report->outcomes)
    if (x.kind == outcome_kind::rejected)
      CAF_CHECK(x.reason.detail.find("60018") != std::string::npos);
  CAF_CHECK_EQUAL(status_of(uut).channels, 2u);
  CAF_CHECK(in->wait_for_messages(10));
}

CAF_TEST(channels of all subscribers are back after a cut) {
  start();
  auto [uut, events] = connect_watched(spec());
  auto [first, in] = follow(uut, {trades});
  auto [second, other] = follow(uut, {tickers});
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(unauthenticated(in, 10, of_trades, 2), 0u);
  CAF_CHECK_EQUAL(unauthenticated(other, 10, of_tickers, 2), 0u);
}

CAF_TEST(a notice of the venue moves all channels in time) {
  start();
  auto [uut, events] = connect_watched(spec());
  auto [first, in] = follow(uut, {trades});
  auto [second, other] = follow(uut, {tickers});
  server->apply(sim::fault_cut{.notice = 2s});
  auto moved = events->wait_for_kind(event_kind::connection_replaced);
  CAF_REQUIRE(moved);
  CAF_CHECK_EQUAL(moved->reason.code, ec::venue_leaving);
  CAF_CHECK_EQUAL(unauthenticated(in, 10, of_trades, 2), 0u);
  CAF_CHECK_EQUAL(unauthenticated(other, 10, of_tickers, 2), 0u);
  auto all = events->events();
  CAF_CHECK(std::none_of(all.begin(), all.end(), [](auto& x) {
    return x.state == client_state::backing_off;
  }));
}

CAF_TEST(text pings keep a silent connection) {
  start({.idle_timeout = 500ms});
  auto setup = spec();
  setup.config.heartbeat
    = {.kind = heartbeat_kind::venue, .interval = 10ms, .max_missed = 100};
  auto [uut, events] = connect_watched(setup);
  auto [plain, in] = collect(uut);
  CAF_REQUIRE(server->log().wait_for_stats(
    [](auto& x) { return x.messages_received_total >= 70; }, patience));
  CAF_CHECK_EQUAL(requests_for("ping"), server->received().size());
  auto health = ask<heartbeat_health>(uut, get_heartbeat_health{});
  CAF_REQUIRE(health);
  CAF_CHECK(health->last_beat_ago >= 0ms);
  CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
  // Keep-alive messages are not delivered as data.
  CAF_CHECK_EQUAL(in->count(), 0u);
}

CAF_TEST(a venue that answers no text ping is left) {
  start();
  auto setup = spec();
  setup.config.heartbeat
    = {.kind = heartbeat_kind::venue, .interval = 30ms, .max_missed = 1};
  auto [uut, events] = connect_watched(setup);
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  server->apply(sim::fault_stall{});
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(uut)), ec::heartbeat_lost);
}

CAF_TEST(private channels follow a signed login) {
  start();
  auto [uut, events] = connect_watched(private_spec());
  auto [subscriber, in] = follow_specs(uut, {orders});
  place_order("first");
  CAF_REQUIRE(in->wait_for_messages(1));
  CAF_CHECK(in->messages()[0].payload.find("first") != std::string::npos);
  server->apply(sim::fault_drop{}, "/ws/v5/private");
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 2));
  place_order("second");
  CAF_REQUIRE(in->wait_for_messages(2));
  CAF_CHECK(in->messages()[1].payload.find("second") != std::string::npos);
  CAF_CHECK_EQUAL(requests_for("\"login\""), 2u);
}

CAF_TEST(a login with a wrong passphrase is refused for good) {
  start();
  auto setup = private_spec();
  setup.credentials = [] {
    return result<credentials>{{"demo", "demo-secret", "mistyped"}};
  };
  auto [uut, events] = connect_watched(setup);
  auto reason = end_of(uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::login_failed);
  CAF_CHECK(caf_compat::detail_of(reason).find("60024") != std::string::npos);
  CAF_CHECK_EQUAL(server->upgrades_total(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
