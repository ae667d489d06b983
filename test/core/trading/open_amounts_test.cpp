// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE open_amounts

#include "zenws/trading/open_amounts.hpp"

#include "support/unit_test.hpp"

#include <string_view>

using namespace zenws::market;
using namespace zenws::trading;

namespace {

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

} // namespace

CAF_TEST(what is not filled is added up for each side) {
  open_amounts uut;
  CAF_CHECK(uut.buys() == decimal{});
  uut.add(order_side::buy, number("10"), number("0.1"));
  uut.add(order_side::buy, number("5"), decimal{});
  uut.add(order_side::sell, number("3"), number("1"));
  CAF_CHECK_EQUAL(uut.orders(), 3u);
  CAF_CHECK(uut.buys() == number("14.9"));
  CAF_CHECK(uut.sells() == number("2"));
  uut.remove(order_side::buy, number("10"), number("0.1"));
  uut.remove(order_side::sell, number("3"), number("1"));
  CAF_CHECK_EQUAL(uut.orders(), 1u);
  CAF_CHECK(uut.buys() == number("5"));
  CAF_CHECK(uut.sells() == decimal{});
}

CAF_TEST(an order that is filled beyond its amount takes nothing away) {
  open_amounts uut;
  uut.add(order_side::buy, number("5"), decimal{});
  uut.add(order_side::buy, decimal{}, number("2")); // its amount is not known
  CAF_CHECK_EQUAL(uut.orders(), 2u);
  CAF_CHECK(uut.buys() == number("5"));
}

CAF_TEST(a sum that cannot be kept exactly is none) {
  open_amounts uut;
  uut.add(order_side::buy, number("1e60"), decimal{});
  uut.add(order_side::buy, number("1e-60"), decimal{});
  CAF_CHECK(!uut.buys());
  CAF_CHECK(uut.sells() == decimal{});
}
