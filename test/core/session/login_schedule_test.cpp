// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE login_schedule

#include "zenws/session/login_schedule.hpp"

#include "support/unit_test.hpp"

using namespace std::chrono_literals;
using namespace zenws;

namespace {

struct fixture {
  login_schedule uut;
  login_schedule::time_point now{1h};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(login_schedule_tests, fixture)

CAF_TEST(nothing is due without a login) {
  CAF_CHECK(!uut.next_deadline());
  now += 1000h;
  CAF_CHECK(!uut.credentials_overdue(now));
  CAF_CHECK(!uut.renewal_due(now));
  CAF_CHECK(!uut.ended(now));
}

CAF_TEST(credentials are accepted once) {
  CAF_CHECK(!uut.accept_credentials());
  uut.await_credentials(now + 10s);
  CAF_CHECK(uut.next_deadline() == now + 10s);
  CAF_CHECK(uut.accept_credentials());
  CAF_CHECK(!uut.accept_credentials());
  CAF_CHECK(!uut.next_deadline());
}

CAF_TEST(credentials that are overdue are not expected any more) {
  uut.await_credentials(now + 10s);
  CAF_CHECK(!uut.credentials_overdue(now + 9s));
  CAF_CHECK(uut.credentials_overdue(now + 10s));
  CAF_CHECK(!uut.credentials_overdue(now + 11s));
  CAF_CHECK(!uut.accept_credentials());
}

CAF_TEST(a login is due for renewal before it ends) {
  uut.granted(100s, now);
  CAF_CHECK(uut.next_deadline() == now + 80s);
  CAF_CHECK(!uut.renewal_due(now + 79s));
  CAF_CHECK(uut.renewal_due(now + 80s));
  CAF_CHECK(!uut.renewal_due(now + 81s));
  CAF_CHECK(uut.next_deadline() == now + 100s);
  CAF_CHECK(uut.ended(now + 100s));
  CAF_CHECK(!uut.next_deadline());
}

CAF_TEST(a login of the connection needs no renewal) {
  uut.granted(100s, now);
  uut.granted(0s, now);
  CAF_CHECK(!uut.next_deadline());
}

CAF_TEST(a login of the connection can have a renewal) {
  uut.granted(0s, now, 60s);
  CAF_CHECK(uut.next_deadline() == now + 60s);
  CAF_CHECK(uut.renewal_due(now + 60s));
  CAF_CHECK(!uut.next_deadline());
}

CAF_TEST(a login that the venue has forgotten is renewed once and at once) {
  uut.granted(0s, now);
  now += 1h;
  uut.refused(now);
  uut.refused(now);
  CAF_CHECK(uut.renewal_due(now));
  uut.refused(now); // told before the renewal is answered
  CAF_CHECK(!uut.next_deadline());
  uut.await_credentials(now + 10s);
  uut.refused(now);
  CAF_CHECK(uut.next_deadline() == now + 10s);
}

CAF_TEST(logins that do not help are renewed after growing delays) {
  uut.granted(0s, now);
  for (auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 32s}) {
    uut.refused(now);
    CAF_CHECK(uut.next_deadline() == now + expected);
    now += expected;
    uut.granted(0s, now);
  }
  now += 32s;
  uut.refused(now);
  CAF_CHECK(uut.next_deadline() == now);
  uut.granted(0s, now);
  uut.refused(now);
  CAF_CHECK(uut.next_deadline() == now + 1s);
}

CAF_TEST(a login beyond reason does not wrap around) {
  uut.granted(std::chrono::seconds::max(), now);
  CAF_CHECK(!uut.renewal_due(now + 10'000h));
  CAF_CHECK(!uut.ended(now + 10'000h));
}

CAF_TEST(delays of a renewal double up to a cap until one succeeds) {
  uut.granted(1000s, now);
  for (auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 32s}) {
    CAF_CHECK(uut.delay_renewal(now) == expected);
    CAF_CHECK(uut.next_deadline() == now + expected);
  }
  uut.granted(1000s, now);
  CAF_CHECK(uut.delay_renewal(now) == 1s);
}

CAF_TEST(a login ends while its renewal is delayed) {
  uut.granted(10s, now);
  now += 9s;
  CAF_CHECK(uut.renewal_due(now));
  uut.delay_renewal(now);
  uut.delay_renewal(now);
  CAF_CHECK(uut.next_deadline() == now + 1s);
  CAF_CHECK(uut.ended(now + 1s));
}

// The answer to a renewal may come after the credentials of a new connection
// were requested.
CAF_TEST(a login does not stand for credentials) {
  uut.await_credentials(now + 10s);
  uut.granted(100s, now);
  CAF_CHECK(uut.accept_credentials());
}

CAF_TEST_FIXTURE_SCOPE_END()
