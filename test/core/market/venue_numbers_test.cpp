// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE venue_numbers

#include "zenws/market/venue_numbers.hpp"

#include "support/unit_test.hpp"

using namespace zenws::market;

namespace {

trade numbered(uint64_t first, uint64_t last) {
  trade result;
  result.sequence = last;
  result.first_sequence = first;
  return result;
}

} // namespace

CAF_TEST(the trades of a message have one range of numbers) {
  update_list message;
  message.add(numbered(0, 8));
  message.add(numbered(0, 7));
  auto uut = numbers_of(message);
  CAF_REQUIRE_EQUAL(uut.size(), 1u);
  CAF_CHECK_EQUAL(uut[0].first, 7u);
  CAF_CHECK_EQUAL(uut[0].last, 8u);
}

CAF_TEST(a sum of trades has the numbers of all of them) {
  update_list message;
  message.add(numbered(101, 103));
  auto uut = numbers_of(message);
  CAF_REQUIRE_EQUAL(uut.size(), 1u);
  CAF_CHECK_EQUAL(uut[0].first, 101u);
  CAF_CHECK_EQUAL(uut[0].last, 103u);
}

CAF_TEST(numbers without an order are none) {
  update_list message;
  message.add(numbered(0, 8));
  CAF_CHECK(numbers_of(message, trade_numbers::unordered).empty());
  book_change change;
  change.sequence = 5;
  message.add(change);
  auto uut = numbers_of(message, trade_numbers::unordered);
  CAF_REQUIRE_EQUAL(uut.size(), 1u);
  CAF_CHECK_EQUAL(uut[0].last, 5u);
}
