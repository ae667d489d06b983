// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_decimal

#include "zenws/market/decimal.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

using zenws::market::decimal;
using zenws::test_support::choose_seed;

namespace {

std::string canonical(std::string_view text) {
  auto value = decimal::parse(text);
  return value ? to_string(*value) : "none";
}

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

} // namespace

CAF_TEST(every spelling of a number has one value) {
  struct row {
    std::string_view text;
    std::string_view expected;
  };
  std::vector<row> table{
    {"0", "0"},
    {"-0", "0"},
    {"0.0", "0"},
    {"61000", "61000"},
    {"61000.0", "61000"},
    {"61000.5", "61000.5"},
    {"0.0005", "0.0005"},
    {"5e-4", "0.0005"},
    {"5E-04", "0.0005"},
    {"0.5e+1", "5"},
    {"0.00000001", "0.00000001"},
    {"-12.25", "-12.25"},
    {"0.100000000000", "0.1"},
    {"9999999999.99999999", "9999999999.99999999"},
    {"1e10", "10000000000"},
    {"92233720368.54775807", "92233720368.54775807"},
    {"-9223372036854775807", "-9223372036854775807"},
    {"0.35130000", "0.3513"},
    {"-0.000000012", "-0.000000012"},
    {"200000000000.5", "200000000000.5"},
    {"100200300400500600700", "100200300400500600700"},
    {"0.00000000000000000000010", "0.0000000000000000000001"},
    {"1e20", "100000000000000000000"},
    {"0e99", "0"},
  };
  for (const auto& [text, expected] : table)
    CAF_CHECK_EQUAL(canonical(text), expected);
}

CAF_TEST(values that cannot be kept exactly are refused) {
  std::vector<std::string> table{
    "9223372036854775808", // 64 bits
    "922337203.6854775808",
    "1e65",
    "1e-65",
    "10e64",
    "1e999",
    "1e99999999999999999999",
    "123456789012345678901234567890",
    "1000000000000000000000000000001",
    std::string(10'000, '9'),
  };
  for (const auto& text : table)
    CAF_CHECK_EQUAL(canonical(text), "none");
}

CAF_TEST(text that is no number in JSON is refused) {
  std::vector<std::string_view> table{
    "",   "-",  ".5", "5.",  "01",  "+1",    "1e",   "1e+", "1.e5",
    "0x", "1 ", " 1", "NaN", "1,5", "1.2.3", "1e5e", "--1", "1-",
  };
  for (auto text : table)
    CAF_CHECK_EQUAL(canonical(text), "none");
}

CAF_TEST(the places of a number are those that were written) {
  struct row {
    std::string_view text;
    int expected;
  };
  std::vector<row> table{
    {"0", 0},      {"0.000", 3},    {"-0.0", 1},       {"1.500", 3},
    {"61000", 0},  {"61000.0", 1},  {"0.00000001", 8}, {"5e-8", 8},
    {"5.0E-8", 9}, {"1.25e1", 1},   {"1.25e2", 0},     {"1e10", 0},
    {"0e-99", 99}, {"0e-999", 255},
  };
  for (const auto& [text, expected] : table) {
    uint8_t places = 77;
    CAF_CHECK(decimal::parse(text, places).has_value());
    CAF_CHECK_EQUAL(static_cast<int>(places), expected);
  }
}

CAF_TEST(a number is made of its parts) {
  auto make = [](int64_t mantissa, int exponent) {
    auto value = decimal::make(mantissa, exponent);
    return value ? to_string(*value) : "none";
  };
  CAF_CHECK_EQUAL(make(15, -1), "1.5");
  CAF_CHECK_EQUAL(make(-1500, -3), "-1.5");
  CAF_CHECK_EQUAL(make(0, -300), "0");
  CAF_CHECK_EQUAL(make(0, INT_MAX), "0");
  CAF_CHECK_EQUAL(make(INT64_MAX, 0), "9223372036854775807");
  CAF_CHECK_EQUAL(make(INT64_MIN, 0), "-9223372036854775808");
  CAF_CHECK_EQUAL(make(1, 65), "none");
  CAF_CHECK_EQUAL(make(10, 64), "none");
  CAF_CHECK_EQUAL(make(1, -65), "none");
  CAF_CHECK_EQUAL(make(10, -65), canonical("1e-64"));
  CAF_CHECK_EQUAL(make(10, INT_MAX), "none");
  CAF_CHECK_EQUAL(make(10, INT_MIN), "none");
  CAF_CHECK(decimal::make(1500, -3) == number("1.5"));
  CAF_CHECK_EQUAL(decimal::make(1500, -3)->mantissa(), 15);
  CAF_CHECK_EQUAL(decimal::make(1500, -3)->exponent(), -1);
}

CAF_TEST(values compare as numbers) {
  CAF_CHECK_EQUAL(number("0.10"), number("1e-1"));
  std::vector<std::string_view> ascending{
    "-1e64",
    "-61000.5",
    "-61000",
    "-9",
    "-0.5",
    "-1e-64",
    "0",
    "1e-64",
    "0.5",
    "0.51",
    "9.99999",
    "10",
    "61000",
    "61000.5",
    "610010",
    "1e18",
    "9223372036854775807",
    "1e64",
  };
  for (size_t i = 0; i < ascending.size(); ++i)
    for (size_t k = 0; k < ascending.size(); ++k)
      CAF_CHECK((number(ascending[i]) <=> number(ascending[k])) == (i <=> k));
}

CAF_TEST(a number converts to units if it is a whole number of them) {
  CAF_CHECK(number("61000.5").units(1) == 610'005);
  CAF_CHECK(number("-61000").units(2) == -6'100'000);
  CAF_CHECK(number("61000").units(-3) == 61);
  CAF_CHECK(number("0").units(-99) == 0);
  CAF_CHECK(number("0.05").units(1) == std::nullopt);
  CAF_CHECK(number("1e10").units(9) == std::nullopt);
  CAF_CHECK(number("1").units(64) == std::nullopt);
}

CAF_TEST(a number converts to the nearest double or nearly so) {
  CAF_CHECK_EQUAL(number("61000.5").to_double(), 61000.5);
  CAF_CHECK_EQUAL(number("-25e2").to_double(), -2500.0);
}

CAF_TEST(text and back is the same value in the same order) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 50'000; ++i) {
    auto x = static_cast<int64_t>(rng()) >> (rng() % 64);
    auto y = x + static_cast<int64_t>(rng() % 5) - 2;
    if (std::min(x, y) < -INT64_MAX / 2 || std::max(x, y) > INT64_MAX / 2)
      continue;
    auto exponent = "e" + std::to_string(static_cast<int>(rng() % 41) - 20);
    auto a = number(std::to_string(x) + exponent);
    auto b = number(std::to_string(y) + exponent);
    CAF_REQUIRE((a <=> b) == (x <=> y));
    CAF_REQUIRE((a == b) == (x == y));
    CAF_REQUIRE(number(to_string(a)) == a);
  }
}
