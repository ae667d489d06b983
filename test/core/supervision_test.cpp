#define CAF_SUITE supervision

#include "supervision_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace zenws;
using namespace zenws::test;

namespace {

supervision_policy policy_of(restart_strategy strategy) {
  supervision_policy result;
  result.strategy = strategy;
  result.limit = {.max_restarts = 3, .period = 60s};
  result.restart_backoff.jitter = 0;
  return result;
}

constexpr child_policy permanent{};

constexpr child_policy transient{.restart = restart_type::transient};

constexpr child_policy temporary{.restart = restart_type::temporary};

// A supervision whose children start at once.
struct fixture {
  supervision uut{policy_of(restart_strategy::one_for_one)};
  supervision::time_point now{1h};
  std::string trace;

  void reset(supervision_policy policy) {
    uut = supervision{policy};
  }

  // Does what the supervision asks for, as far as it is about starting.
  void take(supervision_actions out) {
    trace += (trace.empty() || out.empty() ? "" : " ") + to_text(out);
    for (auto& what : out)
      if (auto* start = std::get_if<supervision_action::start>(&what)) {
        supervision_actions more;
        uut.started(start->child, now, more);
        take(std::move(more));
      }
  }

  // What happened since the last call.
  std::string seen() {
    return std::exchange(trace, {});
  }

  uint64_t add(const child_policy& policy = permanent) {
    supervision_actions out;
    auto id = uut.add(policy, now, out);
    take(std::move(out));
    return id ? *id : 0;
  }

  void add_three(const child_policy& policy = permanent) {
    for (int i = 0; i < 3; ++i)
      add(policy);
    seen();
  }

  void end(uint64_t id, child_end how = child_end::failure) {
    supervision_actions out;
    uut.ended(id, how, now, 0, out);
    take(std::move(out));
  }

  void wake() {
    now = std::max(now, uut.wake_at().value());
    supervision_actions out;
    uut.expired(now, out);
    take(std::move(out));
  }

  void shut_down() {
    supervision_actions out;
    uut.shut_down(now, out);
    take(std::move(out));
  }

  error terminate(uint64_t id) {
    supervision_actions out;
    auto result = uut.terminate(id, now, out);
    take(std::move(out));
    return result;
  }

  error restart(uint64_t id) {
    supervision_actions out;
    auto result = uut.restart(id, now, out);
    take(std::move(out));
    return result;
  }

  error remove(uint64_t id) {
    supervision_actions out;
    auto result = uut.remove(id, out);
    take(std::move(out));
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervision_tests, fixture)

// -- strategies ---------------------------------------------------------------

CAF_TEST(one for one restarts the one that failed) {
  add_three();
  end(2);
  CAF_CHECK_EQUAL(seen(), "restarting:2");
  wake();
  CAF_CHECK_EQUAL(seen(), "start:2 restarted:2");
  CAF_CHECK_EQUAL(uut.restarts_of(2), 1u);
}

CAF_TEST(one for all ends the others in reverse and starts all in order) {
  reset(policy_of(restart_strategy::one_for_all));
  add_three();
  end(2);
  CAF_CHECK_EQUAL(seen(), "restarting:2 stop:3");
  end(3, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "stop:1");
  end(1, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "");
  wake();
  CAF_CHECK_EQUAL(seen(), "start:1 restarted:1 start:2 restarted:2 start:3 "
                          "restarted:3");
  CAF_CHECK(!uut.wake_at());
}

CAF_TEST(rest for one spares those that were started before) {
  reset(policy_of(restart_strategy::rest_for_one));
  add_three();
  end(2);
  CAF_CHECK_EQUAL(seen(), "restarting:2 stop:3");
  end(3, child_end::orderly);
  wake();
  CAF_CHECK_EQUAL(seen(), "start:2 restarted:2 start:3 restarted:3");
}

CAF_TEST(a failure further in front widens a restart under way) {
  reset(policy_of(restart_strategy::rest_for_one));
  add_three();
  end(2);
  end(1);
  CAF_CHECK_EQUAL(seen(), "restarting:2 stop:3 restarting:1");
  end(3, child_end::orderly);
  wake();
  CAF_CHECK_EQUAL(seen(), "start:1 restarted:1 start:2 restarted:2 start:3 "
                          "restarted:3");
}

CAF_TEST(children that are added during a restart start after it) {
  reset(policy_of(restart_strategy::one_for_all));
  add_three();
  end(1);
  CAF_CHECK_EQUAL(add(), 4u);
  CAF_CHECK_EQUAL(seen(), "restarting:1 stop:3");
  end(3, child_end::orderly);
  end(2, child_end::orderly);
  wake();
  CAF_CHECK_EQUAL(seen(), "stop:2 start:1 restarted:1 start:2 restarted:2 "
                          "start:3 restarted:3 start:4");
}

CAF_TEST(what was ended by request stays so when others are restarted) {
  reset(policy_of(restart_strategy::one_for_all));
  add_three(transient);
  terminate(2);
  end(2, child_end::orderly);
  end(3, child_end::orderly);
  seen();
  end(1);
  wake();
  CAF_CHECK_EQUAL(seen(),
                  "restarting:1 start:1 restarted:1 start:3 restarted:3");
}

// -- kinds of children --------------------------------------------------------

CAF_TEST(permanent children are restarted however they end) {
  add(permanent);
  end(1, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "start:1 restarting:1");
}

CAF_TEST(transient children are restarted after failures only) {
  add(transient);
  end(1);
  wake();
  end(1, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "start:1 restarting:1 start:1 restarted:1 ended:1");
  CAF_CHECK(uut.state_of(1) == child_state::stopped);
}

CAF_TEST(temporary children are never restarted and forgotten) {
  add(temporary);
  end(1);
  CAF_CHECK_EQUAL(seen(), "start:1 ended:1 forget:1");
  CAF_CHECK_EQUAL(uut.num_children(), 0u);
}

CAF_TEST(temporary children do not come back with others) {
  reset(policy_of(restart_strategy::one_for_all));
  add(permanent);
  add(temporary);
  seen();
  end(1);
  CAF_CHECK_EQUAL(seen(), "restarting:1 stop:2");
  end(2, child_end::orderly);
  wake();
  CAF_CHECK_EQUAL(seen(), "forget:2 start:1 restarted:1");
}

CAF_TEST(fatal failures are not answered by restarts) {
  add_three();
  end(1, child_end::fatal);
  CAF_CHECK_EQUAL(seen(), "gave_up:1");
  CAF_CHECK(uut.state_of(1) == child_state::gave_up);
  CAF_CHECK(!uut.wake_at());
}

CAF_TEST(significant children end the supervision) {
  auto policy = policy_of(restart_strategy::one_for_one);
  auto significant = transient;
  significant.significant = true;
  for (auto how :
       {auto_shutdown::any_significant, auto_shutdown::all_significant}) {
    policy.ends_with = how;
    reset(policy);
    add(significant);
    add(significant);
    add(permanent);
    seen();
    end(1, child_end::orderly);
    if (how == auto_shutdown::all_significant) {
      CAF_CHECK_EQUAL(seen(), "ended:1");
      end(2, child_end::orderly);
      CAF_CHECK_EQUAL(seen(), "ended:2 stop:3");
    } else {
      CAF_CHECK_EQUAL(seen(), "ended:1 stop:3");
      end(3, child_end::orderly);
      CAF_CHECK_EQUAL(seen(), "stop:2");
      end(2, child_end::orderly);
      CAF_CHECK_EQUAL(seen(), "finish:significant_child");
    }
  }
}

// -- limits -------------------------------------------------------------------

CAF_TEST(more failures than the limit allows end everything) {
  add_three();
  for (int i = 0; i < 3; ++i) {
    end(1);
    wake();
  }
  seen();
  end(2);
  CAF_CHECK_EQUAL(seen(), "gave_up:2 stop:3");
  end(3, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "stop:1");
  end(1, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "finish:restart_limit");
}

CAF_TEST(failures that are long ago do not count) {
  add();
  for (int i = 0; i < 100; ++i) {
    end(1);
    if (uut.wake_at())
      wake();
    now += 20s;
  }
  CAF_CHECK(uut.state_of(1) == child_state::running);
  CAF_CHECK_EQUAL(uut.restarts_in_window(1, now), 2u);
}

CAF_TEST(limits of their own keep the others alive) {
  auto policy = policy_of(restart_strategy::one_for_one);
  policy.scope = restart_scope::per_child;
  reset(policy);
  add_three();
  for (int i = 0; i < 3; ++i) {
    end(1);
    wake();
  }
  seen();
  end(1);
  CAF_CHECK_EQUAL(seen(), "gave_up:1");
  end(2);
  CAF_CHECK_EQUAL(seen(), "restarting:2");
  CAF_CHECK(!restart(1));
  CAF_CHECK_EQUAL(seen(), "start:1 restarted:1");
}

CAF_TEST(delays grow until a child was stable) {
  auto policy = policy_of(restart_strategy::one_for_one);
  policy.limit.max_restarts = 100;
  reset(policy);
  add();
  for (auto expected : {100ms, 200ms, 400ms}) {
    end(1);
    CAF_CHECK(uut.wake_at() == now + expected);
    wake();
  }
  now += 10s;
  seen();
  end(1);
  CAF_CHECK_EQUAL(seen(), "restarting:1 start:1 restarted:1");
}

CAF_TEST(the number of children is bounded) {
  auto policy = policy_of(restart_strategy::one_for_one);
  policy.max_children = 2;
  reset(policy);
  CAF_CHECK_EQUAL(add(), 1u);
  CAF_CHECK_EQUAL(add(), 2u);
  CAF_CHECK_EQUAL(add(), 0u);
}

// -- starting and stopping ----------------------------------------------------

CAF_TEST(a child that cannot be started at first is forgotten) {
  supervision_actions out;
  auto id = uut.add(permanent, now, out);
  out.clear();
  uut.start_failed(*id, child_end::failure, now, 0, out);
  CAF_CHECK_EQUAL(to_text(out), "forget:1");
}

CAF_TEST(failing to restart is a failure) {
  add();
  seen();
  for (int i = 0; i < 3; ++i) {
    end(1);
    CAF_CHECK_EQUAL(seen(), i == 0 ? "restarting:1" : "");
    now = uut.wake_at().value();
    supervision_actions out;
    uut.expired(now, out);
    CAF_CHECK_EQUAL(to_text(out), "start:1");
    out.clear();
    uut.start_failed(1, child_end::failure, now, 0, out);
    CAF_CHECK_EQUAL(to_text(out),
                    i < 2 ? "restarting:1" : "gave_up:1 finish:restart_limit");
  }
}

CAF_TEST(children that do not end in time are killed) {
  add();
  seen();
  terminate(1);
  CAF_CHECK_EQUAL(seen(), "stop:1");
  wake();
  CAF_CHECK_EQUAL(seen(), "kill:1");
  CAF_CHECK(now == supervision::time_point{1h} + 5s);
  end(1);
  CAF_CHECK_EQUAL(seen(), "settle:1");
}

CAF_TEST(children can be given no time or all of it) {
  child_policy brutal{.shutdown = 0ms};
  child_policy patient{.shutdown = std::nullopt};
  add(brutal);
  add(patient);
  seen();
  shut_down();
  CAF_CHECK_EQUAL(seen(), "stop:2");
  CAF_CHECK(!uut.wake_at());
  end(2, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "kill:1");
  end(1);
  CAF_CHECK_EQUAL(seen(), "finish:requested");
}

CAF_TEST(children that do not depend on each other end at once) {
  auto policy = policy_of(restart_strategy::one_for_one);
  policy.order = shutdown_order::concurrent;
  reset(policy);
  add_three();
  shut_down();
  CAF_CHECK_EQUAL(seen(), "stop:1 stop:2 stop:3");
  end(2, child_end::orderly);
  end(1, child_end::orderly);
  end(3, child_end::orderly);
  CAF_CHECK_EQUAL(seen(), "finish:requested");
}

CAF_TEST(a child that waits for its restart can be terminated) {
  add();
  end(1);
  seen();
  terminate(1);
  CAF_CHECK_EQUAL(seen(), "settle:1");
  CAF_CHECK(!uut.wake_at());
  CAF_CHECK(!restart(1));
  CAF_CHECK_EQUAL(seen(), "start:1 restarted:1");
}

CAF_TEST(only what does not run can be restarted or removed) {
  add();
  CAF_CHECK_EQUAL(restart(1).code, ec::already_exists);
  CAF_CHECK_EQUAL(remove(1).code, ec::already_exists);
  CAF_CHECK_EQUAL(restart(2).code, ec::not_found);
  CAF_CHECK_EQUAL(remove(2).code, ec::not_found);
  CAF_CHECK_EQUAL(terminate(2).code, ec::not_found);
  terminate(1);
  CAF_CHECK_EQUAL(remove(1).code, ec::already_exists);
  end(1, child_end::orderly);
  seen();
  CAF_CHECK_EQUAL(remove(1).code, ec::none);
  CAF_CHECK_EQUAL(seen(), "forget:1");
}

CAF_TEST(a death is news only once) {
  add();
  end(1);
  seen();
  end(1);
  end(77);
  CAF_CHECK_EQUAL(seen(), "");
}

CAF_TEST(nothing is added once the end has begun) {
  add();
  shut_down();
  CAF_CHECK_EQUAL(add(), 0u);
  end(1, child_end::orderly);
  CAF_CHECK(seen().ends_with("finish:requested"));
  shut_down();
  CAF_CHECK_EQUAL(seen(), "");
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(policies that make no sense are refused) {
  supervision_policy policy;
  CAF_CHECK(validate(policy).empty());
  policy.strategy = restart_strategy::one_for_all;
  policy.scope = restart_scope::per_child;
  policy.limit.period = 0s;
  policy.restart_backoff.factor = 0;
  policy.max_children = 0;
  CAF_CHECK_EQUAL(validate(policy).size(), 4u);
  CAF_CHECK(validate(child_policy{}).empty());
  CAF_CHECK_EQUAL(
    validate(child_policy{.shutdown = -1ms, .significant = true}).size(), 2u);
}
