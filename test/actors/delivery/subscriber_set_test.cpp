// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE subscriber_set

#include "zenws/actors/delivery/internal/subscriber_set.hpp"

#include "zenws/actors/messages/messages.hpp"

#include "support/actor_test.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace zenws;

namespace {

using interest = subscriber_set::interest;
using verdict = subscriber_set::verdict;
using strings = std::vector<std::string>;

struct fixture : test_coordinator_fixture<> {
  // Batches that a subscriber received and still holds.
  struct received {
    strings log;
    std::vector<message_batch> batches;
    bool ended = false;
  };

  ~fixture() {
    for (auto& [subscriber, to] : subscribers)
      caf::anon_send_exit(subscriber, caf::exit_reason::kill);
    sched.run();
  }

  caf::actor spawn(received& to) {
    auto result = sys.spawn(
      [&to](caf::event_based_actor* ptr, int) {
        ptr->attach_functor([&to] { to.ended = true; });
        return caf::behavior{[&to](const message_batch& x) {
                               for (auto message : x)
                                 to.log.emplace_back(message.payload);
                               to.batches.push_back(x);
                             },
                             [&to](const client_event& x) {
                               to.log.emplace_back(to_string(x.kind));
                               if (x.dropped_messages > 0)
                                 to.log.back()
                                   += " " + std::to_string(x.dropped_messages);
                             }};
      },
      0);
    sched.run();
    subscribers.emplace_back(result, &to);
    return result;
  }

  uint64_t add(received& to, subscription_options options = {},
               interest kind = interest::all_messages) {
    return uut.add(spawn(to), options, kind);
  }

  static slab_ptr slab_of(const strings& payloads) {
    auto result = slab_pool::make_unpooled(100, payloads.size());
    for (auto& x : payloads)
      result->add_detached(x, message_kind::text);
    return result;
  }

  subscriber_set::origin origin() {
    return {caf::actor_cast<caf::strong_actor_ptr>(self), nullptr};
  }

  verdict deliver(const strings& payloads) {
    auto result = uut.deliver(slab_of(payloads), {}, origin());
    sched.run();
    return result;
  }

  void deliver_selected(const strings& payloads) {
    uut.deliver_selected(slab_of(payloads), {}, origin());
    sched.run();
  }

  std::vector<std::pair<caf::actor, received*>> subscribers;
  received first;
  received second;
  received third;
  subscriber_set uut;
};

// One batch exhausts it.
subscription_options small(overflow_policy policy) {
  return {.policy = policy, .budget_bytes = 50};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(subscriber_set_tests, fixture)

// -- subscribers --------------------------------------------------------------

CAF_TEST(a subscriber keeps its number and no other gets it) {
  auto one = spawn(first);
  auto two = spawn(second);
  auto number = uut.add(one, {});
  CAF_CHECK_EQUAL(uut.add(one, {}), number);
  CAF_CHECK_EQUAL(uut.size(), 1u);
  CAF_CHECK_EQUAL(uut.number_of(one.address()), number);
  CAF_CHECK(uut.find(number) == one);
  CAF_CHECK(uut.remove(one.address()));
  CAF_CHECK(!uut.remove(one.address()));
  CAF_CHECK_EQUAL(uut.number_of(one.address()), 0u);
  CAF_CHECK(uut.find(number) == nullptr);
  CAF_CHECK_NOT_EQUAL(uut.add(two, {}), number);
}

// -- delivery -----------------------------------------------------------------

CAF_TEST(messages go to those that want all of them) {
  add(first);
  add(second, {}, interest::channels);
  CAF_CHECK(deliver({"a", "b"}) == verdict::keep_reading);
  CAF_CHECK(first.log == strings({"a", "b"}));
  CAF_CHECK(second.log.empty());
}

CAF_TEST(an interest in everything does not become one in channels) {
  auto one = spawn(first);
  uut.add(one, {});
  uut.add(one, {}, interest::channels);
  deliver({"a"});
  CAF_CHECK(first.log == strings{"a"});
}

CAF_TEST(selected messages go to their numbers and to those that want all) {
  add(first);
  auto two = add(second, {}, interest::channels);
  auto three = add(third, {}, interest::channels);
  uut.select(0, std::vector{two});
  uut.select(2, std::vector{two, three});
  deliver_selected({"a", "b", "c"});
  CAF_CHECK(first.log == strings({"a", "c"}));
  CAF_CHECK(second.log == strings({"a", "c"}));
  CAF_CHECK(third.log == strings{"c"});
  // The selection is over.
  deliver_selected({"d"});
  CAF_CHECK(third.log == strings{"c"});
}

CAF_TEST(a late selection leaves out those that want all) {
  auto one = add(first);
  auto two = add(second, {}, interest::channels);
  uut.select_late(0, std::vector{one, two});
  deliver_selected({"a"});
  CAF_CHECK(first.log.empty());
  CAF_CHECK(second.log == strings{"a"});
}

CAF_TEST(subscribers get the content that they asked for) {
  add(first, {.content = subscription_content::events});
  add(second, {.content = subscription_content::messages});
  deliver({"a"});
  uut.deliver(client_event{.kind = event_kind::ended}, origin());
  sched.run();
  CAF_CHECK(first.log == strings{std::string{to_string(event_kind::ended)}});
  CAF_CHECK(second.log == strings{"a"});
}

CAF_TEST(those that end with the client end after its last event) {
  add(first, {.lifetime = subscriber_lifetime::ends_with_client});
  add(second);
  uut.end(client_event{.kind = event_kind::ended}, origin());
  sched.run();
  CAF_CHECK_EQUAL(first.log.size(), 1u);
  CAF_CHECK(first.ended);
  CAF_CHECK_EQUAL(second.log.size(), 1u);
  CAF_CHECK(!second.ended);
}

// -- overflow -----------------------------------------------------------------

CAF_TEST(a subscriber that drops learns the number before the next batch) {
  add(first, small(overflow_policy::drop_newest));
  add(second);
  deliver({"a"});
  deliver({"b", "c"});
  deliver({"d"});
  CAF_CHECK(first.log == strings{"a"});
  CAF_CHECK(second.log == strings({"a", "b", "c", "d"}));
  CAF_CHECK_EQUAL(uut.dropped(), 3u);
  first.batches.clear();
  CAF_CHECK(deliver({"e"}) == verdict::keep_reading);
  CAF_CHECK(
    first.log
    == strings(
      {"a", std::string{to_string(event_kind::messages_dropped)} + " 3", "e"}));
}

// The end came as if nothing had been lost.
CAF_TEST(what a subscriber has lost is told before the end) {
  add(first, small(overflow_policy::drop_newest));
  deliver({"a"});
  deliver({"b", "c"});
  uut.end(client_event{.kind = event_kind::ended}, origin());
  sched.run();
  CAF_CHECK(first.log
            == strings(
              {"a", std::string{to_string(event_kind::messages_dropped)} + " 2",
               std::string{to_string(event_kind::ended)}}));
}

CAF_TEST(a subscriber that is to be disconnected is removed and told) {
  auto number = add(first, small(overflow_policy::disconnect_subscriber));
  deliver({"a"});
  deliver({"b"});
  deliver({"c"});
  CAF_CHECK(
    first.log
    == strings({"a", std::string{to_string(event_kind::subscriber_removed)}}));
  CAF_CHECK_EQUAL(uut.size(), 0u);
  auto removed = uut.take_removed();
  CAF_REQUIRE_EQUAL(removed.size(), 1u);
  CAF_CHECK_EQUAL(removed[0].number, number);
  CAF_CHECK(uut.take_removed().empty());
}

CAF_TEST(
  a subscriber with backpressure stops the reading until it has drained) {
  size_t drained = 0;
  uut.on_drained([&] { ++drained; });
  add(first, small(overflow_policy::backpressure));
  CAF_CHECK(deliver({"a"}) == verdict::stop_reading);
  CAF_CHECK(uut.congested());
  CAF_CHECK(uut.congested_one() == subscribers[0].first);
  // Messages read before are delivered all the same.
  CAF_CHECK(deliver({"b"}) == verdict::stop_reading);
  CAF_CHECK(first.log == strings({"a", "b"}));
  CAF_CHECK_EQUAL(drained, 0u);
  first.batches.clear();
  CAF_CHECK_EQUAL(drained, 1u);
  CAF_CHECK(!uut.congested());
  CAF_CHECK(uut.congested_one() == nullptr);
}

CAF_TEST(a subscriber that sheds loses messages until it has caught up) {
  add(first, small(overflow_policy::backpressure));
  deliver({"a"});
  uut.shed_congested();
  CAF_CHECK(!uut.congested());
  CAF_CHECK(deliver({"b"}) == verdict::keep_reading);
  CAF_CHECK(first.log == strings{"a"});
  CAF_CHECK_EQUAL(uut.dropped(), 1u);
  first.batches.clear();
  CAF_CHECK(deliver({"c"}) == verdict::stop_reading);
  CAF_CHECK_EQUAL(first.log.back(), "c");
  CAF_CHECK(uut.congested());
}

CAF_TEST(a subscriber that was removed is not told of its drain) {
  size_t drained = 0;
  uut.on_drained([&] { ++drained; });
  add(first, small(overflow_policy::backpressure));
  deliver({"a"});
  uut.remove(subscribers[0].first.address());
  first.batches.clear();
  CAF_CHECK_EQUAL(drained, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
