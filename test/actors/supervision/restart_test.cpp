// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE restart

// What leads to a restart of a client, when it comes and who notices it.

#include "restart_fixture.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(restart_tests, restart_fixture)

CAF_TEST(a crash is seen at once and the next incarnation begins anew) {
  supervise();
  auto address = start("a");
  make_ready("a");
  pass(10s); // a stable run: the first restart comes at once
  log.clear();
  fail("a", ec::client_crashed);
  pass(0ms);
  CAF_CHECK_EQUAL(log,
                  (strings{"a restarting", "a restarted", "a connecting"}));
  CAF_CHECK_EQUAL(fakes.incarnations("a"), 2u);
  make_ready("a");
  fakes.receive("a", {"tick"});
  run();
  CAF_CHECK_EQUAL(log.back(), "tick");
  // The address is that of the new incarnation.
  caf_compat::tell(*self, address, send_text{"hello"});
  run();
  CAF_CHECK_EQUAL(fakes.sent("a"), strings{"hello"});
}

CAF_TEST(used up retries and lost heartbeats lead to a restart) {
  supervise();
  start("a");
  for (auto reason : {ec::retries_exhausted, ec::heartbeat_lost}) {
    make_ready("a");
    pass(20s);
    auto before = fakes.incarnations("a");
    fail("a", reason);
    pass(0ms);
    CAF_CHECK_EQUAL(fakes.incarnations("a"), before + 1);
  }
}

CAF_TEST(a close and a stop are no reasons for a restart) {
  supervise();
  auto closed = start("closed");
  start("stopped");
  caf_compat::tell(*self, closed, close_client{});
  caf_compat::tell(*self, uut, stop_client{"stopped"});
  run();
  pass(1h);
  CAF_CHECK(!fakes.is_running("closed"));
  CAF_CHECK(!fakes.is_running("stopped"));
  CAF_CHECK_EQUAL(logged("closed restarting"), 0u);
  CAF_CHECK_EQUAL(logged("stopped restarting"), 0u);
  CAF_CHECK_EQUAL(fakes.registry().list().size(), 0u);
}

CAF_TEST(a client is restarted by request and keeps its subscribers) {
  supervise();
  auto address = start("a");
  make_ready("a");
  log.clear();
  CAF_CHECK_EQUAL(restart("a"), address);
  CAF_CHECK_EQUAL(log, (strings{"a restarted", "a connecting"}));
  CAF_CHECK_EQUAL(fakes.incarnations("a"), 2u);
  make_ready("a");
  CAF_CHECK_EQUAL(log.back(), "a ready");
}

CAF_TEST(requests that an incarnation leaves unread wait or were not sent) {
  supervise({.restart_backoff = {.min = 1s, .max = 1s, .jitter = 0}});
  auto address = start("a");
  make_ready("a");
  self->send_exit(address, caf::exit_reason::kill);
  auto status = self->request(address, caf::infinite, get_status{});
  auto text = self->request(address, caf::infinite, send_text{"x"});
  run();
  caf::error refused;
  std::move(text).receive([] {},
                          [&](caf::error& x) { refused = std::move(x); });
  CAF_CHECK_EQUAL(caf_compat::code_of(refused), ec::not_connected);
  CAF_CHECK(fakes.sent("a").empty());
  pass(1s);
  CAF_CHECK_EQUAL(fakes.incarnations("a"), 2u);
  std::move(status).receive(
    [](client_status& x) { CAF_CHECK(x.state == client_state::connecting); },
    [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
}

CAF_TEST(only to have been ready makes the next restart immediate) {
  supervise(
    {.restart_backoff = {
       .min = 1s, .max = 1min, .factor = 2, .jitter = 0, .stable_after = 10s}});
  start("a");
  pass(1h); // connecting all the time
  for (auto expected : {1s, 2s, 4s, 8s}) {
    log.clear();
    fail("a", ec::retries_exhausted);
    CAF_CHECK(last.kind == event_kind::restarting);
    CAF_CHECK(last.retry_in == expected);
    CAF_CHECK(last.state == client_state::backing_off);
    pass(expected);
    CAF_CHECK_EQUAL(log,
                    (strings{"a restarting", "a restarted", "a connecting"}));
    make_ready("a");
    pass(9s); // not stable
  }
  pass(1s);
  fakes.enter("a", client_state::backing_off);
  pass(1h);
  log.clear();
  fail("a", ec::retries_exhausted);
  CAF_CHECK_EQUAL(log,
                  (strings{"a restarting", "a restarted", "a connecting"}));
}

CAF_TEST(three healthy clients never notice a dead one beside them) {
  supervise();
  for (auto name : {"x", "y", "z"}) {
    start(name);
    make_ready(name);
  }
  start("dead");
  log.clear();
  constexpr size_t rounds = 10min / 100ms;
  for (size_t i = 0; i < rounds; ++i) {
    if (fakes.is_running("dead"))
      fail("dead", ec::retries_exhausted);
    for (auto name : {"x", "y", "z"})
      fakes.receive(name, {name});
    run();
    pass(100ms);
  }
  CAF_CHECK_GREATER(logged("dead restarting"), 20u);
  auto about_dead = [](auto& line) { return line.starts_with("dead "); };
  std::erase_if(log, about_dead);
  // Nothing but their messages, and all of them.
  CAF_CHECK_EQUAL(log.size(), 3 * rounds);
  for (auto name : {"x", "y", "z"}) {
    CAF_CHECK_EQUAL(logged(name), rounds);
    CAF_CHECK_EQUAL(fakes.incarnations(name), 1u);
    CAF_CHECK(info(name).restarts == 0u);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
