// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE gateway_restart

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include <thread>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";

struct fixture {
  fixture() {
    open_gateway(0);
  }

  // Starts the gateway, or the next one at the same port.
  void open_gateway(uint16_t port) {
    here = std::make_unique<gateway_world>(gateway_config{.port = port});
    auto started = here->ask<client_actor>(here->supervisor,
                                           start_client{deribit_at(*venue)});
    CAF_REQUIRE(started);
    CAF_REQUIRE(here->ask<uint64_t>(*started, await_ready{}));
  }

  std::unique_ptr<sim::server> venue = start_server();
  std::unique_ptr<gateway_world> here;
};

bool is_gateway_loss(const client_event& x) {
  return x.kind == event_kind::state_changed
         && x.state == client_state::backing_off
         && x.reason.code == ec::gateway_lost;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(gateway_restart_tests, fixture)

CAF_TEST(channels outlive the gateway) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  CAF_REQUIRE(in->wait_for_messages(5));
  auto port = here->gateway->port();
  here = nullptr;
  auto loss = in->wait_for_event(is_gateway_loss);
  CAF_REQUIRE(loss);
  CAF_MESSAGE(describe(*loss));
  // No gateway is there, and no address pretends otherwise.
  auto refused = there.ask<rpc_result>(uut, call{.method = "public/get_time"});
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::code_of(refused.error()) == ec::not_connected);
  auto last = in->messages().back();
  CAF_CHECK_EQUAL(last.epoch, 1u);
  open_gateway(port);
  auto back = in->wait_for_state(client_state::ready, 2);
  CAF_REQUIRE(back);
  CAF_REQUIRE(
    eventually([&in = in] { return in->messages().back().epoch >= 2; }));
  auto all = in->messages();
  for (size_t i = 1; i < all.size(); ++i) {
    CAF_CHECK(all[i].sequence > all[i - 1].sequence);
    CAF_CHECK(all[i].epoch >= all[i - 1].epoch);
  }
  CAF_CHECK(there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
}

CAF_TEST(messages that may wait do so until the gateway is back) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  auto port = here->gateway->port();
  here = nullptr;
  CAF_REQUIRE(in->wait_for_event(is_gateway_loss));
  auto in_vain = there.ask<rpc_result>(uut, call{.method = "public/get_time",
                                                 .policy = queue_until(20ms)});
  CAF_REQUIRE(!in_vain);
  CAF_CHECK(caf_compat::code_of(in_vain.error()) == ec::send_expired);
  auto too_big
    = there.tell(uut, send_text{std::string(defaults::max_outbound_bytes, 'x'),
                                queue_until(patience)});
  CAF_CHECK(caf_compat::code_of(too_big) == ec::outbound_full);
  auto ask_time = [&] {
    return there.self->request(uut, patience,
                               call{.method = "public/get_time",
                                    .policy = queue_until(patience)});
  };
  auto first = ask_time();
  auto second = ask_time();
  open_gateway(port);
  size_t answers = 0;
  for (auto* x : {&first, &second})
    std::move(*x).receive([&](const rpc_result&) { ++answers; },
                          [](const caf::error& reason) {
                            CAF_FAIL(caf_compat::to_text(reason));
                          });
  CAF_CHECK_EQUAL(answers, 2u);
}

CAF_TEST(messages that wait for a gateway end with their client) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  here = nullptr;
  CAF_REQUIRE(in->wait_for_event(is_gateway_loss));
  auto waiting = there.self->request(uut, patience,
                                     send_text{"x", queue_until(patience)});
  there.link = nullptr;
  std::move(waiting).receive([] { CAF_FAIL("sent to nobody"); },
                             [](const caf::error& reason) {
                               CAF_CHECK(outcome_of(caf_compat::code_of(reason))
                                         == send_outcome::not_sent);
                             });
}

CAF_TEST(a client that a node has started is started again) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.ask<client_actor>(there.link->gateway(),
                                     start_client{deribit_at(*venue, "own")});
  CAF_REQUIRE(uut);
  auto [subscriber, in] = there.follow(*uut, {trades});
  CAF_REQUIRE(in->wait_for_messages(1));
  auto port = here->gateway->port();
  here = nullptr;
  CAF_REQUIRE(in->wait_for_event(is_gateway_loss));
  open_gateway(port);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  auto list = there.ask<client_list>(there.link->gateway(), list_clients{});
  CAF_REQUIRE(list);
  CAF_CHECK_EQUAL(list->clients.size(), 2u);
}

CAF_TEST(a gateway that stops tells its nodes and keeps its clients) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  here->gateway->stop();
  CAF_REQUIRE(in->wait_for_event(is_gateway_loss));
  auto count = here->ask<client_counts>(here->supervisor, count_clients{});
  CAF_REQUIRE(count);
  CAF_CHECK_EQUAL(count->ready, 1u);
}

CAF_TEST(channels of a node that is gone are given up) {
  {
    subscriber_world there{here->gateway->port()};
    auto uut = there.client("desk");
    auto [subscriber, in] = there.follow(uut, {trades});
    CAF_REQUIRE(in->wait_for_messages(1));
  }
  auto desk = here->rt.find_client("desk");
  CAF_REQUIRE(desk);
  CAF_CHECK(eventually([&] {
    auto now = here->status_of(*desk);
    return now.channels == 0 && now.subscribers == 0;
  }));
}

CAF_TEST(a client that ends at the gateway ends here) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  CAF_CHECK(!here->tell(here->supervisor, stop_client{"desk"}));
  there.await_end_of(uut);
  auto refused = there.ask<client_status>(uut, get_status{});
  CAF_CHECK(!refused);
}

CAF_TEST(subscriptions survive the crash of the client at the gateway) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  CAF_REQUIRE(in->wait_for_messages(1));
  auto desk = here->rt.find_client("desk");
  CAF_REQUIRE(desk);
  here->self->send_exit(*desk, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for_kind(event_kind::restarted));
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK(
    eventually([&in = in] { return in->messages().back().epoch == 2; }));
  CAF_CHECK(there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
}

CAF_TEST(a kept address of a link does not delay the end of its system) {
  remote_gateway_actor address;
  {
    subscriber_world there{here->gateway->port()};
    address = there.link->gateway();
  }
  CAF_CHECK(address);
}

CAF_TEST(connecting to a gateway that does not exist fails) {
  node_world there;
  auto refused = connect_gateway(
    there.rt, {.port = 1, .connect_within = std::chrono::milliseconds{200}});
  CAF_REQUIRE(!refused);
  CAF_MESSAGE(caf_compat::to_text(refused.error()));
  CAF_CHECK(caf_compat::code_of(refused.error()) == ec::connect_failed);
}

CAF_TEST_FIXTURE_SCOPE_END()
