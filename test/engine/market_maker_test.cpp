// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_maker

#include "trading_engine/market_maker.hpp"

#include "support/unit_test.hpp"

using namespace zenws::engine;

using zenws::market::decimal;
using zenws::market::price_level;

namespace {

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

struct fixture {
  maker_quotes quotes(std::string_view bid, std::string_view ask,
                      std::string_view position = "0") const {
    return wanted_quotes(settings, number(bid), number(ask), number(position),
                         number("0.5"));
  }

  maker_settings settings{.market = {"v", "X"},
                          .amount = number("10"),
                          .max_position = number("100"),
                          .half_spread = 0.01,
                          .skew = 0.01};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_maker_tests, fixture)

CAF_TEST(both sides are quoted around the middle and in whole ticks) {
  auto [bid, ask] = quotes("999.5", "1000.5");
  CAF_CHECK(bid == (price_level{number("990"), number("10")}));
  CAF_CHECK(ask == (price_level{number("1010"), number("10")}));
  auto off = quotes("1000", "1000.5");
  CAF_CHECK(off.bid->price == number("990"));    // 990.2475
  CAF_CHECK(off.ask->price == number("1010.5")); // 1010.2525
}

CAF_TEST(a position moves both prices against it) {
  auto even = quotes("999.5", "1000.5");
  auto bought = quotes("999.5", "1000.5", "50");
  CAF_CHECK(bought.bid->price < even.bid->price);
  CAF_CHECK(bought.ask->price < even.ask->price);
  auto sold = quotes("999.5", "1000.5", "-50");
  CAF_CHECK(sold.bid->price > even.bid->price);
  CAF_CHECK(sold.ask->price > even.ask->price);
}

CAF_TEST(a quote never meets the other side of the book) {
  settings.half_spread = 0.000001;
  settings.skew = 0.1;
  auto far = quotes("999.5", "1000.5", "90");
  CAF_CHECK(far.ask->price == number("1000"));
  far = quotes("999.5", "1000.5", "-90");
  CAF_CHECK(far.bid->price == number("1000"));
}

CAF_TEST(a side that would exceed the position is not quoted) {
  CAF_CHECK(quotes("999.5", "1000.5", "90").bid);
  CAF_CHECK(!quotes("999.5", "1000.5", "90.1").bid);
  CAF_CHECK(quotes("999.5", "1000.5", "90.1").ask);
  CAF_CHECK(!quotes("999.5", "1000.5", "-91").ask);
}

CAF_TEST(there is no quote without a price above nothing) {
  CAF_CHECK(!quotes("0", "0.5").bid);
  CAF_CHECK(!quotes("-10", "-9.5").ask);
}

CAF_TEST(settings that make no sense are refused by their names) {
  auto problem_of = [&] {
    auto all = validate(settings);
    return all.size() == 1 ? all.front().field : std::string{};
  };
  CAF_CHECK(validate(settings).empty());
  auto right = settings;
  settings.half_spread = 0;
  CAF_CHECK_EQUAL(problem_of(), "half_spread");
  settings = right;
  settings.skew = -1;
  CAF_CHECK_EQUAL(problem_of(), "skew");
  settings = right;
  settings.tolerance = 0.6;
  CAF_CHECK_EQUAL(problem_of(), "tolerance");
  settings = right;
  settings.max_position = number("9");
  CAF_CHECK_EQUAL(problem_of(), "max_position");
  settings = right;
  settings.market.instrument.clear();
  CAF_CHECK_EQUAL(problem_of(), "instrument");
}

CAF_TEST_FIXTURE_SCOPE_END()
