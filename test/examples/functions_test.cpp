// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE shown_functions

// Functions shown in the documentation work as described.

#include "zenws/actors/all.hpp"
#include "zenws/testing/mock_exchange.hpp"

#include "support/unit_test.hpp"

#include <functional>
#include <iostream>
#include <sstream>
#include <string>

using namespace zenws;
using namespace std::chrono_literals;

// -- as shown -----------------------------------------------------------------

void print_all(caf::actor_system& sys, const client_actor& client);

pool_actor start_pool(runtime& rt, client_supervisor_actor clients,
                      client_spec member);

void ask_for_time(caf::actor_system& sys, const pool_actor& pool);

namespace {

// Returns the output while `f` runs and until its actors have ended.
std::string
printed_by(const std::function<void(caf::actor_system&, runtime&)>& f) {
  std::ostringstream out;
  auto* console = std::cout.rdbuf(out.rdbuf());
  {
    system_config cfg;
    caf::actor_system sys{cfg};
    runtime rt{sys};
    f(sys, rt);
  }
  std::cout.rdbuf(console);
  return out.str();
}

} // namespace

CAF_TEST(a subscriber prints messages and events and ends with its client) {
  testing::mock_exchange venue;
  auto output = printed_by([&](caf::actor_system& sys, runtime& rt) {
    auto client = rt.connect({.config = {.url = venue.url("/echo")}});
    CAF_REQUIRE(client);
    print_all(sys, *client);
    caf::scoped_actor self{sys};
    self->request(*client, caf::infinite, send_text{"hi", queue_until(10s)})
      .receive([] {}, [](const caf::error& err) { CAF_FAIL(to_text(err)); });
    CAF_CHECK(venue.assert_sent("hi"));
  });
  CAF_CHECK(output.find("is ready (connection 1)") != std::string::npos);
  CAF_CHECK(output.find("has ended for good, in order") != std::string::npos);
}

CAF_TEST(a pool keeps its connections and asks the best of them) {
  testing::mock_exchange venue;
  auto output = printed_by([&](caf::actor_system& sys, runtime& rt) {
    client_config config{.url = venue.url("/ws/api/v2")};
    config.venue.dialect = "deribit";
    auto pool = start_pool(rt, rt.supervise(), {.config = config});
    CAF_CHECK(venue.server().wait_for_connections(3, 20s));
    caf::scoped_actor self{sys};
    auto ready = false;
    while (!ready)
      self->request(pool, caf::infinite, get_pool_health{})
        .receive(
          [&](const pool_health& health) {
            for (auto& x : health.members)
              ready = ready || x.health > 0;
          },
          [](const caf::error& err) { CAF_FAIL(to_text(err)); });
    ask_for_time(sys, pool);
  });
  CAF_CHECK(!output.empty());
  CAF_CHECK(output.find_first_not_of("0123456789\n") == std::string::npos);
}
