// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE slow_node

#include "support/let_go.hpp"
#include "support/node_world.hpp"
#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";

using batches = std::shared_ptr<std::vector<message_batch>>;

// Keeps batches until it is told to release them.
caf::behavior hoarding(caf::event_based_actor*, inbox_ptr in, batches kept) {
  return {
    [=](const message_batch& batch) {
      in->put(batch);
      kept->push_back(batch);
    },
    [=](const client_event& event) { in->put(event); },
    [=](let_go) { kept->clear(); },
  };
}

struct fixture {
  static constexpr size_t budget = 64 * 1024;

  static gateway_options narrow(uint16_t port) {
    return {.port = port,
            .stream = {.window_bytes = 4096, .budget_bytes = budget}};
  }

  // Returns the bytes that wait at the gateway for its nodes.
  uint64_t waiting_bytes() {
    auto tree = here.ask<tree_node>(here.gateway->address(), get_tree{});
    CAF_REQUIRE(tree);
    uint64_t result = 0;
    for (auto& node : tree->children)
      for (auto& x : node.details)
        if (x.name == "waiting")
          result += std::stoull(x.value);
    return result;
  }

  std::unique_ptr<sim::server> venue = start_server({.tick = 1ms});
  gateway_world here;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(slow_node_tests, fixture)

CAF_TEST(a slow node loses messages and no other one does) {
  auto desk = here.ask<client_actor>(here.supervisor,
                                     start_client{deribit_at(*venue)});
  CAF_REQUIRE(desk);
  subscriber_world slow{here.gateway->port(), narrow(here.gateway->port())};
  subscriber_world swift{here.gateway->port()};
  auto in = std::make_shared<inbox>();
  auto kept = std::make_shared<std::vector<message_batch>>();
  auto hoarder = slow.sys.spawn(hoarding, in, kept);
  subscription_options little{.budget_bytes = 1024};
  CAF_REQUIRE(slow.ask<channel_report>(
    slow.client("desk"),
    subscribe_channels{{{.name = trades}}, hoarder, little}));
  auto uut = swift.client("desk");
  auto [subscriber, all] = swift.follow(uut, {trades});
  // Until the gateway leaves messages out for want of room.
  CAF_REQUIRE(
    eventually([&] { return here.status_of(*desk).messages_dropped > 0; }));
  CAF_CHECK(waiting_bytes() > 0);
  CAF_CHECK(waiting_bytes() <= 2 * budget);
  CAF_CHECK(!here.status_of(*desk).reading_paused);
  CAF_REQUIRE(all->wait_for_messages(all->count() + 50));
  CAF_CHECK(!all->events().empty());
  for (auto& x : all->events())
    CAF_CHECK(x.kind != event_kind::messages_dropped);
  // It is notified of missed messages, and served again.
  CAF_REQUIRE(eventually([&] {
    caf_compat::tell(*slow.self, hoarder, let_go{});
    for (auto& x : in->events())
      if (x.kind == event_kind::messages_dropped)
        return x.dropped_messages > 0;
    return false;
  }));
}

CAF_TEST(backpressure across nodes has to be allowed) {
  auto desk = here.ask<client_actor>(here.supervisor,
                                     start_client{deribit_at(*venue)});
  CAF_REQUIRE(desk);
  gateway_options options{.stream = {.policy = overflow_policy::backpressure}};
  subscriber_world there{here.gateway->port(), options};
  auto refused = there.ask<client_actor>(there.link->gateway(),
                                         get_client{"desk"});
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::code_of(refused.error()) == ec::invalid_config);
  gateway_world lenient{gateway_config{.allow_backpressure = true}};
  CAF_REQUIRE(lenient.ask<client_actor>(lenient.supervisor,
                                        start_client{deribit_at(*venue)}));
  subscriber_world elsewhere{lenient.gateway->port(), options};
  elsewhere.client("desk");
}

CAF_TEST_FIXTURE_SCOPE_END()
