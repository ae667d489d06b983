#define CAF_SUITE restart_story

// What a client supervisor does about each way in which clients end. Time and
// threads are the test's.

#include "zenws/actors/all.hpp"
#include "zenws/testing/fake_clients.hpp"

#include "caf/test/dsl.hpp"

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
          [this](const client_event& what) {
            log.push_back(what.client + ' '
                          + std::string{what.kind == event_kind::state_changed
                                          ? to_string(what.state)
                                          : to_string(what.kind)});
            last = what;
          },
          [this](const message_batch& what) {
            for (auto x : what)
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
                    [](caf::error& x) { CAF_FAIL(seam::to_text(x)); });
    return result;
  }

  void make_ready(const std::string& name) {
    fakes.enter(name, client_state::ready);
    run();
  }

  void fail(const std::string& name, ec why) {
    fakes.fail(name, {why, "on purpose"});
    run();
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
      [](caf::error& x) { CAF_FAIL(seam::to_text(x)); });
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
  for (auto why : {ec::retries_exhausted, ec::heartbeat_lost}) {
    make_ready("a");
    pass(20s);
    auto before = fakes.incarnations("a");
    fail("a", why);
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
  CAF_CHECK_EQUAL(log.back(), "a gave_up");
  CAF_CHECK(last.reason.code == ec::restart_limit);
  CAF_CHECK(info("a").child == child_state::gave_up);
}

CAF_TEST(a client is restarted by request and keeps its subscribers) {
  supervise();
  auto address = start("a");
  make_ready("a");
  log.clear();
  auto restart = [&] {
    auto pending = self->request(uut, caf::infinite, restart_client{"a"});
    run();
    client_actor result;
    pending.receive([&](client_actor& x) { result = x; },
                    [](caf::error& x) { CAF_FAIL(seam::to_text(x)); });
    return result;
  };
  CAF_CHECK(restart() == address);
  CAF_CHECK_EQUAL(log, (strings{"a restarted", "a connecting"}));
  CAF_CHECK_EQUAL(fakes.incarnations("a"), 2u);
  // Also once it was given up; then the address is a new one.
  fail("a", ec::login_failed);
  CAF_CHECK_EQUAL(log.back(), "a gave_up");
  CAF_CHECK(info("a").child == child_state::gave_up);
  CAF_CHECK(restart() != address);
  make_ready("a");
  CAF_CHECK_EQUAL(log.back(), "a ready");
  CAF_CHECK(info("a").child == child_state::running);
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
