// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE supervisor

#include "zenws/actors/all.hpp"

#include "support/actor_test.hpp"

#include <string>
#include <vector>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

// Ends with the reason that it is sent, and answers with its number.
struct worker_state {
  static inline const char* name = "worker";
};

caf::behavior worker(caf::stateful_actor<worker_state>* self, int number) {
  return {
    [=](caf::error& reason) { self->quit(std::move(reason)); },
    [=](const std::string&) { return number; },
  };
}

struct config : caf::actor_system_config {
  config() {
    load_types(*this);
  }
};

// Time and threads are the test's.
struct fixture : test_coordinator_fixture<config> {
  ~fixture() {
    if (uut) {
      caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
      run();
      while (sched.trigger_timeout())
        run();
    }
  }

  // Runs all actors that can run now, and lets no time pass.
  void run() {
    sched.run();
  }

  child_factory counting() {
    return [this](caf::actor_system& of) -> caf::expected<caf::actor> {
      if (refusals > 0) {
        --refusals;
        return make_error(error{ec::invalid_data, "not now"});
      }
      return caf::actor{of.spawn(worker, ++started)};
    };
  }

  child_spec child(const std::string& id,
                   restart_type restart = restart_type::permanent) {
    return {.id = id, .start = counting(), .policy = {.restart = restart}};
  }

  void start(supervision_policy policy, std::vector<child_spec> children) {
    auto observer = sys.spawn(
      [this](caf::event_based_actor*, int) -> caf::behavior {
        return {[this](const supervision_event& event) {
          events.push_back(std::string{to_string(event.kind)} + ' '
                           + event.child);
        }};
      },
      0);
    auto result = supervise(sys, {.name = "top",
                                  .policy = policy,
                                  .children = std::move(children),
                                  .observer = observer});
    CAF_REQUIRE(result);
    uut = *result;
    run();
  }

  template <class T, class Message>
  caf::expected<T> ask(Message request) {
    caf::expected<T> result{caf::sec::runtime_error};
    auto pending = self->request(uut, caf::infinite, std::move(request));
    run();
    std::move(pending).receive([&](T& x) { result = std::move(x); },
                               [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  template <class Message>
  caf::error tell(Message request) {
    caf::error result;
    auto pending = self->request(uut, caf::infinite, std::move(request));
    run();
    std::move(pending).receive([] {},
                               [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  std::vector<child_info> children() {
    return ask<child_list>(which_children{})->children;
  }

  caf::actor address_of(const std::string& id) {
    for (auto& x : children())
      if (x.id == id)
        return x.address;
    CAF_FAIL("no child " << id);
  }

  void fail(const std::string& id,
            caf::error reason = caf::sec::runtime_error) {
    caf_compat::tell(*self, address_of(id), std::move(reason));
    run();
  }

  // Lets time pass.
  void pass(std::chrono::milliseconds span) {
    sched.advance_time(span);
    run();
  }

  // Number of the incarnation behind an address, 0 if there is none.
  int incarnation_of(const caf::actor& address) {
    int result = 0;
    auto pending = self->request(address, caf::infinite, std::string{"?"});
    run();
    std::move(pending).receive([&](int x) { result = x; },
                               [&](caf::error& x) { refusal = std::move(x); });
    return result;
  }

  caf::error refusal; // of the last request that failed
  int started = 0;
  int refusals = 0;
  std::vector<std::string> events;
  supervisor_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(any_supervisor_tests, fixture)

CAF_TEST(an address survives the incarnations behind it) {
  start({}, {child("a")});
  auto address = address_of("a");
  CAF_CHECK_EQUAL(incarnation_of(address), 1);
  fail("a");
  CAF_CHECK_EQUAL(incarnation_of(address), 0); // waits for its restart
  pass(1s);
  CAF_CHECK_EQUAL(incarnation_of(address), 2);
  CAF_CHECK(children()[0].restarts == 1u);
  CAF_CHECK(children()[0].restarts_in_window == 1u);
  CAF_CHECK_EQUAL(events, (std::vector<std::string>{"started a", "restarting a",
                                                    "restarted a"}));
}

CAF_TEST(a kill is a failure and ends no other child) {
  start({}, {child("a"), child("b")});
  auto b = address_of("b");
  self->send_exit(address_of("a"), caf::exit_reason::kill);
  run();
  pass(1s);
  CAF_CHECK(children()[0].restarts == 1u);
  CAF_CHECK_EQUAL(incarnation_of(b), 2);
}

CAF_TEST(a child that ends before it is monitored is restarted once) {
  auto dead = child("a");
  dead.start = [this](caf::actor_system& of) -> caf::expected<caf::actor> {
    caf::actor result = of.spawn(worker, ++started);
    if (started == 1) {
      caf::anon_send_exit(result, caf::exit_reason::kill);
      sched.run();
    }
    return result;
  };
  start({}, {dead});
  pass(1h);
  CAF_CHECK_EQUAL(started, 2);
  CAF_CHECK(children()[0].restarts == 1u);
  CAF_CHECK_EQUAL(incarnation_of(address_of("a")), 2);
  fail("a");
  pass(1h);
  CAF_CHECK_EQUAL(incarnation_of(address_of("a")), 3);
}

CAF_TEST(the rest is restarted in order) {
  start({.strategy = restart_strategy::rest_for_one},
        {child("a"), child("b"), child("c")});
  fail("b");
  pass(1s);
  CAF_CHECK_EQUAL(incarnation_of(address_of("a")), 1);
  CAF_CHECK_EQUAL(incarnation_of(address_of("b")), 4);
  CAF_CHECK_EQUAL(incarnation_of(address_of("c")), 5);
}

CAF_TEST(an orderly end of a transient child is the end) {
  start({}, {child("a", restart_type::transient)});
  auto address = address_of("a");
  fail("a", caf::exit_reason::normal);
  pass(1h);
  CAF_CHECK_EQUAL(started, 1);
  CAF_CHECK(children()[0].state == child_state::stopped);
  CAF_CHECK_EQUAL(events.back(), "ended a");
  auto again = ask<caf::actor>(restart_child{"a"});
  CAF_REQUIRE(again);
  CAF_CHECK_EQUAL(*again, address);
  CAF_CHECK_EQUAL(incarnation_of(address), 2);
}

CAF_TEST(a fatal error is not cured by a restart) {
  start({}, {child("a"), child("b")});
  auto address = address_of("a");
  fail("a", make_error(ec::login_failed));
  pass(1h);
  CAF_CHECK(children()[0].state == child_state::gave_up);
  CAF_CHECK_EQUAL(events.back(), "gave_up a");
  CAF_CHECK_EQUAL(started, 2);
  // Holders of the address are notified, and may use it again later.
  CAF_CHECK_EQUAL(incarnation_of(address), 0);
  CAF_CHECK_EQUAL(caf_compat::code_of(refusal), ec::child_down);
  CAF_CHECK(caf_compat::detail_of(refusal).find("login_failed")
            != std::string::npos);
  self->monitor(address);
  caf::error reason;
  self->receive([&](caf::down_msg& x) { reason = x.reason; });
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::login_failed);
  auto again = ask<caf::actor>(restart_child{"a"});
  CAF_REQUIRE(again);
  CAF_CHECK_EQUAL(*again, address);
  CAF_CHECK_EQUAL(incarnation_of(address), 3);
}

CAF_TEST(an actor that is spawned lazily runs once its address leads to it) {
  struct silent : caf::event_based_actor {
    using caf::event_based_actor::event_based_actor;
    caf::behavior make_behavior() override {
      return {[](const std::string&) { return 1; }};
    }
  };
  start({}, {});
  child_spec spec{.id = "a"};
  auto ran_early = true;
  spec.start = [&](caf::actor_system& of) {
    auto jobs = sched.jobs.size();
    auto result = spawning<silent>()(of);
    ran_early = sched.jobs.size() != jobs;
    return result;
  };
  auto address = ask<caf::actor>(start_child{spec});
  CAF_REQUIRE(address);
  CAF_CHECK(!ran_early);
  CAF_CHECK_EQUAL(incarnation_of(*address), 1);
}

CAF_TEST(outages that a judge knows of end no tree) {
  auto spec = child("a");
  spec.classify_exit = [](const caf::error&) { return child_end::outage; };
  start({}, {spec, child("b")});
  for (int i = 0; i < 100; ++i) {
    fail("a");
    pass(1min);
  }
  CAF_CHECK(children()[0].restarts == 100u);
  CAF_CHECK(children()[0].restarts_in_window == 0u);
  CAF_CHECK(children()[1].restarts == 0u);
}

CAF_TEST(a judge decides instead) {
  auto spec = child("a");
  spec.classify_exit = [](const caf::error&) { return child_end::fatal; };
  start({}, {spec});
  fail("a");
  CAF_CHECK(children()[0].state == child_state::gave_up);
}

CAF_TEST(too many restarts end the supervisor and all children) {
  start({.limit = {.max_restarts = 2, .period = 60s}},
        {child("a"), child("b")});
  auto b = address_of("b");
  self->monitor(uut);
  for (int i = 0; i < 3; ++i) {
    fail("a");
    pass(1s);
  }
  caf::error reason;
  self->receive([&](caf::down_msg& x) { reason = x.reason; });
  CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::restart_limit);
  CAF_CHECK_EQUAL(events.back(), "escalated ");
  CAF_CHECK_EQUAL(incarnation_of(b), 0);
  uut = nullptr;
}

CAF_TEST(children are started and ended on demand) {
  start({}, {});
  auto a = ask<caf::actor>(start_child{child("a")});
  CAF_REQUIRE(a);
  CAF_CHECK_EQUAL(incarnation_of(*a), 1);
  auto again = ask<caf::actor>(start_child{child("a")});
  CAF_CHECK_EQUAL(caf_compat::code_of(again.error()), ec::already_exists);
  auto nobody = ask<caf::actor>(start_child{{.id = ""}});
  CAF_CHECK_EQUAL(caf_compat::code_of(nobody.error()), ec::invalid_config);
  CAF_CHECK_EQUAL(caf_compat::code_of(tell(delete_child{"a"})),
                  ec::already_exists);
  CAF_CHECK_EQUAL(tell(terminate_child{"a"}), caf::none);
  CAF_CHECK_EQUAL(incarnation_of(*a), 0);
  CAF_CHECK_EQUAL(tell(delete_child{"a"}), caf::none);
  CAF_CHECK_EQUAL(caf_compat::code_of(tell(terminate_child{"a"})),
                  ec::not_found);
  CAF_CHECK(children().empty());
}

CAF_TEST(a child that cannot be started leaves nothing behind) {
  start({}, {});
  refusals = 1;
  auto a = ask<caf::actor>(start_child{child("a")});
  CAF_CHECK_EQUAL(caf_compat::code_of(a.error()), ec::invalid_data);
  CAF_CHECK(children().empty());
  auto throwing = child("a");
  throwing.start = [](caf::actor_system&) -> caf::expected<caf::actor> {
    throw std::runtime_error("no luck");
  };
  CAF_CHECK(!ask<caf::actor>(start_child{throwing}));
  CAF_CHECK(ask<caf::actor>(start_child{child("a")}));
}

CAF_TEST(a restart that fails is tried again) {
  start({}, {child("a")});
  refusals = 2;
  fail("a", caf::sec::runtime_error);
  for (int i = 0; i < 10; ++i)
    pass(1s);
  CAF_CHECK_EQUAL(refusals, 0);
  CAF_CHECK_EQUAL(incarnation_of(address_of("a")), 2);
}

CAF_TEST(a child that does not end in time is killed) {
  auto stubborn = child("a");
  stubborn.policy.shutdown = 2s;
  stubborn.start = [](caf::actor_system& of) -> caf::expected<caf::actor> {
    return caf::actor{of.spawn(
      [](caf::event_based_actor* x, int) {
        caf_compat::on_exit_message(*x, [](const caf::actor_addr&,
                                           const caf::error&) {});
        return caf::behavior{[](int) {}};
      },
      0)};
  };
  start({}, {stubborn});
  auto pending = self->request(uut, caf::infinite, terminate_child{"a"});
  run();
  pass(1999ms);
  CAF_CHECK(children()[0].state == child_state::stopping);
  pass(2ms);
  std::move(pending).receive(
    [] {}, [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
  CAF_CHECK(children()[0].state == child_state::stopped);
}

CAF_TEST(children end with a supervisor that is killed) {
  start({}, {child("a")});
  caf::actor incarnation;
  auto watched = child("b");
  watched.start = [&](caf::actor_system& of) -> caf::expected<caf::actor> {
    incarnation = of.spawn(worker, 7);
    return incarnation;
  };
  CAF_REQUIRE(ask<caf::actor>(start_child{watched}));
  self->monitor(incarnation);
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  run();
  auto ended = false;
  self->receive([&](caf::down_msg&) { ended = true; });
  CAF_CHECK(ended);
  uut = nullptr;
}

CAF_TEST(a tree shows all that is below) {
  child_spec inner{.id = "inner", .kind = child_kind::supervisor};
  inner.policy.shutdown = std::nullopt;
  inner.start = [this](caf::actor_system& of) -> caf::expected<caf::actor> {
    auto result
      = supervise(of, {.name = "inner",
                       .policy = {.strategy = restart_strategy::one_for_all},
                       .children = {child("x"), child("y")}});
    if (!result)
      return result.error();
    return caf::actor_cast<caf::actor>(*result);
  };
  start({}, {inner, child("z")});
  fail("z");
  pass(1s);
  auto tree = ask<tree_node>(get_tree{});
  CAF_REQUIRE(tree);
  CAF_CHECK_EQUAL(to_text(*tree), "top (running, strategy one_for_one)\n"
                                  "├── inner (running, strategy one_for_all)\n"
                                  "│   ├── x (running)\n"
                                  "│   └── y (running)\n"
                                  "└── z (running, restarts 1)\n");
  CAF_CHECK(to_json(*tree).starts_with(
    R"({"name":"top","kind":"supervisor","state":"running",)"
    R"("details":{"strategy":"one_for_one"},"children":[{"name":"inner",)"));
  auto counts = ask<child_counts>(count_children{});
  CAF_REQUIRE(counts);
  CAF_CHECK_EQUAL(counts->specs, 2u);
  CAF_CHECK_EQUAL(counts->active, 2u);
  CAF_CHECK_EQUAL(counts->supervisors, 1u);
  CAF_CHECK_EQUAL(counts->workers, 1u);
}

CAF_TEST(a subtree that gives up is started anew by the one above) {
  child_spec inner{.id = "inner", .kind = child_kind::supervisor};
  inner.start = [this](caf::actor_system& of) -> caf::expected<caf::actor> {
    auto result = supervise(of, {.name = "inner",
                                 .policy = {.limit = {.max_restarts = 0}},
                                 .children = {child("x")}});
    if (!result)
      return result.error();
    auto last = caf::actor_cast<caf::actor>(*result);
    return last;
  };
  start({}, {inner});
  auto below = address_of("inner");
  auto pending = self->request(below, caf::infinite, which_children{});
  run();
  caf::actor x;
  std::move(pending).receive(
    [&](child_list& all) { x = all.children.at(0).address; },
    [](caf::error& e) { CAF_FAIL(caf_compat::to_text(e)); });
  caf_compat::tell(*self, x, caf::error{caf::sec::runtime_error});
  run();
  pass(1s);
  CAF_CHECK_EQUAL(started, 2);
  CAF_CHECK(children()[0].restarts == 1u);
}

CAF_TEST(a configuration that makes no sense is refused in full) {
  auto result = supervise(sys, {.children = {{.id = ""}, {.id = ""}}});
  CAF_REQUIRE(!result);
  auto detail = caf_compat::detail_of(result.error());
  for (auto field : {"children[0].id", "children[0].start", "children[1].id"})
    CAF_CHECK(detail.find(field) != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
