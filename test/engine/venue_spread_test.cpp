// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE venue_spread

#include "trading_engine/venue_spread.hpp"

#include "support/unit_test.hpp"

using namespace zenws::engine;

using zenws::market::decimal;
using zenws::trading::order_request;
using zenws::trading::order_side;
using zenws::trading::time_in_force;

namespace {

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

spread_side side(std::string_view bid, std::string_view ask,
                 std::string_view position = "0",
                 std::string_view amount = "50") {
  return {.bid = {number(bid), number(amount)},
          .ask = {number(ask), number(amount)},
          .position = number(position),
          .lot = number("10")};
}

bool is(const std::optional<order_request>& order, order_side side,
        std::string_view amount, std::string_view price) {
  return order && order->side == side && order->amount == number(amount)
         && order->price == number(price)
         && order->validity == time_in_force::immediate_or_cancel;
}

struct fixture {
  spread_settings settings{.first = {"a", "X"},
                           .second = {"b", "X"},
                           .amount = number("30"),
                           .max_position = number("40"),
                           .entry = 0.01,
                           .exit = 0};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(venue_spread_tests, fixture)

CAF_TEST(a pair is sent when it earns enough) {
  auto none = wanted_orders(settings, side("99", "100"), side("100.9", "101"));
  CAF_CHECK(!none.first);
  CAF_CHECK(!none.second);
  auto pair = wanted_orders(settings, side("99", "100"), side("101", "102"));
  CAF_CHECK(is(pair.first, order_side::buy, "30", "100"));
  CAF_CHECK(is(pair.second, order_side::sell, "30", "101"));
  pair = wanted_orders(settings, side("101", "102"), side("99", "100"));
  CAF_CHECK(is(pair.first, order_side::sell, "30", "101"));
  CAF_CHECK(is(pair.second, order_side::buy, "30", "100"));
}

CAF_TEST(a pair is no larger than the books and the positions allow) {
  auto pair = wanted_orders(settings, side("99", "100", "0", "25"),
                            side("101", "102"));
  CAF_CHECK(is(pair.first, order_side::buy, "20", "100"));
  pair = wanted_orders(settings, side("99", "100", "30"),
                       side("101", "102", "-30"));
  CAF_CHECK(is(pair.first, order_side::buy, "10", "100"));
  CAF_CHECK(is(pair.second, order_side::sell, "10", "101"));
  pair = wanted_orders(settings, side("99", "100", "40"),
                       side("101", "102", "-40"));
  CAF_CHECK(!pair.first);
}

CAF_TEST(positions are closed for less than they were opened for) {
  auto pair = wanted_orders(settings, side("100.5", "101", "20"),
                            side("100", "100.5", "-20"));
  CAF_CHECK(is(pair.first, order_side::sell, "20", "100.5"));
  CAF_CHECK(is(pair.second, order_side::buy, "20", "100.5"));
}

CAF_TEST(positions that do not add up are made even first) {
  auto order = wanted_orders(settings, side("99", "100", "30"),
                             side("101", "102", "-10"));
  CAF_CHECK(!order.first);
  CAF_CHECK(is(order.second, order_side::sell, "20", "101"));
  order = wanted_orders(settings, side("99", "100", "-30"),
                        side("101", "102", "10"));
  CAF_CHECK(is(order.first, order_side::buy, "20", "100"));
  CAF_CHECK(!order.second);
}

CAF_TEST(less than a lot is left as it is) {
  auto none = wanted_orders(settings, side("99", "100", "5"),
                            side("100", "101"));
  CAF_CHECK(!none.first);
  CAF_CHECK(!none.second);
}

CAF_TEST(settings that make no sense are refused by their names) {
  CAF_CHECK(validate(settings).empty());
  settings.second = settings.first;
  settings.amount = {};
  settings.exit = settings.entry;
  std::vector<std::string> fields;
  for (auto& x : validate(settings))
    fields.push_back(x.field);
  CAF_CHECK_EQUAL(fields,
                  (std::vector<std::string>{"second", "amount", "entry"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
