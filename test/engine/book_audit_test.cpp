// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE book_audit

#include "trading_engine/book_audit.hpp"

#include "market_updates.hpp"

#include "support/unit_test.hpp"

using namespace zenws::engine;
using namespace zenws::market;

namespace {

struct fixture {
  fixture() {
    book.apply(snapshot(10));
  }

  uint64_t tell(const update& x, book_outcome outcome, uint64_t epoch) {
    uut.applied(x, book, outcome, epoch);
    return uut.undetected();
  }

  // The book, at its snapshot, has just taken in an update.
  uint64_t compare(const ticker& x) {
    tell(snapshot(10), book_outcome::applied, 1);
    uut.compare(x, book);
    return uut.undetected();
  }

  order_book book;
  book_audit uut{ticker_order::follows_book};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(book_audit_tests, fixture)

CAF_TEST(the audit counts changes that a book must not have applied) {
  CAF_CHECK_EQUAL(tell(snapshot(10), book_outcome::applied, 1), 0u);
  CAF_CHECK_EQUAL(tell(change(10, 11), book_outcome::applied, 1), 0u);
  // Detected by the book, so all is well.
  CAF_CHECK_EQUAL(tell(change(12, 13), book_outcome::gap, 1), 0u);
  CAF_CHECK_EQUAL(tell(change(12, 13), book_outcome::applied, 1), 1u);
  // Another connection needs another snapshot, even if the numbers match.
  CAF_CHECK_EQUAL(tell(change(13, 14), book_outcome::applied, 2), 2u);
  CAF_CHECK_EQUAL(tell(change(14, 15), book_outcome::inconsistent, 2), 3u);
}

CAF_TEST(the audit compares the book with a ticker that follows it) {
  ticker right{.bid = level("99.5", "10"), .ask = level("100.5", "10")};
  ticker wrong{.bid = level("99.5", "10"), .ask = level("101", "10")};
  ticker one_sided{.bid = level("99.5", "10")};
  // Nothing was applied since the last ticker: the book may be behind.
  uut.compare(wrong, book);
  CAF_CHECK_EQUAL(uut.undetected(), 0u);
  CAF_CHECK_EQUAL(compare(right), 0u);
  CAF_CHECK_EQUAL(compare(wrong), 1u);
  CAF_CHECK_EQUAL(compare(one_sided), 2u);
}

CAF_TEST(a ticker in no order is compared with nothing) {
  uut = book_audit{ticker_order::unrelated};
  CAF_CHECK_EQUAL(compare({}), 0u);
}

CAF_TEST(a book that is lost is compared with nothing) {
  tell(change(10, 11), book_outcome::applied, 1);
  auto before = uut.undetected();
  book.invalidate();
  uut.compare({}, book);
  CAF_CHECK_EQUAL(uut.undetected(), before);
}

CAF_TEST_FIXTURE_SCOPE_END()
