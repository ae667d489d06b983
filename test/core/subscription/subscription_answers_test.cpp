// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE subscription_answers

#include "subscription_fixture.hpp"

#include "support/unit_test.hpp"

#include <set>
#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using fixture = subscription_fixture;

using enum channel_state;

} // namespace

// -- answers ------------------------------------------------------------------

CAF_TEST(channels that are not granted are rejected) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  f.add(bob, {"b"});
  f.requests();
  CAF_CHECK_EQUAL(
    texts(f.acknowledge(1, {"a"})),
    (strings{"granted 1 a to 1", "rejected 1 b to 1", "rejected 2 b to 2"}));
  CAF_CHECK(!f.uut.state_of("b"));
  CAF_CHECK(f.subscribers_of("b").empty());
  CAF_CHECK(f.uut.restored());
}

CAF_TEST(a rejection tells the reason of the server) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a"});
  f.requests();
  auto outcomes = f.uut.rejected(1, rejection::definite, unknown_channel,
                                 f.now);
  CAF_REQUIRE(outcomes.size() == 1);
  CAF_CHECK(outcomes[0].kind == outcome_kind::rejected);
  CAF_CHECK_EQUAL(outcomes[0].reason.detail, "no such channel");
  f.add(alice, {"b"});
  f.requests();
  outcomes = f.uut.rejected(2, rejection::definite, {}, f.now);
  CAF_CHECK(outcomes.at(0).reason.code == ec::subscription_rejected);
}

// A stale operation could be applied to a reused id.
CAF_TEST(unexpected answers change nothing) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.add(alice, {"b"});
  for (auto request : {0, 1, 2, 99}) {
    CAF_CHECK(f.uut.acknowledged(request, f.now).empty());
    CAF_CHECK(f.acknowledge(request, {"b", "c"}).empty());
    CAF_CHECK(f.uut.channel_acknowledged(request, "b", f.now).empty());
    CAF_CHECK(f.uut.rejected(request, rejection::definite, {}, f.now).empty());
    CAF_CHECK(
      f.uut.channel_rejected(request, "a", rejection::definite, {}, f.now)
        .empty());
    f.uut.timed_out(request, unknown_channel, f.now);
    f.uut.postponed(request);
  }
  CAF_CHECK(f.uut.state_of("a") == confirmed);
  CAF_CHECK(f.uut.state_of("b") == pending_subscribe);
  CAF_CHECK(!f.uut.state_of("c"));
  CAF_CHECK_EQUAL(f.uut.num_held(), 0u);
}

CAF_TEST(an answer grants nothing that its request did not contain) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  f.requests({.max_channels_per_request = 1});
  CAF_CHECK_EQUAL(texts(f.acknowledge(1, {"a", "b", "a", "evil"})),
                  strings{"granted 1 a to 1"});
  CAF_CHECK(f.uut.state_of("b") == pending_subscribe);
  CAF_CHECK(!f.uut.state_of("evil"));
  CAF_CHECK_EQUAL(texts(f.acknowledge(2, {})), strings{"rejected 1 b to 1"});
}

CAF_TEST(channels of a request may be answered one by one) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b", "c"});
  f.requests();
  CAF_CHECK(f.uut.request_of("b") == 1u);
  CAF_CHECK_EQUAL(texts(f.uut.channel_acknowledged(1, "b", f.now)),
                  strings{"granted 1 b to 1"});
  CAF_CHECK(f.uut.channel_acknowledged(1, "b", f.now).empty());
  CAF_CHECK(!f.uut.request_of("b"));
  CAF_CHECK_EQUAL(texts(f.uut.channel_rejected(1, "a", rejection::definite,
                                               unknown_channel, f.now)),
                  strings{"rejected 1 a to 1"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(1, f.now)),
                  strings{"granted 1 c to 1"});
}

// -- failures -----------------------------------------------------------------

CAF_TEST(a failure for now keeps the channel without a report) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a"});
  f.requests();
  CAF_CHECK(f.uut.rejected(1, rejection::transient, {}, f.now).empty());
  CAF_CHECK(f.uut.state_of("a") == pending_subscribe);
  CAF_CHECK_EQUAL(f.uut.num_held(), 1u);
  CAF_CHECK(f.requests().empty());
  f.wait();
  CAF_CHECK_EQUAL(f.uut.num_held(), 0u);
  CAF_CHECK_EQUAL(f.requests(), strings{"2+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(2, f.now)),
                  strings{"granted 1 a to 1"});
}

CAF_TEST(after a timeout the server may have the channel) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  f.requests();
  f.uut.timed_out(1, unknown_channel, f.now);
  CAF_CHECK(f.uut.acknowledged(1, f.now).empty());
  f.remove(alice, {"a"});
  f.wait();
  CAF_CHECK_EQUAL(f.requests(), (strings{"2-a", "3+b"}));
  // The server did not know it; that is as good.
  CAF_CHECK(
    f.uut.rejected(2, rejection::definite, unknown_channel, f.now).empty());
  CAF_CHECK(!f.uut.state_of("a"));
}

CAF_TEST(one bad channel does not spoil the others of its request) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b", "bad", "c", "d"});
  strings told;
  strings sent;
  while (f.uut.has_requests())
    for (auto& x : f.uut.next_requests({.max_in_flight = 1})) {
      std::set<std::string> names;
      for (auto& channel : x.channels)
        names.insert(channel.name);
      auto is_bad = names.count("bad") > 0;
      sent.push_back(std::to_string(names.size()));
      auto outcomes = is_bad ? f.uut.rejected(x.number, rejection::collective,
                                              unknown_channel, f.now)
                             : f.uut.acknowledged(x.number, f.now);
      for (auto& text : texts(outcomes))
        told.push_back(text);
    }
  CAF_CHECK_EQUAL(sent, (strings{"5", "2", "2", "1", "1", "1"}));
  CAF_CHECK_EQUAL(told, (strings{"granted 1 a to 1", "granted 1 b to 1",
                                 "granted 1 d to 1", "rejected 1 bad to 1",
                                 "granted 1 c to 1"}));
}

CAF_TEST(a channel requested again is not lost by a refusal) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.uut.lost();
  f.uut.opened();
  f.add(alice, {"a"});
  f.add(bob, {"a"});
  strings told;
  for (int i = 0; i < 10 && told.empty(); ++i) {
    for (auto& x : f.uut.next_requests())
      told = texts(f.uut.timed_out(x.number, unknown_channel, f.now));
    if (f.uut.wake_at())
      f.wait();
  }
  CAF_CHECK_EQUAL(told, (strings{"rejected 2 a to 1", "rejected 3 a to 2"}));
  CAF_CHECK_EQUAL(f.subscribers_of("a"), ids{alice});
}
