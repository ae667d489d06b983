// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE channel_subscribers

#include "zenws/actors/delivery/internal/channel_subscribers.hpp"

#include "support/unit_test.hpp"

#include <span>
#include <string>
#include <vector>

using namespace zenws;

namespace {

using ids = std::vector<uint64_t>;
using strings = std::vector<std::string>;

struct fixture {
  void add(uint64_t subscriber, const strings& channels) {
    for (auto& x : channels)
      uut.add(subscriber, {.name = x});
  }

  static ids to_ids(std::span<const uint64_t> from) {
    return {from.begin(), from.end()};
  }

  strings channels() const {
    strings result;
    for (auto& x : uut.specs())
      result.push_back(x.name);
    return result;
  }

  channel_subscribers uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(channel_subscribers_tests, fixture)

CAF_TEST(without channels all subscribers want the same) {
  CAF_CHECK(uut.empty());
  CAF_CHECK(uut.uniform());
  CAF_CHECK(uut.subscribers().empty());
  CAF_CHECK(uut.subscribers_of("a").empty());
}

CAF_TEST(a channel has the subscribers that want it) {
  add(1, {"a", "b"});
  add(2, {"b"});
  CAF_CHECK(channels() == strings({"a", "b"}));
  CAF_CHECK(to_ids(uut.subscribers_of("a")) == ids{1});
  CAF_CHECK(to_ids(uut.subscribers_of("b")) == ids({1, 2}));
  CAF_CHECK(to_ids(uut.subscribers()) == ids({1, 2}));
}

CAF_TEST(a subscriber that asks twice counts once) {
  add(1, {"a", "a"});
  CAF_CHECK(to_ids(uut.subscribers_of("a")) == ids{1});
  CAF_CHECK(uut.remove_all(1) == strings{"a"});
}

CAF_TEST(the last specification of a channel holds) {
  uut.add(1, {.name = "a"});
  uut.add(2, {.name = "a", .arguments = "{}"});
  CAF_REQUIRE_EQUAL(uut.specs().size(), 1u);
  CAF_CHECK(uut.specs()[0].arguments == "{}");
}

CAF_TEST(subscribers are uniform while all want all channels) {
  add(1, {"a", "b"});
  CAF_CHECK(uut.uniform());
  add(2, {"a"});
  CAF_CHECK(!uut.uniform());
  add(2, {"b"});
  CAF_CHECK(uut.uniform());
  add(1, {"c"});
  CAF_CHECK(!uut.uniform());
  uut.drop("c");
  CAF_CHECK(uut.uniform());
}

CAF_TEST(a channel that its last subscriber leaves is not wanted) {
  add(1, {"a", "b"});
  add(2, {"b", "c"});
  CAF_CHECK(uut.remove_all(1) == strings{"a"});
  CAF_CHECK(channels() == strings({"b", "c"}));
  CAF_CHECK(uut.remove_all(1).empty());
  CAF_CHECK(uut.remove_all(2) == strings({"b", "c"}));
  CAF_CHECK(uut.empty());
  CAF_CHECK(uut.subscribers().empty());
}

CAF_TEST(a subscriber leaves the channels that it names) {
  add(1, {"a", "b", "c"});
  add(2, {"b"});
  CAF_CHECK(uut.remove(1, strings{"a", "b", "unknown"}) == strings{"a"});
  CAF_CHECK(channels() == strings({"b", "c"}));
  CAF_CHECK(to_ids(uut.subscribers_of("b")) == ids{2});
  CAF_CHECK(uut.remove(1, strings{"b"}).empty());
}

CAF_TEST(a dropped channel returns its subscribers and leaves the others) {
  add(1, {"a", "b"});
  add(2, {"b"});
  CAF_CHECK(uut.drop("b") == ids({1, 2}));
  CAF_CHECK(uut.drop("b").empty());
  CAF_CHECK(channels() == strings{"a"});
  CAF_CHECK(to_ids(uut.subscribers()) == ids{1});
}

CAF_TEST_FIXTURE_SCOPE_END()
