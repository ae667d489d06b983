// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE member_health

#include "zenws/pool/member_health.hpp"

#include "support/unit_test.hpp"

using namespace std::chrono_literals;
using namespace zenws;

namespace {

const auto t0 = member_health::time_point{} + 1h;

struct fixture {
  member_health uut{{.hung_after = 2s, .error_memory = 60s}};

  int score(member_health::time_point now = t0) {
    return uut.score(now);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(member_health_tests, fixture)

CAF_TEST(a member that was never used is as well as can be) {
  CAF_CHECK_EQUAL(score(), 100);
}

CAF_TEST(each pending request costs ten up to forty) {
  for (auto expected : {90, 80, 70, 60, 60}) {
    uut.sent(t0);
    CAF_CHECK_EQUAL(score(), expected);
  }
  uut.answered(1ms, t0);
  uut.answered(1ms, t0);
  CAF_CHECK_EQUAL(score(), 70);
}

CAF_TEST(latency costs one for each 25 milliseconds up to thirty) {
  uut.sent(t0);
  uut.answered(250ms, t0);
  CAF_CHECK_EQUAL(score(), 90);
  for (int i = 0; i < 50; ++i) {
    uut.sent(t0);
    uut.answered(5s, t0);
  }
  CAF_CHECK_EQUAL(score(), 70);
}

CAF_TEST(errors cost up to twenty until they are old or a request succeeds) {
  for (auto expected : {85, 80, 80}) {
    uut.sent(t0);
    uut.failed(t0);
    CAF_CHECK_EQUAL(score(), expected);
  }
  CAF_CHECK_EQUAL(score(t0 + 59s), 80);
  CAF_CHECK_EQUAL(score(t0 + 60s), 100);
  uut.sent(t0 + 1s);
  uut.answered(1ms, t0 + 1s);
  CAF_CHECK_EQUAL(score(t0 + 1s), 100);
}

CAF_TEST(a member that answers nothing hangs until it does) {
  uut.sent(t0);
  uut.sent(t0 + 1s);
  CAF_CHECK(!uut.hangs(t0 + 1999ms));
  CAF_CHECK(uut.hangs(t0 + 2s));
  CAF_CHECK_EQUAL(score(t0 + 2s), member_health::hung);
  uut.answered(3s, t0 + 3s);
  CAF_CHECK(!uut.hangs(t0 + 4s));
  CAF_CHECK(uut.hangs(t0 + 5s));
  uut.failed(t0 + 5s);
  CAF_CHECK(!uut.hangs(t0 + 1h));
}

CAF_TEST(nothing makes a member that answers worse than one that hangs) {
  for (int i = 0; i < 10; ++i) {
    uut.sent(t0);
    uut.answered(60s, t0);
  }
  for (int i = 0; i < 20; ++i)
    uut.sent(t0);
  for (int i = 0; i < 10; ++i)
    uut.failed(t0);
  CAF_CHECK_EQUAL(score(), 10);
}

CAF_TEST_FIXTURE_SCOPE_END()
