// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE mutated_conversation

#include "support/fault_proxy.hpp"
#include "support/node_world.hpp"
#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <fstream>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";

// AddressSanitizer keeps freed memory for a while.
#ifdef __SANITIZE_ADDRESS__
constexpr size_t max_growth_kib = 512 * 1024;
#else
constexpr size_t max_growth_kib = 64 * 1024;
#endif

// Time for which a node waits for answers that may never come.
constexpr auto briefly = 200ms;

size_t resident_kib() {
  std::ifstream in{"/proc/self/statm"};
  size_t total = 0;
  size_t resident = 0;
  in >> total >> resident;
  return resident * 4;
}

struct fixture : gateway_world {
  fixture() {
    auto client = ask<client_actor>(supervisor,
                                    start_client{deribit_at(*venue)});
    CAF_REQUIRE(client);
    CAF_REQUIRE(ask<uint64_t>(*client, await_ready{}));
  }

  // A decent node is served as if nothing had happened.
  void check_service() {
    subscriber_world there{gateway->port()};
    auto uut = there.client("desk");
    CAF_CHECK(there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
  }

  // Does some of everything that nodes do, as far as it gets.
  void converse(uint16_t port) {
    node_world there;
    auto link = connect_gateway(there.rt,
                                {.port = port,
                                 .connect_within = briefly,
                                 .backoff = {.min = 10ms, .max = 20ms}});
    if (!link)
      return;
    auto& uut = (*link)->gateway();
    auto desk = there.ask<client_actor>(uut, get_client{"desk"}, briefly);
    if (!desk)
      return;
    auto in = std::make_shared<inbox>();
    auto subscriber = there.sys.spawn(collecting, in);
    auto followed = there.ask<channel_report>(
      *desk, subscribe_channels{{{.name = trades}}, subscriber}, briefly);
    if (!followed)
      return;
    ++conversations;
    there.ask<rpc_result>(*desk, call{.method = "public/get_time"}, briefly);
    there.ask<client_list>(uut, list_clients{}, briefly);
    there.ask<client_actor>(uut, start_client{deribit_at(*venue, "another")},
                            briefly);
    there.ask<rpc_result>(*desk, call{.method = "public/get_time"}, briefly);
  }

  // Whatever the nodes have started, under whatever name.
  void stop_others() {
    auto all = ask<client_list>(supervisor, list_clients{});
    CAF_REQUIRE(all);
    for (auto& x : all->clients)
      if (x.name != "desk")
        static_cast<void>(tell(supervisor, stop_client{x.name}));
  }

  std::unique_ptr<sim::server> venue = start_server();
  size_t conversations = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(mutated_conversation_tests, fixture)

CAF_TEST(damage to the messages of a node harms no other node) {
  check_service();
  auto before = resident_kib();
  auto seed = choose_seed();
  for (size_t i = 0; i < 60; ++i) {
    // A handshake takes less than a hundred bytes.
    stream_damage damage{.seed = seed + 1000 * i,
                         .intact = i % 3 * 400,
                         .distance = size_t{64} << i % 5,
                         .keeps_length = i % 2 == 0};
    fault_proxy proxy{{.server_port = gateway->port(), .damage = damage}};
    converse(proxy.port());
    stop_others();
  }
  CAF_MESSAGE(conversations << " conversations");
  check_service();
  CAF_MESSAGE(resident_kib() << " KiB after " << before);
  CAF_CHECK(resident_kib() < before + max_growth_kib);
}

CAF_TEST_FIXTURE_SCOPE_END()
