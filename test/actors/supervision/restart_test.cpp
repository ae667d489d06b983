// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE restart_story

// Reactions of a client supervisor to each kind of end of a client. The test
// controls time and threads.

#include "zenws/actors/all.hpp"
#include "zenws/testing/fake_clients.hpp"

#include "support/actor_test.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

struct config : caf::actor_system_config {
  config() {
    load_types(*this);
  }
};

struct fixture : test_coordinator_fixture<config> {
  ~fixture() {
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
    run();
  }

  void run() {
    sched.run();
  }

  void supervise(client_supervisor_config cfg = {}) {
    watcher = sys.spawn(
      [this](caf::event_based_actor*, int) -> caf::behavior {
        return {
          [this](const client_event& event) {
            log.push_back(event.client + ' '
                          + std::string{event.kind == event_kind::state_changed
                                          ? to_string(event.state)
                                          : to_string(event.kind)});
            last = event;
          },
          [this](const message_batch& batch) {
            for (auto x : batch)
              log.push_back(std::string{x.payload});
          },
        };
      },
      0);
    uut = sys.spawn<client_supervisor>(std::move(cfg), fakes);
    run();
  }

  client_actor start(const std::string& name) {
    client_spec spec{.name = name,
                     .config = {.url = "ws://example.org"},
                     .subscribers = {{watcher}}};
    auto pending = self->request(uut, caf::infinite, start_client{spec});
    run();
    client_actor result;
    pending.receive([&](client_actor& x) { result = x; },
                    [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
    return result;
  }

  void make_ready(const std::string& name) {
    fakes.enter(name, client_state::ready);
    run();
  }

  void fail(const std::string& name, ec reason) {
    fakes.fail(name, {reason, "on purpose"});
    run();
  }

  caf::expected<client_actor> restart(const std::string& name) {
    auto pending = self->request(uut, caf::infinite, restart_client{name});
    run();
    caf::expected<client_actor> result{caf::sec::runtime_error};
    pending.receive([&](client_actor& x) { result = x; },
                    [&](caf::error& x) { result = x; });
    return result;
  }

  // Returns the answer to a message to a client.
  caf::error send_to(const client_actor& whom) {
    auto pending = self->request(whom, caf::infinite, send_text{"x"});
    run();
    caf::error result;
    pending.receive([] {}, [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  // Loses its venue again and again, for `span`.
  void be_away(const std::string& name, std::chrono::seconds span) {
    for (auto left = span; left > 0s; left -= 1s) {
      if (fakes.is_running(name))
        fail(name, ec::retries_exhausted);
      pass(1s);
    }
  }

  void pass(std::chrono::milliseconds span) {
    sched.advance_time(span);
    run();
  }

  client_info info(const std::string& name) {
    auto pending = self->request(uut, caf::infinite, list_clients{});
    run();
    client_info result;
    pending.receive(
      [&](client_list& all) {
        for (auto& x : all.clients)
          if (x.name == name)
            result = x;
      },
      [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
    return result;
  }

  size_t logged(const std::string& line) const {
    return static_cast<size_t>(std::count(log.begin(), log.end(), line));
  }

  testing::fake_clients fakes{sys};
  client_supervisor_actor uut;
  caf::actor watcher;
  std::vector<std::string> log;
  client_event last;
};

using strings = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(restart_story_tests, fixture)

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
  self->send(address, send_text{"hello"});
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
  self->send(closed, close_client{});
  self->send(uut, stop_client{"stopped"});
  run();
  pass(1h);
  CAF_CHECK(!fakes.is_running("closed"));
  CAF_CHECK(!fakes.is_running("stopped"));
  CAF_CHECK_EQUAL(logged("closed restarting"), 0u);
  CAF_CHECK_EQUAL(logged("stopped restarting"), 0u);
  CAF_CHECK_EQUAL(fakes.registry().list().size(), 0u);
}

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
  self->send(uut, stop_client{"a"});
  run();
  self->receive([&](caf::down_msg& x) { reason = x.reason; });
  CAF_CHECK(caf_compat::is_orderly_exit(reason));
  CAF_CHECK_EQUAL(caf_compat::code_of(send_to(address)), ec::client_stopped);
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

CAF_TEST(any end is reported once and last) {
  supervise();
  auto closed = start("closed");
  start("stopped");
  start("fatal");
  start("crashed");
  for (auto name : {"closed", "stopped", "fatal", "crashed"})
    make_ready(name);
  self->send(closed, close_client{});
  self->send(uut, stop_client{"stopped"});
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

CAF_TEST(requests that an incarnation leaves unread wait or were not sent) {
  supervise({.restart_backoff = {.min = 1s, .max = 1s, .jitter = 0}});
  auto address = start("a");
  make_ready("a");
  self->send_exit(address, caf::exit_reason::kill);
  auto status = self->request(address, caf::infinite, get_status{});
  auto text = self->request(address, caf::infinite, send_text{"x"});
  run();
  caf::error refused;
  text.receive([] {}, [&](caf::error& x) { refused = std::move(x); });
  CAF_CHECK_EQUAL(caf_compat::code_of(refused), ec::not_connected);
  CAF_CHECK(fakes.sent("a").empty());
  pass(1s);
  CAF_CHECK_EQUAL(fakes.incarnations("a"), 2u);
  status.receive(
    [](client_status& x) { CAF_CHECK(x.state == client_state::connecting); },
    [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
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
  self->send(client, subscribe{subscriber});
  self->send(client, subscribe{told});
  self->send(client,
             subscribe{bound,
                       {.lifetime = subscriber_lifetime::ends_with_client}});
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
