// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_end

// The end of a client, to its subscribers and to users of its address.

#include "restart_fixture.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(client_end_tests, restart_fixture)

CAF_TEST(any end is reported once and last) {
  supervise();
  auto closed = start("closed");
  start("stopped");
  start("fatal");
  start("crashed");
  for (auto name : {"closed", "stopped", "fatal", "crashed"})
    make_ready(name);
  caf_compat::tell(*self, closed, close_client{});
  caf_compat::tell(*self, uut, stop_client{"stopped"});
  run();
  fail("fatal", ec::login_failed);
  fail("crashed", ec::client_crashed);
  pass(1h);
  for (auto name : {"closed", "stopped", "fatal"})
    CAF_CHECK_EQUAL(logged(name + std::string{" ended"}), 1u);
  CAF_CHECK_EQUAL(logged("crashed ended"), 0u);
  // A kill leaves the supervisor no time.
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  run();
  CAF_CHECK_EQUAL(logged("crashed ended"), 1u);
  CAF_CHECK_EQUAL(log.back(), "crashed ended");
  CAF_CHECK_EQUAL(logged("fatal ended"), 1u);
}

CAF_TEST(the address of a client that was given up lives again with it) {
  supervise();
  auto address = start("a");
  make_ready("a");
  self->monitor(address);
  fail("a", ec::login_failed);
  CAF_CHECK_EQUAL(logged("a gave_up"), 1u);
  CAF_CHECK_EQUAL(log.back(), "a ended");
  CAF_CHECK(info("a").child == child_state::gave_up);
  // Monitors and senders of the address are notified.
  caf::error reason;
  self->receive([&](caf::down_msg& x) { reason = x.reason; });
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::login_failed);
  auto refused = send_to(address);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused), ec::client_stopped);
  CAF_CHECK(caf_compat::detail_of(refused).find("login_failed")
            != std::string::npos);
  CAF_CHECK(outcome_of(caf_compat::code_of(refused)) == send_outcome::not_sent);
  CAF_CHECK_EQUAL(restart("a"), address);
  make_ready("a");
  CAF_CHECK_EQUAL(log.back(), "a ready");
  CAF_CHECK_EQUAL(send_to(address), caf::none);
  CAF_CHECK(info("a").child == child_state::running);
  // It ends again as it did before.
  self->monitor(address);
  caf_compat::tell(*self, uut, stop_client{"a"});
  run();
  self->receive([&](caf::down_msg& x) { reason = x.reason; });
  CAF_CHECK(caf_compat::is_orderly_exit(reason));
  CAF_CHECK_EQUAL(caf_compat::code_of(send_to(address)), ec::client_stopped);
}

CAF_TEST(a client that ends lets go of its subscribers) {
  supervise();
  auto client = fakes.connect({.name = "a", .config = {.url = "ws://x.org"}});
  // Refers to its client, which refers to it.
  auto subscriber = sys.spawn(
    [client](caf::event_based_actor*, int) -> caf::behavior {
      return {[client](const client_event&) {}};
    },
    0);
  auto weak = caf::actor_cast<caf::weak_actor_ptr>(subscriber);
  auto told = sys.spawn(
    [this](caf::event_based_actor*, int) -> caf::behavior {
      return {[this](const client_event& event) {
        log.push_back("told " + std::string{to_string(event.kind)});
      }};
    },
    0);
  auto bound = sys.spawn(
    [](caf::event_based_actor*, int) -> caf::behavior {
      return {[](const client_event&) {}};
    },
    0);
  caf_compat::tell(*self, client, subscribe{subscriber});
  caf_compat::tell(*self, client, subscribe{told});
  caf_compat::tell(
    *self, client,
    subscribe{bound, {.lifetime = subscriber_lifetime::ends_with_client}});
  subscriber = nullptr;
  run();
  self->monitor(bound);
  fakes.fail("a", {ec::login_failed});
  run();
  caf::error reason;
  self->receive([&](caf::down_msg& x) { reason = x.reason; });
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::login_failed);
  CAF_CHECK_EQUAL(log.back(), "told ended");
  CAF_CHECK_EQUAL(logged("told ended"), 1u);
  CAF_CHECK_EQUAL(caf_compat::code_of(send_to(client)), ec::client_stopped);
  client = nullptr;
  CAF_CHECK(weak.lock() == nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()
