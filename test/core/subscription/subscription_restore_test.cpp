// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE subscription_restore

#include "subscription_fixture.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

using fixture = subscription_fixture;

using enum channel_state;

} // namespace

// -- connections --------------------------------------------------------------

CAF_TEST(without a connection channels are wanted and nothing is requested) {
  fixture f;
  f.add(alice, {"a"});
  CAF_CHECK(f.uut.state_of("a") == wanted);
  CAF_CHECK(f.requests().empty());
  CAF_CHECK(!f.uut.restored());
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests(), strings{"1+a"});
}

// All at once, in no order, and nobody looked at the answer.
CAF_TEST(everything that is wanted is requested again in its order) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"c", "a"});
  f.confirm(bob, {"b", "a"});
  f.uut.lost();
  CAF_CHECK(f.uut.state_of("a") == wanted);
  CAF_CHECK(!f.uut.restored());
  f.uut.opened();
  CAF_CHECK(!f.uut.restored());
  CAF_CHECK_EQUAL(f.requests({.max_channels_per_request = 2}),
                  (strings{"3+c,a", "4+b"}));
  CAF_CHECK(f.uut.acknowledged(4, f.now).empty());
  CAF_CHECK(!f.uut.restored());
  CAF_CHECK(f.uut.acknowledged(3, f.now).empty());
  CAF_CHECK(f.uut.restored());
}

CAF_TEST(nothing is restored that was given up) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a", "b", "c"});
  f.remove(alice, {"a"});
  f.requests();
  f.remove(alice, {"b"});
  f.uut.lost();
  CAF_CHECK(!f.uut.state_of("a"));
  CAF_CHECK(!f.uut.state_of("b"));
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests(), strings{"3+c"});
}

CAF_TEST(answers of an earlier connection change nothing) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a"});
  f.requests();
  f.uut.lost();
  CAF_CHECK(f.uut.acknowledged(1, f.now).empty());
  f.uut.opened();
  CAF_CHECK(
    f.uut.rejected(1, rejection::definite, unknown_channel, f.now).empty());
  CAF_CHECK_EQUAL(f.requests(), strings{"2+a"});
  CAF_CHECK(f.uut.acknowledged(1, f.now).empty());
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(2, f.now)),
                  strings{"granted 1 a to 1"});
}

// Guards against restoring refused channels for ever.
CAF_TEST(channels that the server refuses to restore are reported and leave) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a", "b"});
  f.uut.lost();
  f.add(bob, {"a"});
  f.uut.opened();
  f.requests();
  CAF_CHECK_EQUAL(texts(f.acknowledge(2, {"b"})),
                  (strings{"rejected 2 a to 2", "revoked 0 a to 1"}));
  CAF_CHECK(f.uut.restored());
  f.uut.lost();
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests(), strings{"3+b"});
}

// Private channels were lost, or asked for before the login.
CAF_TEST(private channels wait for the authentication) {
  fixture f;
  f.add_specs(alice, {secret_channel("orders"), open_channel("book"),
                      secret_channel("trades")});
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests(), strings{"1+book"});
  f.uut.acknowledged(1, f.now);
  CAF_CHECK(!f.uut.has_requests());
  CAF_CHECK(!f.uut.restored());
  f.uut.authenticated();
  auto requests = f.uut.next_requests();
  CAF_REQUIRE(requests.size() == 1);
  CAF_CHECK(requests[0].access == channel_access::authenticated_only);
  CAF_CHECK_EQUAL(requests[0].channels.size(), 2u);
  f.uut.lost();
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests(), strings{"3+book"});
}

CAF_TEST(an authenticated connection restores the oldest channel first) {
  fixture f;
  f.add_specs(alice, {secret_channel("orders"), open_channel("book"),
                      secret_channel("trades")});
  f.uut.authenticated(); // too early: there is no connection
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests({.max_in_flight = 1}), strings{"1+book"});
  f.uut.lost();
  f.uut.opened();
  f.uut.authenticated();
  CAF_CHECK_EQUAL(f.requests(), (strings{"2+orders,trades", "3+book"}));
}

CAF_TEST(a set without channels is restored once it is connected) {
  fixture f;
  CAF_CHECK(!f.uut.restored());
  f.uut.opened();
  CAF_CHECK(f.uut.restored());
}

CAF_TEST(a second opening without a loss begins a new connection) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests(), strings{"2+a"});
}

// -- hand-over ----------------------------------------------------------------

CAF_TEST(the next incarnation takes over channels and open answers) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"b"});
  f.confirm(alice, {"gone"});
  f.add_specs(bob, {secret_channel("a"), open_channel("b")});
  f.remove(alice, {"gone"});
  auto snapshot = f.uut.snapshot();
  CAF_CHECK_EQUAL(snapshot.channels.size(), 2u);
  fixture next;
  next.uut = subscription_set{{}, snapshot};
  CAF_CHECK(next.uut.snapshot() == snapshot);
  CAF_CHECK_EQUAL(next.subscribers_of("b"), (ids{alice, bob}));
  CAF_CHECK(next.uut.state_of("a") == wanted);
  next.uut.opened();
  CAF_CHECK(next.uut.acknowledged(1, next.now).empty()); // an old answer
  CAF_CHECK_EQUAL(next.requests(), strings{"3+b"});
  CAF_CHECK(next.uut.acknowledged(3, next.now).empty());
  next.uut.authenticated();
  CAF_CHECK_EQUAL(next.requests(), strings{"4+a"});
  CAF_CHECK_EQUAL(texts(next.uut.acknowledged(4, next.now)),
                  strings{"granted 3 a to 2"});
  CAF_CHECK_EQUAL(next.add(bob, {"c"}).number, 4u);
}
