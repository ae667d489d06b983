// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_exact_sum

#include "zenws/market/exact_sum.hpp"

#include "support/unit_test.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

using zenws::market::decimal;
using zenws::market::exact_sum;

namespace {

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

std::string sum(std::initializer_list<std::string_view> numbers) {
  exact_sum uut;
  for (auto x : numbers)
    if (!uut.add(number(x)))
      return "overflow";
  auto result = uut.value();
  return result ? to_string(*result) : "none";
}

} // namespace

CAF_TEST(numbers of any exponents add up) {
  CAF_CHECK_EQUAL(sum({}), "0");
  CAF_CHECK_EQUAL(sum({"0", "0"}), "0");
  CAF_CHECK_EQUAL(sum({"0.1", "0.2"}), "0.3");
  CAF_CHECK_EQUAL(sum({"0.0001", "1e3", "-0.5"}), "999.5001");
  CAF_CHECK_EQUAL(sum({"1e10", "-1e-8"}), "9999999999.99999999");
  CAF_CHECK_EQUAL(sum({"99.5", "0.5"}), "100");
  CAF_CHECK_EQUAL(sum({"5", "-5"}), "0");
}

CAF_TEST(a sum may be too large on its way) {
  CAF_CHECK_EQUAL(sum({"9223372036854775807", "5", "-6"}),
                  "9223372036854775806");
  CAF_CHECK_EQUAL(sum({"1e18", "1e-18", "-1e18"}), "0.000000000000000001");
}

CAF_TEST(a sum that cannot be kept is none) {
  CAF_CHECK_EQUAL(sum({"9223372036854775807", "6"}), "none");
  CAF_CHECK_EQUAL(sum({"1e18", "1e-18"}), "none");
  CAF_CHECK_EQUAL(sum({"9e64", "1e64", "0"}), "none");
  CAF_CHECK_EQUAL(sum({"1e64", "1e-64"}), "overflow");
  CAF_CHECK_EQUAL(sum({"1e-64", "1e64"}), "overflow");
}

CAF_TEST(numbers are subtracted) {
  exact_sum uut;
  CAF_CHECK(uut.add(number("1.5")));
  CAF_CHECK(uut.subtract(number("0.25")));
  CAF_CHECK(uut.is_positive());
  CAF_CHECK_EQUAL(uut.to_double(), 1.25);
  CAF_CHECK(uut.subtract(number("1.250")));
  CAF_CHECK(!uut.is_positive());
  CAF_CHECK(uut.subtract(number("1e-5")));
  CAF_CHECK_EQUAL(to_string(uut.value().value()), "-0.00001");
}
