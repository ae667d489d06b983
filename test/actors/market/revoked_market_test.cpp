// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE revoked_market

#include "support/actor_test.hpp"

#include "zenws/actors/runtime.hpp"
#include "zenws/testing/fake_clients.hpp"

#include <algorithm>
#include <string>

using namespace zenws;

namespace {

// A subscriber of market data and what it is told of channels.
struct follower {
  size_t revoked = 0;
  caf::actor source;
};

struct fixture : test_coordinator_fixture<system_config> {
  fixture() {
    client_spec spec{.name = "feed"};
    spec.config.url = "ws://localhost/";
    spec.config.venue.dialect = "deribit";
    client = fakes.connect(std::move(spec));
    sched.run();
    fakes.enter("feed", client_state::ready);
    sched.run();
  }

  ~fixture() {
    for (auto& x : {first_actor, second_actor})
      if (x)
        caf::anon_send_exit(x, caf::exit_reason::kill);
    first.source = second.source = nullptr;
    fakes.fail("feed", error{ec::client_stopped});
    sched.run();
  }

  caf::actor follow(follower& to, market::data_kind kind) {
    auto result = sys.spawn(
      [&to](caf::event_based_actor* ptr, int) {
        return caf::behavior{
          [](const market_batch&) {},
          [&to, ptr](const client_event& x) {
            to.source = caf::actor_cast<caf::actor>(ptr->current_sender());
            to.revoked += x.kind == event_kind::channel_revoked;
          },
        };
      },
      0);
    caf_compat::anon_send(
      client, subscribe_market{.instruments = {"BTC-PERPETUAL"},
                               .kinds = {kind},
                               .subscriber
                               = caf::actor_cast<market_subscriber>(result)});
    sched.run();
    return result;
  }

  testing::fake_clients fakes{sys};
  client_actor client;
  follower first;
  follower second;
  caf::actor first_actor;
  caf::actor second_actor;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(revoked_market_tests, fixture)

// All subscribers were told of it, whatever they followed.
CAF_TEST(a channel that is taken away concerns those that had it) {
  first_actor = follow(first, market::data_kind::trades);
  second_actor = follow(second, market::data_kind::ticker);
  auto channels = fakes.channels("feed");
  auto trades = std::ranges::find_if(channels, [](auto& x) {
    return x.starts_with("trades");
  });
  CAF_REQUIRE(trades != channels.end());
  CAF_REQUIRE(first.source);
  caf_compat::anon_send(first.source,
                        client_event{.kind = event_kind::channel_revoked,
                                     .detail = *trades});
  sched.run();
  CAF_CHECK_EQUAL(first.revoked, 1u);
  CAF_CHECK_EQUAL(second.revoked, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
