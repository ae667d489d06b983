#define CAF_SUITE feed_merger

#include "seed.hpp"

#include "zenws/market/feed_merger.hpp"

#include "caf/test/unit_test.hpp"

#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws::market;

namespace {

using verdict = feed_merger::verdict;

constexpr auto book = "book.X.raw";

struct fixture {
  fixture() {
    uut.feed_up(0);
    uut.feed_up(1);
  }

  verdict snapshot(size_t feed, uint64_t id) {
    return put(feed, venue_numbers{id, id, std::nullopt, true},
               "s" + std::to_string(id));
  }

  verdict change(size_t feed, uint64_t id) {
    return put(feed, venue_numbers{id, id, id - 1, false}, std::to_string(id));
  }

  verdict put(size_t feed, const std::optional<venue_numbers>& numbers,
              const std::string& text) {
    return uut.received(feed, book, numbers, text, now, out);
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
  feed_merger::emit out = [this](std::string_view x) { got.emplace_back(x); };
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_merger_tests, fixture)

CAF_TEST(each message comes once from whoever is first) {
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
  CAF_CHECK(uut.feed_down(0, out).empty());
  CAF_CHECK(change(1, 11) == verdict::duplicate);
  CAF_CHECK(change(1, 12) == verdict::duplicate);
  CAF_CHECK(change(1, 13) == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "s10 11 12 13");
}

CAF_TEST(a feed that is back waits for what it skipped) {
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
  CAF_CHECK(snapshot(1, 13) == verdict::held);
  CAF_CHECK(change(1, 14) == verdict::held);
  CAF_CHECK(uut.feed_down(0, out).empty());
  CAF_CHECK_EQUAL(take(), "s10 s13 14");
  uut.feed_up(0);
  CAF_CHECK(snapshot(0, 16) == verdict::held);
  CAF_REQUIRE(uut.wake_at());
  CAF_CHECK(*uut.wake_at() == now + feed_merger::patience);
  CAF_CHECK(uut.expired(*uut.wake_at(), out).empty());
  CAF_CHECK_EQUAL(take(), "s16");
}

CAF_TEST(what nobody has is told) {
  snapshot(0, 10);
  snapshot(1, 10);
  CAF_CHECK(change(0, 13) == verdict::held);
  auto gaps = uut.expired(now + feed_merger::patience, out);
  CAF_REQUIRE(gaps.size() == 1);
  CAF_CHECK_EQUAL(gaps[0], book);
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

CAF_TEST(what has no numbers comes from one feed) {
  CAF_CHECK(put(0, std::nullopt, "a") == verdict::delivered);
  CAF_CHECK(put(1, std::nullopt, "a") == verdict::duplicate);
  uut.feed_down(0, out);
  CAF_CHECK(put(1, std::nullopt, "b") == verdict::delivered);
  CAF_CHECK_EQUAL(take(), "a b");
}

// Two feeds of one venue that are late, break and return at random: as long as
// one is there all the time, each change arrives once and in order.
CAF_TEST(no change is lost while one feed is there) {
  auto seed = choose_seed();
  CAF_MESSAGE("seed " << seed);
  std::mt19937_64 random{seed};
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
        CAF_REQUIRE(world.uut.feed_down(which, world.out).empty());
      } else if (it.next <= newest) {
        auto what = it.fresh ? world.snapshot(which, it.next)
                             : world.change(which, it.next);
        CAF_REQUIRE(what != verdict::gap);
        it.fresh = false;
        ++it.next;
      }
    }
    // What was told adds up: a snapshot may only replace what no feed has.
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

CAF_TEST_FIXTURE_SCOPE_END()
