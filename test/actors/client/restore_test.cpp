// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_restore

#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";
constexpr auto book = "book.BTC-PERPETUAL.100ms";

const channel_spec orders{
  .name = "user.orders.BTC-PERPETUAL.raw",
  .access = channel_access::authenticated_only,
};

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server();

  client_supervisor_actor supervisor = rt.supervise();

  client_spec spec() const {
    client_spec result{.name = "desk", .config = quick(server->url())};
    result.config.venue.dialect = "deribit";
    result.config.venue.login = login_mode::required;
    result.credentials = demo_account;
    return result;
  }

  // Kills the incarnation and waits until the next one is ready.
  void crash(const client_actor& uut, const inbox_ptr& events) {
    auto epoch = status_of(uut).epoch;
    self->send_exit(uut, caf::exit_reason::kill);
    CAF_REQUIRE(events->wait_for_kind(event_kind::restarted));
    CAF_REQUIRE(events->wait_for_state(client_state::ready, epoch + 1));
  }

  static call buy(const std::string& label) {
    call result{.method = "private/buy"};
    result.params = R"({"instrument_name":"BTC-PERPETUAL","amount":10,)"
                    R"("type":"market","label":")"
                    + label + "\"}";
    return result;
  }

  // Requests of a client's latest connection.
  std::string requests_of_last_connection() const {
    std::string result;
    auto all = server->received();
    for (auto& x : all)
      if (x.connection == all.back().connection)
        result += x.text + '\n';
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_restore_tests, fixture)

CAF_TEST(private channels are back after a crash behind a login) {
  auto [uut, events] = start_watched(supervisor, spec());
  auto [first, in] = follow_specs(uut, {orders});
  auto [second, other] = follow(uut, {trades});
  CAF_CHECK(ask<rpc_result>(uut, buy("before")));
  CAF_REQUIRE(in->wait_for_messages(1));
  crash(uut, events);
  CAF_CHECK(ask<rpc_result>(uut, buy("after")));
  CAF_REQUIRE(in->wait_for_messages(2));
  auto got = in->messages();
  CAF_CHECK(got[0].payload.find("\"before\"") != std::string::npos);
  CAF_CHECK(got[1].payload.find("\"after\"") != std::string::npos);
  CAF_CHECK_EQUAL(got[1].epoch, 2u);
  CAF_CHECK_EQUAL(unauthenticated(other, 10, trades, 2), 0u);
  auto said = requests_of_last_connection();
  auto login = said.find("public/auth");
  auto channels = said.find("private/subscribe");
  CAF_REQUIRE(login != std::string::npos && channels != std::string::npos);
  CAF_CHECK_LESS(login, channels);
}

CAF_TEST(channels that were given up do not come back by a crash) {
  auto [uut, events] = start_watched(supervisor, spec());
  auto [keeper, in] = follow(uut, {trades, book});
  auto [leaver, other] = follow_specs(uut, {orders});
  CAF_CHECK_EQUAL(tell(uut, unsubscribe_channels{{book}, keeper}), caf::none);
  CAF_CHECK_EQUAL(tell(uut, unsubscribe_channels{{orders.name}, leaver}),
                  caf::none);
  crash(uut, events);
  CAF_CHECK_EQUAL(unauthenticated(in, 10, trades, 2), 0u);
  CAF_CHECK_EQUAL(status_of(uut).channels, 1u);
  auto said = requests_of_last_connection();
  CAF_CHECK(said.find(trades) != std::string::npos);
  CAF_CHECK(said.find(book) == std::string::npos);
  CAF_CHECK(said.find(orders.name) == std::string::npos);
}

CAF_TEST(channels of a subscriber that died during an outage are not restored) {
  auto [uut, events] = start_watched(supervisor, spec());
  auto [keeper, in] = follow(uut, {trades});
  auto [dying, other] = follow(uut, {book});
  server->stop_listening();
  CAF_REQUIRE(events->wait_for_state(client_state::backing_off));
  self->send_exit(dying, caf::exit_reason::user_shutdown);
  CAF_REQUIRE(
    eventually([&, &uut = uut] { return status_of(uut).channels == 1; }));
  CAF_CHECK(!server->listen_again());
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(unauthenticated(in, 10, trades, 2), 0u);
  CAF_CHECK(requests_of_last_connection().find(book) == std::string::npos);
}

CAF_TEST(channels asked for during an outage are granted after it) {
  auto [uut, events] = start_watched(supervisor, spec());
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  server->stop_listening();
  CAF_REQUIRE(events->wait_for_state(client_state::backing_off));
  auto in = std::make_shared<inbox>();
  auto subscriber = sys.spawn(collecting, in);
  auto pending
    = self->request(uut, std::chrono::milliseconds{patience},
                    subscribe_channels{{orders, {.name = trades}}, subscriber});
  CAF_REQUIRE(
    eventually([&, &uut = uut] { return status_of(uut).channels == 2; }));
  CAF_CHECK(!server->listen_again());
  std::move(pending).receive(
    [](channel_report& x) { CAF_CHECK(x.all_granted()); },
    [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
  CAF_CHECK(in->wait_for_messages(10));
}

CAF_TEST(all calls that are pending at a cut have an unknown outcome) {
  auto [uut, events] = start_watched(supervisor, spec());
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  for (auto crashes : {false, true}) {
    auto epoch = status_of(uut).epoch;
    server->apply(sim::fault_stall{});
    std::vector<decltype(self->request(uut, 1s, buy("")))> pending;
    for (int i = 0; i < 5; ++i)
      pending.push_back(
        self->request(uut, std::chrono::milliseconds{patience}, buy("lost")));
    CAF_REQUIRE(eventually(
      [&, &uut = uut] { return status_of(uut).pending_calls == 5; }));
    if (crashes)
      self->send_exit(uut, caf::exit_reason::kill);
    else
      server->apply(sim::fault_drop{});
    for (auto& x : pending)
      std::move(x).receive(
        [](rpc_result&) { CAF_ERROR("nobody can have answered"); },
        [](caf::error& reason) {
          CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::disconnected);
        });
    CAF_REQUIRE(events->wait_for_state(client_state::ready, epoch + 1));
    CAF_CHECK_EQUAL(status_of(uut).pending_calls, 0u);
  }
  // They were in the sockets that were reset, and were not sent again.
  CAF_CHECK(ask<rpc_result>(uut, buy("next")));
  CAF_CHECK_EQUAL(server->count_orders("next"), 1u);
  CAF_CHECK_LESS_OR_EQUAL(server->count_orders("lost"), 10u);
}

CAF_TEST_FIXTURE_SCOPE_END()
