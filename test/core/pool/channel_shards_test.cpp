// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE channel_shards

#include "zenws/pool/channel_shards.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <map>
#include <random>

using namespace zenws;
using namespace zenws::test_support;

namespace {

bool any(uint64_t) {
  return true;
}

} // namespace

CAF_TEST(channels go to the member that has the fewest) {
  channel_shards uut{10};
  uut.add_member(1);
  uut.add_member(2);
  for (int i = 0; i < 6; ++i)
    CAF_REQUIRE(uut.assign("c" + std::to_string(i), any));
  CAF_CHECK_EQUAL(uut.num_channels(1), 3u);
  CAF_CHECK_EQUAL(uut.num_channels(2), 3u);
}

CAF_TEST(no member gets more than it can have) {
  channel_shards uut{2};
  uut.add_member(1);
  CAF_CHECK(uut.assign("a", any));
  CAF_CHECK(uut.assign("b", any));
  CAF_CHECK(!uut.assign("c", any));
  uut.release("a");
  CAF_CHECK(uut.assign("c", any));
  CAF_CHECK(!uut.member_of("a"));
}

CAF_TEST(only eligible members get channels) {
  channel_shards uut{2};
  uut.add_member(1);
  uut.add_member(2);
  auto only_two = [](uint64_t x) { return x == 2; };
  CAF_CHECK(uut.assign("a", only_two) == 2u);
  CAF_CHECK(uut.assign("b", only_two) == 2u);
  CAF_CHECK(!uut.assign("c", only_two));
}

CAF_TEST(the channels of a member that goes are told) {
  channel_shards uut{4};
  uut.add_member(1);
  uut.assign("a", any);
  uut.assign("b", any);
  uut.add_member(2);
  CAF_CHECK_EQUAL(uut.remove_member(1), (std::vector<std::string>{"a", "b"}));
  CAF_CHECK(!uut.member_of("a"));
  CAF_CHECK(uut.assign("a", any) == 2u);
  CAF_CHECK(uut.remove_member(1).empty());
}

CAF_TEST(random changes keep the books right) {
  std::mt19937_64 rng{choose_seed()};
  constexpr size_t capacity = 3;
  channel_shards uut{capacity};
  std::map<std::string, uint64_t> homes;
  for (int step = 0; step < 20'000; ++step) {
    auto member = uint64_t{1} + rng() % 5;
    auto channel = "c" + std::to_string(rng() % 20);
    switch (rng() % 6) {
      case 0:
        uut.add_member(member);
        break;
      case 1:
        for (auto& lost :
             rng() % 2 ? uut.remove_member(member) : uut.clear_member(member)) {
          CAF_REQUIRE_EQUAL(homes.at(lost), member);
          homes.erase(lost);
        }
        break;
      case 2:
        uut.release(channel);
        homes.erase(channel);
        break;
      default:
        if (homes.count(channel) == 0)
          if (auto home = uut.assign(channel, any))
            homes.emplace(channel, *home);
    }
    CAF_REQUIRE_EQUAL(uut.num_channels(), homes.size());
    for (uint64_t i = 1; i <= 5; ++i) {
      auto here = [&](auto& x) { return x.second == i; };
      auto n = std::count_if(homes.begin(), homes.end(), here);
      CAF_REQUIRE_EQUAL(uut.num_channels(i), static_cast<size_t>(n));
      CAF_REQUIRE(uut.num_channels(i) <= capacity);
    }
    for (auto& [name, home] : homes)
      CAF_REQUIRE(uut.member_of(name) == home);
  }
}
