// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE feed_merger_instruments

#include "support/unit_test.hpp"

#include "feed_merger_fixture.hpp"

using namespace zenws::market;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(feed_merger_instruments_tests, feed_merger_fixture)

// -- scopes -------------------------------------------------------------------

CAF_TEST(numbers of several instruments do not matter to each other) {
  for (auto high_first : {true, false}) {
    feed_merger_fixture world;
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

CAF_TEST_FIXTURE_SCOPE_END()
