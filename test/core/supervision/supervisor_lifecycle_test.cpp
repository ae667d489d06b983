// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE supervisor_logic_lifecycle

#include "supervisor_logic_fixture.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(supervision_lifecycle_tests, supervisor_logic_fixture)

CAF_TEST(a child that cannot be started at first is forgotten) {
  supervisor_actions out;
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
    supervisor_actions out;
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
  CAF_CHECK(now == supervisor_logic::time_point{1h} + 5s);
  end(1);
  CAF_CHECK_EQUAL(seen(), "stopped:1");
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
  CAF_CHECK_EQUAL(seen(), "stopped:1");
  CAF_CHECK(!uut.wake_at());
  CAF_CHECK(!restart(1));
  CAF_CHECK_EQUAL(seen(), "start:1 restarted:1");
}

CAF_TEST(only children that do not run can be restarted or removed) {
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
