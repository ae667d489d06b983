// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_front

#include "zenws/actors/delivery/internal/client_front.hpp"

#include "support/actor_test.hpp"

#include "zenws/actors/runtime.hpp"

#include <malloc.h>

#include <cstddef>

using namespace zenws;

namespace {

struct fixture : test_coordinator_fixture<system_config> {
  ~fixture() {
    caf::anon_send_exit(subscriber, caf::exit_reason::kill);
    sched.run();
  }

  // An incarnation of a client that ends at once.
  void live_and_die() {
    sys.spawn(
      [this](caf::event_based_actor* incarnation, int) -> caf::behavior {
        front.attach(*incarnation);
        front.detach();
        return {};
      },
      0);
    sched.run();
  }

  caf::actor subscriber = sys.spawn(
    [](caf::event_based_actor*, int) -> caf::behavior {
      return {[](const message_batch&) {}, [](const client_event&) {}};
    },
    0);

  client_front front{"feed", {{subscriber}}};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_front_tests, fixture)

// Each incarnation left its memory behind, with each subscriber.
CAF_TEST(of a thousand incarnations nothing is left) {
  constexpr size_t incarnations = 1'000;
  for (int i = 0; i < 100; ++i)
    live_and_die();
  auto before = mallinfo2().uordblks;
  for (size_t i = 0; i < incarnations; ++i)
    live_and_die();
  auto after = mallinfo2().uordblks;
  CAF_CHECK(after < before + incarnations * 50);
}

CAF_TEST_FIXTURE_SCOPE_END()
