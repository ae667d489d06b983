// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE feed_merger

#include "support/unit_test.hpp"

#include "feed_merger_fixture.hpp"

using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(feed_merger_tests, feed_merger_fixture)

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

CAF_TEST(a channel without subscribers leaves nothing behind) {
  snapshot(0, 10);
  change(0, 11);
  change(1, 14);
  uut.forget(book);
  CAF_CHECK(!uut.wake_at());
  CAF_CHECK(snapshot(1, 3) == verdict::delivered);
}

CAF_TEST_FIXTURE_SCOPE_END()
