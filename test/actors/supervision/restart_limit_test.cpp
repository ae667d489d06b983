// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE restart_limit

// How often a client is restarted before it is given up.

#include "restart_fixture.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(restart_limit_tests, restart_fixture)

CAF_TEST(the eleventh crash in a minute is the last and is told) {
  supervise({.restart_backoff = {.min = 1ms, .max = 1ms, .jitter = 0}});
  start("a");
  for (int i = 0; i < 10; ++i) {
    fail("a", ec::client_crashed);
    pass(1s);
    CAF_REQUIRE_EQUAL(fakes.incarnations("a"), static_cast<size_t>(i) + 2);
  }
  CAF_CHECK(info("a").restarts_in_window == 10u);
  fail("a", ec::client_crashed);
  pass(1h);
  CAF_CHECK_EQUAL(fakes.incarnations("a"), 11u);
  CAF_CHECK_EQUAL(logged("a gave_up"), 1u);
  CAF_CHECK_EQUAL(log.back(), "a ended");
  CAF_CHECK(last.reason.code == ec::restart_limit);
  CAF_CHECK(info("a").child == child_state::gave_up);
}

CAF_TEST(eleven crashes in more than a minute are accepted) {
  supervise({.restart_backoff = {.min = 1ms, .max = 1ms, .jitter = 0}});
  start("a");
  for (int i = 0; i < 30; ++i) {
    fail("a", ec::client_crashed);
    pass(6s);
  }
  CAF_CHECK_EQUAL(fakes.incarnations("a"), 31u);
  CAF_CHECK_EQUAL(logged("a gave_up"), 0u);
}

CAF_TEST(no client is given up in an outage of an hour) {
  for (auto scope : {restart_scope::per_child, restart_scope::shared}) {
    supervise({.scope = scope,
               .restart_backoff = {.min = 100ms, .max = 4s, .jitter = 0}});
    auto address = start("a");
    start("b");
    make_ready("b");
    be_away("a", 1h);
    CAF_CHECK_EQUAL(logged("a gave_up"), 0u);
    CAF_CHECK_EQUAL(fakes.incarnations("b"), 1u);
    CAF_CHECK(info("a").restarts_in_window == 0u);
    CAF_CHECK_GREATER(info("a").restarts, 100u);
    pass(4s);
    make_ready("a");
    CAF_CHECK_EQUAL(send_to(address), caf::none);
    // Crashes count as ever.
    for (int i = 0; i < 11; ++i) {
      CAF_REQUIRE(fakes.is_running("b"));
      fail("b", ec::client_crashed);
      pass(4s);
    }
    if (scope == restart_scope::per_child)
      CAF_CHECK_EQUAL(logged("b gave_up"), 1u);
    else
      CAF_CHECK_EQUAL(logged("a ended"), 1u); // with all others
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
    run();
    log.clear();
  }
}

CAF_TEST(a flapping client costs less and less) {
  supervise();
  start("a");
  for (int i = 0; i < 600; ++i) {
    if (fakes.is_running("a"))
      fail("a", ec::client_crashed);
    pass(1s);
  }
  // At first at once, then every thirty seconds or so.
  CAF_CHECK_LESS(fakes.incarnations("a"), 40u);
}

CAF_TEST_FIXTURE_SCOPE_END()
