// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE node_faults

#include "support/fault_proxy.hpp"
#include "support/node_world.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <csignal>
#include <fstream>

using namespace zenws;
using namespace zenws::test_support;
using test_support::program;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";

bool is_gateway_loss(const client_event& x) {
  return x.kind == event_kind::state_changed
         && x.state == client_state::backing_off
         && x.reason.code == ec::gateway_lost;
}

// A gateway in a process of its own.
class gateway_process {
public:
  explicit gateway_process(const sim::server& venue) {
    std::ofstream out{file_};
    out << "[gateway]\nheartbeat = \"50ms\"\nsilence_limit = \"500ms\"\n"
        << "[clients]\ndesk = { url = \"" << venue.url()
        << "/ws/api/v2\", dialect = \"deribit\" }\n";
    out.close();
    start();
  }

  void start() {
    running.emplace(ZENWS_GATEWAY,
                    std::vector<std::string>{"--config", file_, "--port",
                                             std::to_string(port)});
    auto where = running->read_after("listening at 127.0.0.1:", patience);
    CAF_REQUIRE(where);
    port = static_cast<uint16_t>(std::stoul(*where));
  }

  std::optional<program> running;
  uint16_t port = 0;

private:
  test_support::temporary_folder folder_;
  std::string file_ = folder_.file("gateway.toml");
};

} // namespace

CAF_TEST(a gateway that is killed is noticed at once and found again) {
  auto venue = start_server();
  gateway_process gateway{*venue};
  // Only the end of the connection tells.
  subscriber_world there{
    gateway.port, {}, {.heartbeat = 50ms, .silence_limit = 1h}};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  CAF_REQUIRE(in->wait_for_messages(3));
  gateway.running->signal(SIGKILL);
  CAF_CHECK(in->wait_for_event(is_gateway_loss));
  gateway.running->wait(patience);
  gateway.start();
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK(
    eventually([&, in = in] { return in->messages().back().epoch >= 2; }));
}

CAF_TEST(a gateway that stands still is noticed and found again) {
  auto venue = start_server();
  gateway_process gateway{*venue};
  subscriber_world there{gateway.port};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  CAF_REQUIRE(in->wait_for_messages(3));
  gateway.running->signal(SIGSTOP);
  // The outcome of requests that were under way is unknown.
  auto list = there.self->request(there.link->gateway(), patience,
                                  list_clients{});
  auto lost = there.ask<rpc_result>(uut, call{.method = "public/get_time"});
  CAF_REQUIRE(!lost);
  CAF_CHECK(caf_compat::code_of(lost.error()) == ec::disconnected);
  std::move(list).receive(
    [](const client_list&) { CAF_FAIL("answered by nobody"); },
    [](const caf::error& reason) {
      CAF_CHECK(caf_compat::code_of(reason) == ec::disconnected);
    });
  CAF_CHECK(in->wait_for_event(is_gateway_loss));
  gateway.running->signal(SIGCONT);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK(
    eventually([&, in = in] { return in->messages().back().epoch >= 2; }));
  CAF_CHECK(there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
}

CAF_TEST(a gateway that is asked to end says goodbye) {
  auto venue = start_server();
  gateway_process gateway{*venue};
  subscriber_world there{gateway.port};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  gateway.running->signal(SIGTERM);
  auto loss = in->wait_for_event(is_gateway_loss);
  CAF_REQUIRE(loss);
  CAF_CHECK_EQUAL(loss->reason.detail, "the gateway goes away");
  CAF_CHECK(gateway.running->wait(patience) == 0);
}

CAF_TEST(channels of a node are given up when it stalls or is killed) {
  auto venue = start_server();
  gateway_world here;
  auto desk = here.ask<client_actor>(here.supervisor,
                                     start_client{deribit_at(*venue, "venue")});
  CAF_REQUIRE(desk);
  auto channels = [&] { return here.status_of(*desk).channels; };
  test_support::temporary_folder folder;
  auto file = folder.file("engine.toml");
  std::ofstream{file}
    << "[venues.venue]\ndialect = \"deribit\"\ngateways = [\"127.0.0.1:"
    << here.gateway->port()
    << "\"]\n[venues.venue.desk]\nowner = \"node\"\njournal = \"off\"\n"
       "[venues.venue.desk.instruments.BTC-PERPETUAL]\n[strategies.maker]\n"
       "kind = \"market_maker\"\nvenue = \"venue\"\n"
       "instrument = \"BTC-PERPETUAL\"\namount = 10\nmax_position = 10\n";
  for (auto number : {SIGSTOP, SIGKILL}) {
    program node{ZENWS_TRADING_ENGINE, {"--config", file}};
    CAF_REQUIRE(eventually([&] { return channels() > 0; }));
    node.signal(number);
    CAF_CHECK(eventually([&] { return channels() == 0; }));
    if (number == SIGSTOP) {
      node.signal(SIGCONT);
      CAF_CHECK(eventually([&] { return channels() == 3; }));
    }
  }
}

CAF_TEST(a parted network heals) {
  auto venue = start_server();
  gateway_world here;
  auto desk = here.ask<client_actor>(here.supervisor,
                                     start_client{deribit_at(*venue)});
  CAF_REQUIRE(desk);
  fault_proxy between{{.server_port = here.gateway->port()}};
  subscriber_world there{between.port()};
  auto uut = there.client("desk");
  auto [subscriber, in] = there.follow(uut, {trades});
  CAF_REQUIRE(in->wait_for_messages(3));
  for (uint64_t epoch = 2; epoch < 4; ++epoch) {
    between.stall();
    auto lost = there.ask<rpc_result>(uut, call{.method = "public/get_time"});
    CAF_CHECK(!lost);
    CAF_CHECK(eventually([&] { return here.status_of(*desk).channels == 0; }));
    between.heal();
    CAF_REQUIRE(in->wait_for_state(client_state::ready, epoch));
    CAF_CHECK(eventually(
      [&, in = in] { return in->messages().back().epoch >= epoch; }));
  }
}

CAF_TEST(a gateway may take longer than a heartbeat to answer) {
  node_options patient{.heartbeat = 50ms, .silence_limit = 10s};
  gateway_world here{{}, patient};
  fault_proxy between{{.server_port = here.gateway->port()}};
  between.stall_for(300ms);
  subscriber_world there{between.port(), {}, patient};
  CAF_CHECK_EQUAL(between.num_accepted(), 1u);
}
