// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE supervisor_logic

#include "supervisor_logic_fixture.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(supervision_tests, supervisor_logic_fixture)

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

CAF_TEST(children ended by request stay so when others are restarted) {
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
  for (auto condition :
       {auto_shutdown::any_significant, auto_shutdown::all_significant}) {
    policy.ends_with = condition;
    reset(policy);
    add(significant);
    add(significant);
    add(permanent);
    seen();
    end(1, child_end::orderly);
    if (condition == auto_shutdown::all_significant) {
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

CAF_TEST(outages are never the last straw) {
  for (auto scope : {restart_scope::shared, restart_scope::per_child}) {
    auto policy = policy_of(restart_strategy::one_for_one);
    policy.scope = scope;
    policy.restart_backoff.max = 1s;
    reset(policy);
    add_three();
    for (int i = 0; i < 1000; ++i) {
      end(2, child_end::outage);
      wake();
    }
    CAF_CHECK(uut.state_of(2) == child_state::running);
    CAF_CHECK_EQUAL(uut.restarts_of(2), 1000u);
    CAF_CHECK_EQUAL(uut.restarts_in_window(2, now), 0u);
    // Crashes count as ever, and outages in between excuse none.
    for (int i = 0; i < 3; ++i) {
      end(2);
      wake();
      end(2, child_end::outage);
      wake();
    }
    CAF_CHECK(!uut.shutting_down());
    end(2);
    CAF_CHECK(uut.state_of(2) == child_state::gave_up);
  }
}

CAF_TEST(an outage restarts exactly the children that the strategy names) {
  reset(policy_of(restart_strategy::rest_for_one));
  add_three();
  for (int i = 0; i < 20; ++i) {
    end(3, child_end::outage);
    wake();
  }
  CAF_CHECK_EQUAL(uut.restarts_of(1), 0u);
  CAF_CHECK_EQUAL(uut.restarts_of(2), 0u);
  CAF_CHECK_EQUAL(uut.restarts_of(3), 20u);
  CAF_CHECK(!uut.shutting_down());
}

CAF_TEST(to have lived is no success unless that is all there is to it) {
  auto policy = policy_of(restart_strategy::one_for_one);
  reset(policy);
  add();
  for (auto expected : {100ms, 200ms, 400ms, 800ms}) {
    now += 1h; // and of use for less than `stable_after` of it
    end(1, child_end::outage, 9s);
    CAF_CHECK(uut.wake_at() == now + expected);
    wake();
  }
  seen();
  end(1, child_end::outage, 10s);
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
