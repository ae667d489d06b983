// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE feed_merger

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include "zenws/market/feed_merger.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

using verdict = feed_merger::verdict;

constexpr auto book = "book.X.raw";

struct fixture {
  fixture() {
    uut.feed_up(0);
    uut.feed_up(1);
  }

  verdict snapshot(size_t feed, uint64_t id) {
    return put(feed, {{.first = id, .last = id, .snapshot = true}},
               "s" + std::to_string(id));
  }

  verdict change(size_t feed, uint64_t id) {
    return put(feed, {{.first = id, .last = id, .previous = id - 1}},
               std::to_string(id));
  }

  verdict put(size_t feed, const std::vector<venue_numbers>& numbers,
              const std::string& text) {
    return uut.received(feed, book, numbers, text, now, out);
  }

  void expire() {
    now = uut.wake_at().value();
    uut.expired(now, out);
  }

  std::string take() {
    std::string result;
    for (auto& x : std::exchange(got, {}))
      result += (result.empty() ? "" : " ") + x;
    return result;
  }

  feed_merger uut{2};
  feed_merger::time_point now{1h};
  std::vector<std::string> got;
  feed_merger::emit out = [this](std::string_view, std::string_view x) {
    got.emplace_back(x);
  };
};

/// Numbers of one trade; the time of the venue goes on with them.
venue_numbers trade_of(std::string_view instrument, uint64_t number,
                       std::chrono::milliseconds time = 0ms) {
  return {.instrument = instrument_name::make(instrument).value(),
          .first = number,
          .last = number,
          .time = venue_time{time}};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_merger_tests, fixture)

CAF_TEST(each message comes once from the first feed) {
  CAF_CHECK(snapshot(0, 10) == verdict::delivered);
  CAF_CHECK(snapshot(1, 10) == verdict::duplicate);
  CAF_CHECK(change(1, 11) == verdict::delivered);
  CAF_CHECK(change(0, 11) == verdict::duplicate);
  CAF_CHECK(change(0, 12) == verdict::delivered);
  CAF_CHECK(change(0, 13) == verdict::delivered);
  CAF_CHECK(change(1, 12) == verdict::duplicate);
  CAF_CHECK_EQUAL(take(), "s10 11 12 13");
  CAF_CHECK_EQUAL(uut.duplicates(), 3u);
}

CAF_TEST(the loss of a feed is no gap) {
  snapshot(0, 10);
  snapshot(1, 10);
  change(0, 11);
  change(0, 12);
  uut.feed_down(0, out);
  CAF_CHECK(uut.take_renewals().empty());
  CAF_CHECK(change(1, 11) == verdict::duplicate);
  CAF_CHECK(change(1, 12) == verdict::duplicate);
  CAF_CHECK(change(1, 13) == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "s10 11 12 13");
}

CAF_TEST(a feed that is back waits for skipped messages) {
  snapshot(0, 10);
  change(0, 11);
  CAF_CHECK(snapshot(1, 13) == verdict::held);
  CAF_CHECK(change(1, 14) == verdict::held);
  CAF_CHECK(change(0, 12) == verdict::delivered);
  CAF_CHECK(change(0, 13) == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "s10 11 12 13 14");
  CAF_CHECK(change(0, 14) == verdict::duplicate);
}

CAF_TEST(it does not wait for one that is gone or silent) {
  snapshot(0, 10);
  change(0, 11);
  CAF_CHECK(snapshot(1, 13) == verdict::held);
  CAF_CHECK(change(1, 14) == verdict::held);
  uut.feed_down(0, out);
  CAF_CHECK_EQUAL(take(), "s10 11 s13 14");
  uut.feed_up(0);
  CAF_CHECK(snapshot(0, 16) == verdict::held);
  CAF_REQUIRE(uut.wake_at());
  CAF_CHECK(*uut.wake_at() == now + feed_merger::patience);
  expire();
  CAF_CHECK(uut.take_renewals().empty());
  CAF_CHECK(!uut.wake_at());
  CAF_CHECK_EQUAL(take(), "s16");
}

CAF_TEST(messages that no feed has are reported) {
  snapshot(0, 10);
  snapshot(1, 10);
  CAF_CHECK(change(0, 13) == verdict::held);
  expire();
  CAF_CHECK(uut.take_renewals() == std::vector<std::string>{book});
  CAF_CHECK(uut.take_renewals().empty());
  CAF_CHECK_EQUAL(take(), "s10 13");
  uut.feed_down(1, out);
  CAF_CHECK(change(0, 20) == verdict::gap);
}

CAF_TEST(a channel begins anew with a snapshot) {
  snapshot(0, 10);
  change(0, 11);
  uut.restart(book);
  CAF_CHECK(change(1, 12) == verdict::duplicate);
  CAF_CHECK(snapshot(1, 11) == verdict::delivered);
  CAF_CHECK(change(0, 12) == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "s10 11 s11 12");
}

// A renewal that brought no snapshot was not made again: the book stood still
// for good.
CAF_TEST(a book that gets changes but no snapshot is renewed again) {
  snapshot(0, 10);
  uut.restart(book);
  change(0, 11);
  now += feed_merger::snapshot_patience - 1ms;
  change(1, 11);
  CAF_CHECK(uut.take_renewals().empty());
  now += 1ms;
  change(0, 12);
  CAF_CHECK(uut.take_renewals() == std::vector<std::string>{book});
  change(1, 12);
  CAF_CHECK(uut.take_renewals().empty());
  snapshot(0, 13);
  now += 2 * feed_merger::snapshot_patience;
  change(0, 14);
  CAF_CHECK(uut.take_renewals().empty());
  CAF_CHECK_EQUAL(take(), "s10 s13 14");
}

CAF_TEST(messages without numbers come from one feed) {
  CAF_CHECK(put(0, {}, "a") == verdict::delivered);
  CAF_CHECK(put(1, {}, "a") == verdict::duplicate);
  uut.feed_down(0, out);
  CAF_CHECK(put(1, {}, "b") == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "a b");
}

CAF_TEST(a channel without changes never waits) {
  snapshot(0, 10);
  CAF_CHECK(snapshot(1, 12) == verdict::delivered);
  CAF_CHECK(snapshot(0, 11) == verdict::duplicate);
  CAF_CHECK(snapshot(0, 13) == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "s10 s12 s13");
}

CAF_TEST(a book that began with changes takes the first snapshot there is) {
  change(0, 11);
  change(0, 12);
  CAF_CHECK(snapshot(1, 11) == verdict::delivered);
  CAF_CHECK(change(0, 13) == verdict::held);
  CAF_CHECK(change(1, 12) == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "11 12 s11 12 13");
}

CAF_TEST(a waiting snapshot replaces earlier waiting messages) {
  snapshot(0, 10);
  change(0, 11);
  CAF_CHECK(change(1, 13) == verdict::held);
  CAF_CHECK(snapshot(1, 15) == verdict::held);
  expire();
  CAF_CHECK(uut.take_renewals().empty());
  CAF_CHECK_EQUAL(take(), "s10 11 s15");
}

CAF_TEST(a feed that was ahead is not needed any more for its messages) {
  snapshot(0, 10);
  change(0, 11);
  CAF_CHECK(change(1, 13) == verdict::held);
  uut.feed_down(1, out);
  CAF_CHECK(change(0, 12) == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "s10 11 12 13");
}

// -- scopes -------------------------------------------------------------------

CAF_TEST(numbers of several instruments do not matter to each other) {
  for (auto high_first : {true, false}) {
    fixture world;
    std::vector<std::vector<venue_numbers>> messages{
      {trade_of("C", 74405)},
      {trade_of("P", 12)},
      {trade_of("C", 74406)},
      {trade_of("P", 13)},
      {trade_of("C", 74407), trade_of("P", 14)},
    };
    if (!high_first)
      std::swap(messages[0], messages[1]);
    for (auto feed : {0u, 1u})
      for (auto& x : messages)
        CAF_CHECK(world.put(feed, x, std::to_string(x[0].last))
                  == (feed == 0 ? verdict::delivered : verdict::duplicate));
    CAF_CHECK_EQUAL(world.got.size(), messages.size());
    CAF_CHECK(!world.uut.wake_at());
    CAF_CHECK(world.uut.take_renewals().empty());
  }
}

CAF_TEST(a message is delivered for any new part) {
  put(0, {trade_of("C", 5)}, "c5");
  put(0, {trade_of("P", 8)}, "p8");
  CAF_CHECK(put(1, {trade_of("C", 5), trade_of("P", 9)}, "c5p9")
            == verdict::delivered);
  CAF_CHECK(put(0, {trade_of("P", 9)}, "p9") == verdict::duplicate);
  CAF_CHECK(put(0, {trade_of("C", 6)}, "c6") == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "c5 p8 c5p9 c6");
}

CAF_TEST(a message of several instruments waits until none is ahead) {
  put(0, {trade_of("C", 5)}, "c5");
  put(0, {trade_of("P", 8)}, "p8");
  CAF_CHECK(put(1, {trade_of("C", 7), trade_of("P", 10)}, "c7p10")
            == verdict::held);
  CAF_CHECK(put(1, {trade_of("P", 11)}, "p11") == verdict::held);
  CAF_CHECK(put(0, {trade_of("C", 6)}, "c6") == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "c5 p8 c6");
  CAF_CHECK(put(0, {trade_of("P", 9)}, "p9") == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "p9 c7p10 p11");
  CAF_CHECK(!uut.wake_at());
}

CAF_TEST(trades of which some are missing for good go on in order) {
  put(0, {trade_of("C", 5)}, "5");
  CAF_CHECK(put(1, {trade_of("C", 8)}, "8") == verdict::held);
  CAF_CHECK(put(0, {trade_of("C", 7)}, "7") == verdict::held);
  expire();
  // No snapshot would bring them back.
  CAF_CHECK(uut.take_renewals().empty());
  uut.restart(book);
  CAF_CHECK(put(1, {trade_of("C", 7)}, "7") == verdict::duplicate);
  CAF_CHECK(put(1, {trade_of("C", 9)}, "9") == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "5 7 8 9");
}

CAF_TEST(many instruments take bounded memory) {
  auto name = [](size_t i) { return "X-" + std::to_string(i); };
  for (size_t i = 0; i < feed_merger::max_scopes; ++i)
    put(0, {trade_of(name(i), 5)}, "");
  put(0, {trade_of(name(0), 6)}, "");
  put(0, {trade_of("new", 5)}, "");
  got.clear();
  // The one that was silent for the longest time is new again, and no other.
  CAF_CHECK(put(1, {trade_of(name(0), 6)}, "") == verdict::duplicate);
  CAF_CHECK(put(1, {trade_of(name(2), 5)}, "") == verdict::duplicate);
  CAF_CHECK(put(1, {trade_of(name(1), 5)}, "") == verdict::delivered);
}

CAF_TEST(a channel without subscribers leaves nothing behind) {
  snapshot(0, 10);
  change(0, 11);
  change(1, 14);
  uut.forget(book);
  CAF_CHECK(!uut.wake_at());
  CAF_CHECK(snapshot(1, 3) == verdict::delivered);
}

// -- numbers that begin anew --------------------------------------------------

CAF_TEST(numbers that fall back while time goes on begin anew for all feeds) {
  put(0, {trade_of("C", 1'000, 1s)}, "old");
  put(1, {trade_of("C", 1'000, 1s)}, "old");
  CAF_CHECK(put(0, {trade_of("C", 1, 2s)}, "1") == verdict::delivered);
  // A slow feed's messages of the old numbers are neither new nor ahead.
  CAF_CHECK(put(1, {trade_of("C", 1'001, 1'500ms)}, "late")
            == verdict::duplicate);
  CAF_CHECK(put(1, {trade_of("C", 1, 2s)}, "1") == verdict::duplicate);
  CAF_CHECK(put(1, {trade_of("C", 2, 3s)}, "2") == verdict::delivered);
  CAF_CHECK(put(0, {trade_of("C", 2, 3s)}, "2") == verdict::duplicate);
  CAF_CHECK_EQUAL(take(), "old 1 2");
}

CAF_TEST(a feed that repeats itself over another connection begins nothing) {
  put(0, {trade_of("C", 1'000, 1s)}, "1000");
  uut.feed_up(0);
  CAF_CHECK(put(0, {trade_of("C", 999, 2s)}, "999") == verdict::duplicate);
  CAF_CHECK(put(0, {trade_of("C", 1'001, 3s)}, "1001") == verdict::delivered);
}

CAF_TEST(numbers that began anew while a feed was away are not lost for ever) {
  put(0, {trade_of("C", 1'000, 1s)}, "1000");
  CAF_CHECK(put(1, {trade_of("C", 1, 2s)}, "1") == verdict::duplicate);
  CAF_CHECK(put(1, {trade_of("C", 2, 12s)}, "2") == verdict::delivered);
}

CAF_TEST(a book whose numbers begin anew is renewed unless it has a snapshot) {
  auto at = [](venue_numbers entry, std::chrono::seconds time) {
    entry.time = venue_time{time};
    return std::vector{entry};
  };
  put(0, at({.first = 100, .last = 100, .snapshot = true}, 1s), "s100");
  CAF_CHECK(put(0, at({.first = 3, .last = 3, .snapshot = true}, 2s), "s3")
            == verdict::delivered);
  CAF_CHECK(uut.take_renewals().empty());
  put(0, at({.first = 4, .last = 4, .previous = 3}, 3s), "4");
  CAF_CHECK(put(0, at({.first = 2, .last = 2, .previous = 1}, 4s), "2")
            == verdict::duplicate);
  CAF_CHECK(uut.take_renewals() == std::vector<std::string>{book});
  CAF_CHECK_EQUAL(take(), "s100 s3 4");
}

// -- properties ---------------------------------------------------------------

// Two feeds of one venue that are late, break and return at random: as long as
// one is there all the time, each change arrives once and in order.
CAF_TEST(no change is lost while one feed is there) {
  std::mt19937_64 random{choose_seed()};
  auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
  for (size_t round = 0; round < 300; ++round) {
    fixture world;
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
        CAF_REQUIRE(result != verdict::gap);
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

CAF_TEST_FIXTURE_SCOPE_END()
