#define CAF_SUITE decimal

#include "trading_engine/decimal.hpp"

#include "caf/test/unit_test.hpp"

#include <string>
#include <vector>

using zenws::engine::decimal;

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
  };
  for (const auto& [text, expected] : table)
    CAF_CHECK_EQUAL(canonical(text), expected);
}

CAF_TEST(what cannot be kept exactly is refused) {
  std::vector<std::string> table{
    "0.000000001", // nine places
    "1e-9",
    "1e11",
    "92233720368.54775808",
    "99999999999",
    "1e999",
    "1e99999999999999999999",
    "123456789012345678901234567890",
    std::string(10'000, '9'),
  };
  for (const auto& text : table)
    CAF_CHECK_EQUAL(canonical(text), "none");
}

CAF_TEST(what is no number in JSON is refused) {
  std::vector<std::string_view> table{
    "",   "-",  ".5", "5.",  "01",  "+1",    "1e",   "1e+", "1.e5",
    "0x", "1 ", " 1", "NaN", "1,5", "1.2.3", "1e5e", "--1", "1-",
  };
  for (auto text : table)
    CAF_CHECK_EQUAL(canonical(text), "none");
}

CAF_TEST(values compare as numbers) {
  CAF_CHECK_EQUAL(number("0.10"), number("1e-1"));
  CAF_CHECK(number("-1") < number("0.5"));
  CAF_CHECK(number("9.99999999") < number("10"));
}
