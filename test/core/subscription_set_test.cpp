#define CAF_SUITE subscription_set

#include "zenws/subscription_set.hpp"

#include "caf/test/unit_test.hpp"

#include <set>
#include <string>

using namespace zenws;

namespace {

using strings = std::vector<std::string>;

using views = std::vector<std::string_view>;

using ids = std::vector<uint64_t>;

using enum channel_state;

constexpr uint64_t alice = 1;

constexpr uint64_t bob = 2;

channel_spec open_channel(std::string name) {
  return {.name = std::move(name)};
}

channel_spec secret_channel(std::string name) {
  return {.name = std::move(name),
          .access = channel_access::authenticated_only};
}

// A set with shorthands for what the tests do most.
struct fixture {
  subscription_set uut;

  explicit fixture(const subscription_set_config& cfg = {}) : uut(cfg) {
    // nop
  }

  subscription_ask add(uint64_t who, const strings& names) {
    std::vector<channel_spec> specs;
    for (auto& name : names)
      specs.push_back(open_channel(name));
    return uut.add(who, specs).value();
  }

  subscription_ask add_specs(uint64_t who,
                             const std::vector<channel_spec>& specs) {
    return uut.add(who, specs).value();
  }

  subscription_outcomes remove(uint64_t who, const views& names) {
    return uut.remove(who, names);
  }

  subscription_outcomes acknowledge(uint64_t request, const views& names) {
    return uut.acknowledged(request, names);
  }

  // Returns what is requested next as text, for example "2+a,b" or "3-a".
  strings requests(const subscription_limits& limits = {}) {
    strings result;
    for (auto& x : uut.next_requests(limits)) {
      auto text = std::to_string(x.number);
      text += x.kind == subscription_request_kind::subscribe ? '+' : '-';
      for (auto& channel : x.channels)
        text += (&channel == &x.channels.front() ? "" : ",") + channel.name;
      result.push_back(text);
    }
    return result;
  }

  // Subscribes and has the server grant it.
  void confirm(uint64_t who, const strings& names) {
    add(who, names);
    for (auto& x : uut.next_requests())
      uut.acknowledged(x.number);
  }

  ids subscribers_of(std::string_view channel) const {
    auto found = uut.subscribers_of(channel);
    return {found.begin(), found.end()};
  }
};

// Returns outcomes as text, for example "granted 1 a to 2".
strings texts(const subscription_outcomes& outcomes) {
  strings result;
  for (auto& x : outcomes)
    result.push_back(std::string{to_string(x.kind)} + ' '
                     + std::to_string(x.ask) + ' ' + x.channel + " to "
                     + std::to_string(x.subscriber));
  return result;
}

const error unknown_channel{.code = ec::subscription_rejected,
                            .detail = "no such channel"};

} // namespace

// -- counting references ------------------------------------------------------

CAF_TEST(only the first reference and the last one reach the server) {
  fixture f;
  f.uut.opened();
  CAF_CHECK_EQUAL(f.add(alice, {"a"}).number, 1u);
  CAF_CHECK(f.uut.state_of("a") == pending_subscribe);
  CAF_CHECK_EQUAL(f.requests(), strings{"1+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(1)), strings{"granted 1 a to 1"});
  CAF_CHECK(f.uut.state_of("a") == confirmed);
  CAF_CHECK_EQUAL(texts(f.add(bob, {"a"}).outcomes),
                  strings{"granted 2 a to 2"});
  CAF_CHECK(f.remove(alice, {"a"}).empty());
  CAF_CHECK(f.requests().empty());
  CAF_CHECK(f.remove(bob, {"a"}).empty());
  CAF_CHECK(f.uut.state_of("a") == pending_unsubscribe);
  CAF_CHECK_EQUAL(f.requests(), strings{"2-a"});
  CAF_CHECK(f.uut.acknowledged(2).empty());
  CAF_CHECK(!f.uut.state_of("a"));
}

CAF_TEST(a subscriber has a channel or not however often it asked) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "a"});
  f.add(alice, {"a"});
  CAF_CHECK_EQUAL(f.subscribers_of("a"), ids{alice});
  CAF_CHECK_EQUAL(f.requests(), strings{"1+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(1)),
                  (strings{"granted 1 a to 1", "granted 2 a to 1"}));
  f.remove(alice, {"a", "a"});
  CAF_CHECK(f.subscribers_of("a").empty());
}

CAF_TEST(messages go to those who want the channel now) {
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

CAF_TEST(what a subscriber does not have cannot be given up by it) {
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

CAF_TEST(what is given up while its subscribe is under way is unsubscribed) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a"});
  f.requests();
  f.remove(alice, {"a"});
  CAF_CHECK(f.uut.state_of("a") == pending_unsubscribe);
  CAF_CHECK(f.requests().empty());
  CAF_CHECK(f.uut.acknowledged(1).empty());
  CAF_CHECK_EQUAL(f.requests(), strings{"2-a"});
}

CAF_TEST(what is wanted while its unsubscribe is under way is subscribed) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.remove(alice, {"a"});
  CAF_CHECK_EQUAL(f.requests(), strings{"2-a"});
  CAF_CHECK(f.add(bob, {"a"}).outcomes.empty());
  CAF_CHECK(f.uut.state_of("a") == pending_subscribe);
  CAF_CHECK(f.uut.acknowledged(2).empty());
  CAF_CHECK_EQUAL(f.requests(), strings{"3+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(3)), strings{"granted 2 a to 2"});
}

CAF_TEST(what is wanted again before its unsubscribe was sent stays) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.remove(alice, {"a"});
  CAF_CHECK_EQUAL(texts(f.add(bob, {"a"}).outcomes),
                  strings{"granted 2 a to 2"});
  CAF_CHECK(f.requests().empty());
}

CAF_TEST(an unsubscribe that fails confirms the channel for whoever asked) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.remove(alice, {"a"});
  f.requests();
  f.add(alice, {"a"});
  CAF_CHECK_EQUAL(texts(f.uut.rejected(2, rejection::transient, {})),
                  strings{"granted 2 a to 1"});
  f.remove(alice, {"a"});
  f.uut.retry_held();
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
  f.uut.acknowledged(2);
  CAF_CHECK_EQUAL(f.requests(limits), strings{"3+e,f"});
  CAF_CHECK(!f.uut.has_requests());
}

CAF_TEST(a request that was not sent comes again) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  CAF_CHECK_EQUAL(
    f.requests({.max_channels_per_request = 1, .max_requests = 1}),
    strings{"1+a"});
  f.uut.postponed(1);
  CAF_CHECK(f.uut.acknowledged(1).empty());
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
  auto outcomes = f.uut.rejected(1, rejection::definite, unknown_channel);
  CAF_REQUIRE(outcomes.size() == 1);
  CAF_CHECK(outcomes[0].kind == outcome_kind::rejected);
  CAF_CHECK_EQUAL(outcomes[0].reason.detail, "no such channel");
  f.add(alice, {"b"});
  f.requests();
  outcomes = f.uut.rejected(2, rejection::definite, {});
  CAF_CHECK(outcomes.at(0).reason.code == ec::subscription_rejected);
}

// W-59: a stale operation could be applied to a reused id.
CAF_TEST(answers that nobody waits for change nothing) {
  fixture f;
  f.uut.opened();
  f.confirm(alice, {"a"});
  f.add(alice, {"b"});
  for (auto request : {0, 1, 2, 99}) {
    CAF_CHECK(f.uut.acknowledged(request).empty());
    CAF_CHECK(f.acknowledge(request, {"b", "c"}).empty());
    CAF_CHECK(f.uut.channel_acknowledged(request, "b").empty());
    CAF_CHECK(f.uut.rejected(request, rejection::definite, {}).empty());
    CAF_CHECK(
      f.uut.channel_rejected(request, "a", rejection::definite, {}).empty());
    f.uut.timed_out(request);
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
  CAF_CHECK_EQUAL(texts(f.uut.channel_acknowledged(1, "b")),
                  strings{"granted 1 b to 1"});
  CAF_CHECK(f.uut.channel_acknowledged(1, "b").empty());
  CAF_CHECK(!f.uut.request_of("b"));
  CAF_CHECK_EQUAL(
    texts(f.uut.channel_rejected(1, "a", rejection::definite, unknown_channel)),
    strings{"rejected 1 a to 1"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(1)), strings{"granted 1 c to 1"});
}

// -- failures -----------------------------------------------------------------

CAF_TEST(a failure for now keeps the channel and tells nobody) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a"});
  f.requests();
  CAF_CHECK(f.uut.rejected(1, rejection::transient, {}).empty());
  CAF_CHECK(f.uut.state_of("a") == pending_subscribe);
  CAF_CHECK_EQUAL(f.uut.num_held(), 1u);
  CAF_CHECK(f.requests().empty());
  f.uut.retry_held();
  CAF_CHECK_EQUAL(f.uut.num_held(), 0u);
  CAF_CHECK_EQUAL(f.requests(), strings{"2+a"});
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(2)), strings{"granted 1 a to 1"});
}

CAF_TEST(after a timeout the server may have the channel) {
  fixture f;
  f.uut.opened();
  f.add(alice, {"a", "b"});
  f.requests();
  f.uut.timed_out(1);
  CAF_CHECK(f.uut.acknowledged(1).empty());
  f.remove(alice, {"a"});
  f.uut.retry_held();
  CAF_CHECK_EQUAL(f.requests(), (strings{"2-a", "3+b"}));
  // The server did not know it; that is as good.
  CAF_CHECK(f.uut.rejected(2, rejection::definite, unknown_channel).empty());
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
                                              unknown_channel)
                             : f.uut.acknowledged(x.number);
      for (auto& text : texts(outcomes))
        told.push_back(text);
    }
  CAF_CHECK_EQUAL(sent, (strings{"5", "2", "2", "1", "1", "1"}));
  CAF_CHECK_EQUAL(told, (strings{"granted 1 a to 1", "granted 1 b to 1",
                                 "rejected 1 bad to 1", "granted 1 c to 1",
                                 "granted 1 d to 1"}));
}

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

// W-57: all at once, in no order, and nobody looked at the answer.
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
  CAF_CHECK(f.uut.acknowledged(4).empty());
  CAF_CHECK(!f.uut.restored());
  CAF_CHECK(f.uut.acknowledged(3).empty());
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
  CAF_CHECK(f.uut.acknowledged(1).empty());
  f.uut.opened();
  CAF_CHECK(f.uut.rejected(1, rejection::definite, unknown_channel).empty());
  CAF_CHECK_EQUAL(f.requests(), strings{"2+a"});
  CAF_CHECK(f.uut.acknowledged(1).empty());
  CAF_CHECK_EQUAL(texts(f.uut.acknowledged(2)), strings{"granted 1 a to 1"});
}

// W-58: what the server refused was restored for ever.
CAF_TEST(what the server refuses to restore is told and leaves) {
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

// W-56, W-57: private channels were lost, or asked for before the login.
CAF_TEST(private channels wait for the authentication) {
  fixture f;
  f.add_specs(alice, {secret_channel("orders"), open_channel("book"),
                      secret_channel("trades")});
  f.uut.opened();
  CAF_CHECK_EQUAL(f.requests(), strings{"1+book"});
  f.uut.acknowledged(1);
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
  CAF_CHECK(next.uut.acknowledged(1).empty()); // an old answer
  CAF_CHECK_EQUAL(next.requests(), strings{"3+b"});
  CAF_CHECK(next.uut.acknowledged(3).empty());
  next.uut.authenticated();
  CAF_CHECK_EQUAL(next.requests(), strings{"4+a"});
  CAF_CHECK_EQUAL(texts(next.uut.acknowledged(4)), strings{"granted 3 a to 2"});
  CAF_CHECK_EQUAL(next.add(bob, {"c"}).number, 4u);
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
  f.uut.acknowledged(2); // the first one is gone
  CAF_CHECK(f.uut.add(alice, one).has_value());
}

CAF_TEST(answers to wait for are bounded) {
  fixture f{{.max_waiting_asks = 3}};
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
