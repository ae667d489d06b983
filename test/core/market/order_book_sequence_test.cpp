// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_sequence

#include "zenws/market/sequence_tracker.hpp"

#include "support/unit_test.hpp"

#include <string>

using namespace zenws::market;

namespace {

using enum sequence_rule;

/// A change of Deribit.
book_change after(uint64_t prev, uint64_t id) {
  return {.kind = update_kind::change,
          .first_change_id = id,
          .change_id = id,
          .prev_change_id = prev};
}

/// A change of Binance's spot market.
book_change span(uint64_t first, uint64_t last) {
  return {
    .kind = update_kind::change, .first_change_id = first, .change_id = last};
}

/// A change of Binance's futures.
book_change span(uint64_t first, uint64_t last, uint64_t prev) {
  auto result = span(first, last);
  result.prev_change_id = prev;
  return result;
}

std::string apply(sequence_tracker& uut, const book_change& change) {
  return std::string{to_string(uut.apply(change))};
}

} // namespace

CAF_TEST(nothing is in order before a snapshot) {
  for (auto rule : {deribit, binance_spot, binance_futures}) {
    sequence_tracker uut{rule};
    CAF_CHECK(!uut.in_sync());
    CAF_CHECK_EQUAL(apply(uut, span(1, 2, 0)), "awaiting_snapshot");
    CAF_CHECK(!uut.in_sync());
  }
}

CAF_TEST(changes of Deribit continue the number before) {
  sequence_tracker uut{deribit};
  CAF_CHECK_EQUAL(apply(uut, {.change_id = 10}), "in_order");
  CAF_CHECK_EQUAL(apply(uut, after(10, 15)), "in_order");
  CAF_CHECK_EQUAL(apply(uut, after(15, 16)), "in_order");
  CAF_CHECK_EQUAL(uut.change_id(), 16u);
  CAF_CHECK_EQUAL(apply(uut, after(17, 18)), "gap");
  CAF_CHECK_EQUAL(apply(uut, after(18, 19)), "awaiting_snapshot");
  CAF_CHECK_EQUAL(apply(uut, {.change_id = 20}), "in_order");
  CAF_CHECK_EQUAL(apply(uut, after(20, 21)), "in_order");
}

CAF_TEST(a change of Deribit that is repeated is a gap) {
  sequence_tracker uut{deribit};
  uut.snapshot(10);
  CAF_CHECK_EQUAL(apply(uut, after(10, 11)), "in_order");
  CAF_CHECK_EQUAL(apply(uut, after(10, 11)), "gap");
}

CAF_TEST(changes of a spot book begin where the snapshot ends) {
  struct row {
    uint64_t first;
    uint64_t last;
    std::string expected;
  };
  for (const auto& [first, last, expected] :
       {row{90, 99, "outdated"}, row{95, 100, "outdated"},
        row{95, 101, "in_order"}, row{101, 101, "in_order"},
        row{101, 105, "in_order"}, row{102, 105, "gap"}}) {
    sequence_tracker uut{binance_spot};
    uut.snapshot(100);
    CAF_CHECK_EQUAL(apply(uut, span(first, last)), expected);
  }
}

CAF_TEST(changes of a spot book follow each other) {
  sequence_tracker uut{binance_spot};
  uut.snapshot(100);
  CAF_CHECK_EQUAL(apply(uut, span(98, 99)), "outdated");
  CAF_CHECK_EQUAL(apply(uut, span(100, 103)), "in_order");
  CAF_CHECK_EQUAL(apply(uut, span(104, 104)), "in_order");
  CAF_CHECK_EQUAL(apply(uut, span(104, 104)), "outdated");
  CAF_CHECK_EQUAL(apply(uut, span(106, 107)), "gap");
  CAF_CHECK_EQUAL(apply(uut, span(108, 109)), "awaiting_snapshot");
}

CAF_TEST(changes of a futures book begin around the snapshot) {
  struct row {
    uint64_t first;
    uint64_t last;
    std::string expected;
  };
  for (const auto& [first, last, expected] :
       {row{90, 99, "outdated"}, row{95, 100, "in_order"},
        row{100, 120, "in_order"}, row{101, 120, "gap"}}) {
    sequence_tracker uut{binance_futures};
    uut.snapshot(100);
    CAF_CHECK_EQUAL(apply(uut, span(first, last, 80)), expected);
  }
}

CAF_TEST(changes of a futures book name the one before) {
  sequence_tracker uut{binance_futures};
  uut.snapshot(100);
  CAF_CHECK_EQUAL(apply(uut, span(95, 120, 90)), "in_order");
  CAF_CHECK_EQUAL(apply(uut, span(130, 140, 120)), "in_order");
  CAF_CHECK_EQUAL(apply(uut, span(141, 150, 139)), "gap");
  CAF_CHECK_EQUAL(apply(uut, span(151, 160, 150)), "awaiting_snapshot");
  uut.snapshot(155);
  CAF_CHECK_EQUAL(apply(uut, span(151, 160, 150)), "in_order");
  // A change without a predecessor continues nothing.
  CAF_CHECK_EQUAL(apply(uut, span(161, 165)), "gap");
}

CAF_TEST(an interruption needs a snapshot) {
  sequence_tracker uut{deribit};
  uut.snapshot(10);
  uut.reset();
  CAF_CHECK(!uut.in_sync());
  CAF_CHECK_EQUAL(apply(uut, after(10, 11)), "awaiting_snapshot");
}
