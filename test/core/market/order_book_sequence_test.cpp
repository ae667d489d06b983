// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_sequence

#include "zenws/market/order_book.hpp"

#include "support/unit_test.hpp"

#include <string>

using namespace zenws::market;

namespace {

using enum sequence_rule;

book_change numbered(uint64_t sequence) {
  book_change result;
  result.sequence = sequence;
  result.first_sequence = sequence;
  return result;
}

book_change after(uint64_t previous, uint64_t sequence) {
  auto result = numbered(sequence);
  result.previous = previous;
  return result;
}

/// A change of Binance's spot market.
book_change range(uint64_t first, uint64_t last) {
  auto result = numbered(last);
  result.first_sequence = first;
  return result;
}

/// A change of Binance's futures.
book_change range(uint64_t first, uint64_t last, uint64_t previous) {
  auto result = range(first, last);
  result.previous = previous;
  return result;
}

std::string apply(order_book& uut, const book_change& change) {
  return std::string{to_string(uut.apply(change))};
}

std::string snapshot(order_book& uut, uint64_t sequence) {
  book_snapshot x;
  x.sequence = sequence;
  return std::string{to_string(uut.apply(x))};
}

} // namespace

CAF_TEST(nothing is applied before a snapshot) {
  for (auto rule : {unnumbered, chained, consecutive, ranges}) {
    order_book uut{{.numbering = rule}};
    CAF_CHECK(!uut.is_valid());
    CAF_CHECK_EQUAL(apply(uut, range(1, 2, 0)), "awaiting_snapshot");
    CAF_CHECK(!uut.is_valid());
  }
}

CAF_TEST(rules have names) {
  CAF_CHECK_EQUAL(to_string(unnumbered), "unnumbered");
  CAF_CHECK_EQUAL(to_string(ranges), "ranges");
}

CAF_TEST(changes without numbers continue the book) {
  order_book uut{{.numbering = unnumbered}};
  CAF_CHECK_EQUAL(snapshot(uut, 0), "applied");
  CAF_CHECK_EQUAL(apply(uut, numbered(0)), "applied");
  CAF_CHECK_EQUAL(apply(uut, numbered(9)), "applied");
  CAF_CHECK_EQUAL(apply(uut, numbered(5)), "applied");
}

CAF_TEST(chained changes continue the number before) {
  order_book uut{{.numbering = chained}};
  snapshot(uut, 10);
  CAF_CHECK_EQUAL(apply(uut, after(10, 15)), "applied");
  CAF_CHECK_EQUAL(apply(uut, after(15, 16)), "applied");
  CAF_CHECK_EQUAL(uut.sequence(), 16u);
  CAF_CHECK_EQUAL(apply(uut, after(17, 18)), "gap");
  CAF_CHECK_EQUAL(apply(uut, after(18, 19)), "awaiting_snapshot");
  snapshot(uut, 20);
  CAF_CHECK_EQUAL(apply(uut, after(20, 21)), "applied");
}

// OKX repeats its number when there is nothing new, and begins at smaller ones
// after maintenance.
CAF_TEST(numbers of chained changes may repeat or fall) {
  order_book uut{{.numbering = chained}};
  snapshot(uut, 10);
  CAF_CHECK_EQUAL(apply(uut, after(10, 10)), "applied");
  CAF_CHECK_EQUAL(apply(uut, after(10, 3)), "applied");
  CAF_CHECK_EQUAL(apply(uut, after(3, 4)), "applied");
}

CAF_TEST(a chained change that is repeated is a gap) {
  order_book uut{{.numbering = chained}};
  snapshot(uut, 10);
  CAF_CHECK_EQUAL(apply(uut, after(10, 11)), "applied");
  CAF_CHECK_EQUAL(apply(uut, after(10, 11)), "gap");
}

CAF_TEST(updates that a client has proven are chained) {
  order_book uut;
  snapshot(uut, 10);
  CAF_CHECK_EQUAL(apply(uut, after(10, 15)), "applied");
  CAF_CHECK_EQUAL(apply(uut, after(16, 17)), "gap");
  snapshot(uut, 20);
  CAF_CHECK_EQUAL(apply(uut, numbered(21)), "gap");
}

CAF_TEST(consecutive changes have consecutive numbers) {
  order_book uut{{.numbering = consecutive}};
  snapshot(uut, 10);
  CAF_CHECK_EQUAL(apply(uut, numbered(11)), "applied");
  CAF_CHECK_EQUAL(apply(uut, numbered(12)), "applied");
  CAF_CHECK_EQUAL(apply(uut, numbered(14)), "gap");
  snapshot(uut, 20);
  CAF_CHECK_EQUAL(apply(uut, numbered(20)), "gap");
  // Bybit begins anew at 1.
  snapshot(uut, 1);
  CAF_CHECK_EQUAL(apply(uut, numbered(2)), "applied");
}

CAF_TEST(ranges begin where the snapshot ends) {
  struct row {
    uint64_t first;
    uint64_t last;
    std::string expected;
  };
  for (const auto& [first, last, expected] :
       {row{90, 99, "outdated"}, row{95, 100, "outdated"},
        row{95, 101, "applied"}, row{101, 101, "applied"},
        row{101, 105, "applied"}, row{102, 105, "gap"}}) {
    order_book uut{{.numbering = ranges}};
    snapshot(uut, 100);
    CAF_CHECK_EQUAL(apply(uut, range(first, last)), expected);
  }
}

CAF_TEST(ranges follow each other) {
  order_book uut{{.numbering = ranges}};
  snapshot(uut, 100);
  CAF_CHECK_EQUAL(apply(uut, range(98, 99)), "outdated");
  CAF_CHECK_EQUAL(uut.sequence(), 100u);
  CAF_CHECK_EQUAL(apply(uut, range(100, 103)), "applied");
  CAF_CHECK_EQUAL(apply(uut, range(104, 104)), "applied");
  CAF_CHECK_EQUAL(apply(uut, range(104, 104)), "outdated");
  CAF_CHECK(uut.is_valid());
  CAF_CHECK_EQUAL(apply(uut, range(106, 107)), "gap");
  CAF_CHECK_EQUAL(apply(uut, range(108, 109)), "awaiting_snapshot");
}

// Numbers count over all instruments: nothing lies between `previous` and
// `first`.
CAF_TEST(ranges with a predecessor begin around the snapshot) {
  struct row {
    uint64_t previous;
    uint64_t first;
    uint64_t last;
    std::string expected;
  };
  for (const auto& [previous, first, last, expected] :
       {row{80, 90, 99, "outdated"}, row{80, 95, 100, "applied"},
        row{80, 100, 120, "applied"}, row{80, 110, 120, "applied"},
        row{100, 110, 120, "applied"}, row{101, 110, 120, "gap"}}) {
    order_book uut{{.numbering = ranges}};
    snapshot(uut, 100);
    CAF_CHECK_EQUAL(apply(uut, range(first, last, previous)), expected);
  }
}

CAF_TEST(ranges with a predecessor name the one before) {
  order_book uut{{.numbering = ranges}};
  snapshot(uut, 100);
  CAF_CHECK_EQUAL(apply(uut, range(80, 90, 70)), "outdated");
  CAF_CHECK_EQUAL(apply(uut, range(95, 120, 90)), "applied");
  CAF_CHECK_EQUAL(apply(uut, range(130, 140, 120)), "applied");
  CAF_CHECK_EQUAL(apply(uut, range(141, 150, 139)), "gap");
  CAF_CHECK_EQUAL(apply(uut, range(151, 160, 150)), "awaiting_snapshot");
  snapshot(uut, 155);
  CAF_CHECK_EQUAL(apply(uut, range(151, 160, 150)), "applied");
}

CAF_TEST(an interruption needs a snapshot) {
  order_book uut;
  snapshot(uut, 10);
  uut.invalidate();
  CAF_CHECK(!uut.is_valid());
  CAF_CHECK_EQUAL(apply(uut, after(10, 11)), "awaiting_snapshot");
}
