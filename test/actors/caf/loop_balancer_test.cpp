// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE loop_balancer

#include "zenws/actors/caf/internal/loop_balancer.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace std::chrono_literals;

namespace {

struct fixture {
  /// Places clients, all at once.
  void place(size_t clients) {
    for (size_t i = 0; i < clients; ++i)
      ++loops[uut.choose(loops, now)].residents;
  }

  /// Lets loops work for this share of the time.
  void pass(double first, double second) {
    now += loop_balancer::span;
    auto work = [](double share) {
      return std::chrono::duration_cast<std::chrono::nanoseconds>(
        share * loop_balancer::span);
    };
    loops[0].cpu_time += work(first);
    loops[1].cpu_time += work(second);
  }

  std::vector<loop_balancer::reading> loops{2};
  loop_balancer::clock::time_point now{1h};
  loop_balancer uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(loop_balancer_tests, fixture)

CAF_TEST(clients without load are spread evenly) {
  place(10);
  CAF_CHECK_EQUAL(loops[0].residents, 5u);
  loops[0].residents = 2; // some have ended
  place(5);
  CAF_CHECK_EQUAL(loops[0].residents, 6u);
  CAF_CHECK_EQUAL(loops[1].residents, 6u);
}

CAF_TEST(a busy loop gets no more clients) {
  place(2);
  pass(0.9, 0.1);
  place(1);
  CAF_CHECK_EQUAL(loops[1].residents, 2u);
}

CAF_TEST(a burst is spread by what clients cost) {
  place(20);
  pass(0.6, 0.4); // five hundredths for each
  place(4);
  CAF_CHECK_EQUAL(loops[0].residents, 10u);
  CAF_CHECK_EQUAL(loops[1].residents, 14u);
  place(6);
  CAF_CHECK_EQUAL(loops[0].residents, 13u);
  CAF_CHECK_EQUAL(loops[1].residents, 17u);
}

CAF_TEST(load before the last look does not count) {
  place(2);
  pass(0.9, 0.1);
  place(1);
  pass(0, 0.1);
  place(1);
  CAF_CHECK_EQUAL(loops[0].residents, 2u);
  CAF_CHECK_EQUAL(loops[1].residents, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
