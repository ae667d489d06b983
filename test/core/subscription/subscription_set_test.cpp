// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE subscription_set

#include "subscription_fixture.hpp"

#include "support/unit_test.hpp"

#include <set>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using fixture = subscription_fixture;

using enum channel_state;

} // namespace

// -- counting references ------------------------------------------------------

CAF_TEST(only the first reference and the last one reach the server) {
  fixture f;
  f.uut.opened();
  CAF_CHECK_EQUAL(f.add(alice, {"a"}).number, 1u);
  CAF_CHECK(f.uut.state_of("a") == pending_subscribe);
  CAF_CHECK_EQUAL(f.requests(), strings{"1+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(1, f.now)),
                  strings{"granted 1 a to 1"});
  CAF_CHECK(f.uut.state_of("a") == confirmed);
  CAF_CHECK_EQUAL(texts(f.add(bob, {"a"}).outcomes),
                  strings{"granted 2 a to 2"});
  CAF_CHECK(f.remove(alice, {"a"}).empty());
  CAF_CHECK(f.requests().empty());
  CAF_CHECK(f.remove(bob, {"a"}).empty());
  CAF_CHECK(f.uut.state_of("a") == pending_unsubscribe);
  CAF_CHECK_EQUAL(f.requests(), strings{"2-a"});
  CAF_CHECK(f.uut.acknowledged(2, f.now).empty());
  CAF_CHECK(!f.uut.state_of("a"));
}

CAF_TEST(a subscriber has a channel or not however often it asked) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "a"});
  f.add(alice, {"a"});
  CAF_CHECK_EQUAL(f.subscribers_of("a"), ids{alice});
  CAF_CHECK_EQUAL(f.requests(), strings{"1+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(1, f.now)),
                  (strings{"granted 1 a to 1", "granted 2 a to 1"}));
  f.remove(alice, {"a", "a"});
  CAF_CHECK(f.subscribers_of("a").empty());
}

CAF_TEST(messages go to the current subscribers of the channel) {
  fixture f;
  f.add(bob, {"a", "b"});
  f.add(alice, {"a"});
  CAF_CHECK_EQUAL(f.subscribers_of("a"), (ids{bob, alice}));
  CAF_CHECK_EQUAL(f.subscribers_of("b"), ids{bob});
  CAF_CHECK(f.subscribers_of("c").empty());
  CAF_CHECK_EQUAL(f.uut.num_channels(), 2u);
  f.uut.remove_subscriber(bob);
  CAF_CHECK_EQUAL(f.subscribers_of("a"), ids{alice});
  CAF_CHECK_EQUAL(f.uut.num_channels(), 1u);
}

CAF_TEST(a subscriber cannot give up a channel that it does not have) {
  fixture f;
  f.confirm(alice, {"a"});
  CAF_CHECK(f.remove(bob, {"a", "b"}).empty());
  CAF_CHECK(f.uut.remove_subscriber(bob).empty());
  CAF_CHECK_EQUAL(f.subscribers_of("a"), ids{alice});
}

CAF_TEST(an ask that is given up before its answer is withdrawn) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  CAF_CHECK_EQUAL(texts(f.remove(alice, {"a"})), strings{"withdrawn 1 a to 1"});
  CAF_CHECK_EQUAL(texts(f.uut.remove_subscriber(alice)),
                  strings{"withdrawn 1 b to 1"});
  CAF_CHECK(f.requests().empty());
  CAF_CHECK(!f.uut.state_of("a"));
}

// -- crossing requests --------------------------------------------------------

CAF_TEST(a channel given up while its subscribe is open is unsubscribed) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a"});
  f.requests();
  f.remove(alice, {"a"});
  CAF_CHECK(f.uut.state_of("a") == pending_unsubscribe);
  CAF_CHECK(f.requests().empty());
  CAF_CHECK(f.uut.acknowledged(1, f.now).empty());
  CAF_CHECK_EQUAL(f.requests(), strings{"2-a"});
}

CAF_TEST(a channel wanted while its unsubscribe is open is subscribed) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.remove(alice, {"a"});
  CAF_CHECK_EQUAL(f.requests(), strings{"2-a"});
  CAF_CHECK(f.add(bob, {"a"}).outcomes.empty());
  CAF_CHECK(f.uut.state_of("a") == pending_subscribe);
  CAF_CHECK(f.uut.acknowledged(2, f.now).empty());
  CAF_CHECK_EQUAL(f.requests(), strings{"3+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(3, f.now)),
                  strings{"granted 2 a to 2"});
}

CAF_TEST(a channel wanted again before its unsubscribe was sent stays) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.remove(alice, {"a"});
  CAF_CHECK_EQUAL(texts(f.add(bob, {"a"}).outcomes),
                  strings{"granted 2 a to 2"});
  CAF_CHECK(f.requests().empty());
}

CAF_TEST(an unsubscribe that fails confirms the channel for new subscribers) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.remove(alice, {"a"});
  f.requests();
  f.add(alice, {"a"});
  CAF_CHECK_EQUAL(texts(f.uut.rejected(2, rejection::transient, {}, f.now)),
                  strings{"granted 2 a to 1"});
  f.remove(alice, {"a"});
  f.wait();
  CAF_CHECK_EQUAL(f.requests(), strings{"3-a"});
  f.add(alice, {"a"});
  CAF_CHECK_EQUAL(texts(f.uut.postponed(3)), strings{"granted 3 a to 1"});
  CAF_CHECK(f.requests().empty());
}

// -- cutting requests ---------------------------------------------------------

CAF_TEST(requests are cut by channels and by requests under way) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b", "c", "d", "e", "f"});
  subscription_limits limits{.max_channels_per_request = 2, .max_in_flight = 2};
  CAF_CHECK_EQUAL(f.requests(limits), (strings{"1+a,b", "2+c,d"}));
  CAF_CHECK(f.requests(limits).empty());
  f.uut.acknowledged(2, f.now);
  CAF_CHECK_EQUAL(f.requests(limits), strings{"3+e,f"});
  CAF_CHECK(!f.uut.has_requests());
}

// Kraken and Coinbase have one kind of channel in a request.
CAF_TEST(channels that do not fit together have requests of their own) {
  fixture f;
  f.uut.opened();
  subscription_limits limits{.max_channels_per_request = 2,
                             .fit_together = [](const channel_spec& x,
                                                const channel_spec& y) {
                               return x.name.front() == y.name.front();
                             }};
  f.add(alice, {"a1", "b1", "a2", "c1", "b2", "a3"});
  CAF_CHECK_EQUAL(f.requests(limits),
                  (strings{"1+a1,a2", "2+b1,b2", "3+c1", "4+a3"}));
  for (uint64_t request = 1; request <= 4; ++request)
    f.uut.acknowledged(request, f.now);
  CAF_CHECK(f.uut.restored());
  f.remove(alice, {"a1", "b1", "a2"});
  CAF_CHECK_EQUAL(f.requests(limits), (strings{"5-a1,a2", "6-b1"}));
}

CAF_TEST(a request that was not sent comes again) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  CAF_CHECK_EQUAL(
    f.requests({.max_channels_per_request = 1, .max_requests = 1}),
    strings{"1+a"});
  f.uut.postponed(1);
  CAF_CHECK(f.uut.acknowledged(1, f.now).empty());
  CAF_CHECK_EQUAL(f.requests(), strings{"2+a,b"});
}

CAF_TEST(limits of zero count as one) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  CAF_CHECK_EQUAL(f.requests({0, 0, 0}), strings{"1+a"});
}

CAF_TEST(unsubscribing goes first) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.add(alice, {"b"});
  f.remove(alice, {"a"});
  CAF_CHECK_EQUAL(f.requests(), (strings{"2-a", "3+b"}));
}

CAF_TEST(a request carries the arguments as they were given) {
  fixture f;
  f.uut.opened();
  f.add_specs(alice, {{.name = "logs", .arguments = R"({"address":"0x0"})"}});
  auto requests = f.uut.next_requests();
  CAF_REQUIRE(requests.size() == 1);
  CAF_CHECK_EQUAL(requests[0].channels[0].arguments, R"({"address":"0x0"})");
}

// -- bounds -------------------------------------------------------------------

CAF_TEST(too many channels are refused as a whole) {
  fixture f{{.max_channels = 2}};
  f.add(alice, {"a"});
  std::vector<channel_spec> two{open_channel("b"), open_channel("c")};
  auto refused = f.uut.add(alice, two);
  CAF_CHECK(refused.error().code == ec::too_many_channels);
  CAF_CHECK_EQUAL(f.uut.num_channels(), 1u);
  CAF_CHECK(!f.uut.state_of("b"));
  f.add(alice, {"b", "b", "a"});
  f.add(bob, {"a"});
}

CAF_TEST(channels on their way out make room but not without a bound) {
  fixture f{{.max_channels = 1}};
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.remove(alice, {"a"});
  f.requests();
  f.confirm(alice, {"b"});
  f.remove(alice, {"b"});
  std::vector<channel_spec> one{open_channel("c")};
  CAF_CHECK(f.uut.add(alice, one).error().code == ec::too_many_channels);
  f.uut.acknowledged(2, f.now); // the first one is gone
  CAF_CHECK(f.uut.add(alice, one).has_value());
}

CAF_TEST(answers to wait for are bounded) {
  fixture f{{.max_waiting_answers = 3}};
  for (int i = 0; i < 3; ++i)
    f.add(alice, {"a"});
  std::vector<channel_spec> one{open_channel("a")};
  CAF_CHECK(f.uut.add(alice, one).error().code == ec::too_many_channels);
  f.uut.remove_subscriber(alice);
  CAF_CHECK(f.uut.add(alice, one).has_value());
}

CAF_TEST(a channel has one set of arguments and one access) {
  fixture f;
  f.add(alice, {"a"});
  std::vector<channel_spec> other{{.name = "a", .arguments = "depth=5"}};
  CAF_CHECK(f.uut.add(bob, other).error().code == ec::already_exists);
  other = {secret_channel("a")};
  CAF_CHECK(f.uut.add(bob, other).error().code == ec::already_exists);
  other = {open_channel("b"), secret_channel("b")};
  CAF_CHECK(f.uut.add(bob, other).error().code == ec::already_exists);
  CAF_CHECK_EQUAL(f.subscribers_of("a"), ids{alice});
  CAF_CHECK(!f.uut.state_of("b"));
}

// From another node it may be any number, and it is an index.
CAF_TEST(an unknown access is refused) {
  fixture f;
  std::vector<channel_spec> odd{{.name = "a", .access = channel_access{77}}};
  CAF_CHECK(f.uut.add(alice, odd).error().code == ec::invalid_config);
  CAF_CHECK(!f.uut.state_of("a"));
}

// -- text ---------------------------------------------------------------------

CAF_TEST(each enumerator has a name of its own) {
  std::set<std::string_view> names;
  for (int i = 0; i < 4; ++i) {
    names.insert(to_string(static_cast<channel_state>(i)));
    names.insert(to_string(static_cast<outcome_kind>(i)));
  }
  for (int i = 0; i < 2; ++i) {
    names.insert(to_string(static_cast<channel_access>(i)));
    names.insert(to_string(static_cast<subscription_request_kind>(i)));
  }
  CAF_CHECK_EQUAL(names.size(), 12u);
  CAF_CHECK_EQUAL(to_string(static_cast<channel_state>(9)), "unknown");
}
