// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE feed_merger_model

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include "feed_merger_fixture.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <sstream>

using namespace zenws::test_support;

// Two feeds of one venue that are late, break and return at random: as long as
// one is there all the time, each change arrives once and in order.
CAF_TEST(no change is lost while one feed is there) {
  std::mt19937_64 random{choose_seed()};
  auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
  for (size_t round = 0; round < 300; ++round) {
    feed_merger_fixture world;
    struct feed {
      bool up = true;
      uint64_t next = 1; // the first is a snapshot
      bool fresh = true;
    };
    feed feeds[2];
    uint64_t newest = 1;
    for (size_t step = 0; step < 400; ++step) {
      if (chance(2))
        ++newest;
      auto which = random() % 2;
      auto& it = feeds[which];
      auto& other = feeds[1 - which];
      if (!it.up) {
        if (chance(4)) {
          it = {.up = true, .next = newest, .fresh = true};
          world.uut.feed_up(which);
        }
      } else if (chance(40) && other.up && !other.fresh) {
        it.up = false;
        world.uut.feed_down(which, world.out);
        CAF_REQUIRE(world.uut.take_renewals().empty());
      } else if (it.next <= newest) {
        auto result = it.fresh ? world.snapshot(which, it.next)
                               : world.change(which, it.next);
        CAF_REQUIRE(result != feed_merger::verdict::gap);
        it.fresh = false;
        ++it.next;
      }
    }
    // The output adds up: a snapshot may only replace messages that no feed
    // has.
    uint64_t last = 0;
    for (auto& x : world.got) {
      auto is_snapshot = x[0] == 's';
      auto id = std::stoull(is_snapshot ? x.substr(1) : x);
      CAF_REQUIRE(id > last);
      if (!is_snapshot)
        CAF_REQUIRE(id == last + 1);
      last = id;
    }
  }
}

// Feeds that lose, repeat and delay messages of many instruments: each message
// of at least one of them is delivered once, in the order of its instrument.
CAF_TEST(a merged feed has the messages of all feeds) {
  using std::chrono::milliseconds;
  std::mt19937_64 random{choose_seed()};
  auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
  for (size_t round = 0; round < 100; ++round) {
    auto num_feeds = 2 + random() % 2;
    struct arrival {
      milliseconds time;
      size_t feed;
      std::vector<venue_numbers> numbers;
      std::string text;
    };
    std::vector<arrival> arrivals;
    std::map<std::string, uint64_t> newest;
    std::map<std::string, std::vector<uint64_t>> expected;
    std::vector<milliseconds> clocks(num_feeds, 0ms);
    for (size_t i = 0; i < 500; ++i) {
      milliseconds sent{i * 10};
      arrival next;
      for (auto n = chance(4) ? 2 : 1; n > 0; --n) {
        auto name = std::string(1, static_cast<char>('A' + random() % 20));
        if (next.text.find(name) != std::string::npos)
          continue;
        auto number = ++newest[name];
        next.numbers.push_back(trade_of(name, number, sent));
        next.text += name + std::to_string(number) + ' ';
      }
      auto is_first = std::ranges::any_of(next.numbers,
                                          [](auto& x) { return x.last == 1; });
      auto had = false;
      for (next.feed = 0; next.feed < num_feeds; ++next.feed) {
        // A feed brings its messages in order, none later than the patience.
        auto& clock = clocks[next.feed];
        clock = std::max(clock, sent + milliseconds{random() % 400});
        next.time = clock;
        // The first of an instrument has nothing to be told missing by.
        if (chance(10) && !is_first)
          continue;
        had = true;
        arrivals.push_back(next);
        if (chance(10))
          arrivals.push_back(next);
      }
      if (had)
        for (auto& x : next.numbers)
          expected[std::string{x.instrument.view()}].push_back(x.last);
    }
    std::ranges::stable_sort(arrivals, {}, &arrival::time);
    feed_merger uut{num_feeds};
    for (size_t i = 0; i < num_feeds; ++i)
      uut.feed_up(i);
    std::map<std::string, std::vector<uint64_t>> got;
    feed_merger::emit out = [&](std::string_view, std::string_view text) {
      std::istringstream in{std::string{text}};
      for (std::string x; in >> x;)
        got[x.substr(0, 1)].push_back(std::stoull(x.substr(1)));
    };
    feed_merger::time_point start{1h};
    auto pass_time = [&](feed_merger::time_point until) {
      for (auto due = uut.wake_at(); due && *due <= until; due = uut.wake_at())
        uut.expired(*due, out);
    };
    for (auto& x : arrivals) {
      pass_time(start + x.time);
      uut.received(x.feed, "trades", x.numbers, x.text, start + x.time, out);
    }
    pass_time(start + 1h);
    CAF_REQUIRE(!uut.wake_at());
    for (auto& [name, numbers] : expected)
      if (got[name] != numbers)
        CAF_FAIL(name << ": " << caf::deep_to_string(got[name]) << ", not "
                      << caf::deep_to_string(numbers));
  }
}
