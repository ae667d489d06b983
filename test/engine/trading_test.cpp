// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE trading

#include "support/unit_test.hpp"
#include "support/world.hpp"
#include "trading_engine/engine.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

// The engine, a supervised client that is logged in, and the venue.
struct fixture : world {
  fixture() {
    client_spec spec{.name = "venue", .config = quick(server->url())};
    auto& venue = spec.config.venue;
    venue.dialect = "deribit";
    venue.login = login_mode::required;
    venue.on_login
      = {{"private/enable_cancel_on_disconnect", R"({"scope":"connection"})"}};
    spec.credentials = [] {
      return result<credentials>{
        credentials{.key = "demo", .secret = "demo-secret"}};
    };
    auto client = ask<client_actor>(supervisor, start_client{spec});
    CAF_REQUIRE(client);
    uut = *client;
    engine::engine_options options;
    options.market.instruments = {instrument};
    options.market.pace = market_pace::fastest;
    options.market.tickers = engine::ticker_order::follows_book;
    options.ledger = std::make_shared<engine::order_ledger>("test", 0);
    trader = sys.spawn<engine::engine>(std::move(options), caf::actor{});
    self->send(trader, engine::attach_client{uut});
    CAF_REQUIRE(eventually([&] { return is_quoting(); }));
    await_ready_client();
    CAF_REQUIRE(eventually([&] { return report().hindrance.empty(); }));
  }

  ~fixture() {
    self->send_exit(trader, caf::exit_reason::user_shutdown);
    self->wait_for(trader);
  }

  // Valid until the next call.
  const engine::engine_report& report() {
    auto result = ask<engine::engine_report>(trader, engine::get_report{});
    CAF_REQUIRE(result);
    return report_ = *result;
  }

  bool is_quoting() {
    auto& now = report();
    return now.connected && now.instruments[0].bid && now.instruments[0].ask;
  }

  // Prices may come before everything is restored, orders may not.
  void await_ready_client() {
    CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  }

  // Sends one order and no other.
  void trade() {
    self->send(trader, engine::trade_now{{instrument, 1}});
    self->send(trader, engine::halt{});
  }

  // Sends an order that the venue does not read, for now.
  void trade_in_silence() {
    server->apply(sim::fault_stall{});
    trade();
    CAF_REQUIRE(eventually([&] { return report().orders.sent == 1; }));
  }

  static constexpr const char* instrument = "BTC-PERPETUAL";

  // Slow enough for the strategy to have no opinion.
  std::unique_ptr<sim::server> server = start_server({.tick = 50ms});
  client_supervisor_actor supervisor = rt.supervise();
  client_actor uut;
  caf::actor trader;
  engine::engine_report report_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trading_tests, fixture)

CAF_TEST(an order is placed once) {
  trade();
  CAF_CHECK(eventually([&] { return report().orders.acked == 1; }));
  CAF_CHECK_EQUAL(server->count_orders("test-1-1"), 1u);
}

CAF_TEST(an order that was cut off is found to be absent) {
  trade_in_silence();
  server->apply(sim::fault_drop{});
  CAF_CHECK(eventually([&] { return report().orders.unknown == 1; }));
  CAF_CHECK(eventually([&] { return report().orders.absent == 1; }));
  CAF_CHECK_EQUAL(report().orders.unknown, 0u);
  CAF_CHECK_EQUAL(server->count_orders("test-1-1"), 0u);
}

CAF_TEST(an order whose answer was lost is found at the venue) {
  server->apply(sim::fault_stall{});
  trade();
  CAF_REQUIRE(eventually([&] { return report().orders.sent == 1; }));
  self->send_exit(uut, caf::exit_reason::kill);
  // The venue reads the dead client's orders while they may still be placed.
  server->apply(sim::fault_resume{});
  CAF_CHECK(eventually([&] {
    auto now = report().orders;
    return now.ever_unknown == 1 && now.unknown == 0;
  }));
  auto orders = report().orders;
  CAF_CHECK_EQUAL(orders.acked, server->count_orders("test-1-1"));
  CAF_CHECK_EQUAL(orders.acked + orders.absent, 1u);
}

CAF_TEST(an order that comes too late is not placed) {
  trade_in_silence();
  CAF_CHECK(eventually([&] { return report().orders.unknown == 1; }));
  server->apply(sim::fault_resume{});
  CAF_CHECK(eventually([&] { return report().orders.absent == 1; }));
  CAF_CHECK_EQUAL(server->count_orders("test-1-1"), 0u);
}

CAF_TEST(a gap in the book heals) {
  server->apply(sim::fault_gap{});
  CAF_CHECK(eventually([&] {
    auto now = report();
    return now.market.gaps_detected == 1 && now.stale_books() == 0;
  }));
  CAF_CHECK_EQUAL(report().market.gaps_undetected, 0u);
}

CAF_TEST(all is restored after the client was killed) {
  self->send_exit(uut, caf::exit_reason::kill);
  CAF_CHECK(eventually([&] {
    return report().epoch == 2 && is_quoting() && report().granted() == 3u;
  }));
  await_ready_client();
  trade();
  CAF_CHECK(eventually([&] { return report().orders.acked == 1; }));
}

CAF_TEST_FIXTURE_SCOPE_END()
