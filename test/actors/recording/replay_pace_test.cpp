// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE replay_pace

#include "recording_fixture.hpp"

#include "support/actor_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct replay_config : caf::actor_system_config {
  replay_config() {
    load_types(*this);
  }
};

// The test controls time and threads.
struct replay_pace_fixture : recording_fixture,
                             test_coordinator_fixture<replay_config> {
  inbox_ptr play(replay_options options) {
    options.path = path();
    auto in = std::make_shared<inbox>();
    auto uut = spawn_replay(sys, std::move(options),
                            {{sys.spawn(collecting, in)}});
    CAF_REQUIRE(uut);
    caf_compat::tell(*self, *uut, start_replay{});
    sched.run();
    return in;
  }

  void pass(std::chrono::nanoseconds span) {
    sched.advance_time(span);
    sched.run();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(replay_pace_tests, replay_pace_fixture)

CAF_TEST(the pace is that of the recording or a multiple of it) {
  add(1, "a");
  add(2, "b", 200ms);
  for (auto& [speed, pause] :
       {std::pair{1.0, 200ms}, std::pair{0.5, 400ms}, std::pair{4.0, 50ms}}) {
    auto in = play({.speed = speed});
    pass(pause - 1ns);
    CAF_CHECK_EQUAL(in->count(), 1u);
    pass(1ns);
    CAF_CHECK_EQUAL(in->count(), 2u);
  }
  add(3, "c", 200ms + 24h);
  auto in = play({.speed = 864'000});
  pass(100ms);
  CAF_CHECK_EQUAL(in->count(), 2u);
  pass(1ms);
  CAF_CHECK_EQUAL(in->count(), 3u);
}

CAF_TEST(a pause of an hour need not be waited for) {
  add(1, "a");
  add(2, "b", 1h);
  CAF_CHECK_EQUAL(play({.speed = 0})->count(), 2u);
  auto in = play({.max_gap = 20ms});
  CAF_CHECK_EQUAL(in->count(), 1u);
  pass(20ms);
  CAF_CHECK_EQUAL(in->count(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
