// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE risk_gate

#include "zenws/trading/risk_gate.hpp"

#include "core/market/order_book_fixture.hpp"
#include "support/unit_test.hpp"

#include <limits>
#include <numeric>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

/// Returns an order; one without a price is a market order.
order_request make(order_side side, std::string_view amount,
                   std::string_view price) {
  order_request result{.side = side, .amount = number(amount)};
  if (price.empty())
    result.type = order_type::market;
  else
    result.price = number(price);
  return result;
}

order_request buy(std::string_view amount, std::string_view price = "") {
  return make(order_side::buy, amount, price);
}

order_request sell(std::string_view amount, std::string_view price = "") {
  return make(order_side::sell, amount, price);
}

order_request reducing(order_request x) {
  x.reduce_only = true;
  return x;
}

// A market with a best bid of 99 and a best ask of 100, and no limits.
struct fixture {
  using time_point = risk_gate::time_point;

  risk_limits limits;
  instrument_state terms{.state = trading_state::open,
                         .unit = amount_unit::base};
  order_book_fixture book;
  time_point now{1h};
  risk_view view{.terms = &terms, .book = &book.uut, .book_time = now};

  fixture() {
    prices("99", "100");
  }

  /// Sets the best prices; a side may be empty.
  void prices(std::string_view bid, std::string_view ask) {
    std::vector<order_book_fixture::level> levels;
    if (!bid.empty())
      levels.push_back(order_book_fixture::bid(bid, "1"));
    if (!ask.empty())
      levels.push_back(order_book_fixture::ask(ask, "1"));
    CAF_REQUIRE_EQUAL(book.snapshot(levels), "applied");
  }

  /// Returns why a gate refuses an order, "sent" if it does not.
  std::string send(risk_gate& uut, const order_request& order) {
    auto err = uut.check(order, view, now);
    if (!err)
      return "sent";
    CAF_CHECK_EQUAL(err.code, ec::risk_refused);
    return err.detail;
  }

  /// Same, by a gate that is new.
  std::string send(const order_request& order) {
    risk_gate uut{limits};
    return send(uut, order);
  }

  /// Returns whether a price is a multiple of a step.
  bool fits(std::string_view price, std::string_view tick) {
    terms.tick = number(tick);
    return send(buy("1", price)) == "sent";
  }

  /// Same for an amount.
  bool fits_lot(std::string_view amount, std::string_view lot) {
    terms.lot = number(lot);
    return send(buy(amount, "100")) == "sent";
  }
};

/// Returns what is wrong with limits.
std::string problems(const risk_limits& limits) {
  std::string result;
  for (auto& x : validate(limits, "risk.X"))
    result += (result.empty() ? "" : ", ") + x.field + ' ' + x.message;
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(risk_gate_tests, fixture)

CAF_TEST(what is not limited passes) {
  CAF_CHECK_EQUAL(send(buy("1000000000", "1000000000")), "sent");
  CAF_CHECK_EQUAL(send(sell("1000000000", "0.000001")), "sent");
  CAF_CHECK_EQUAL(send(buy("1")), "sent");
  CAF_CHECK_EQUAL(send(sell("1")), "sent");
}

// -- the kill switch ----------------------------------------------------------

CAF_TEST(nothing passes while the kill switch is thrown) {
  risk_gate uut{limits};
  CAF_CHECK_EQUAL(uut.halt_reason(), "");
  uut.halt("too many errors");
  CAF_CHECK_EQUAL(uut.halt_reason(), "too many errors");
  CAF_CHECK_EQUAL(send(uut, buy("1")), "halted: too many errors");
  CAF_CHECK_EQUAL(send(uut, reducing(sell("1"))), "halted: too many errors");
  uut.halt("by hand");
  CAF_CHECK_EQUAL(send(uut, buy("1")), "halted: by hand");
  uut.reset();
  CAF_CHECK_EQUAL(uut.halt_reason(), "");
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
}

CAF_TEST(the kill switch is told before all else) {
  risk_gate uut{limits};
  uut.halt("by hand");
  view = {.is_unclear = true};
  CAF_CHECK_EQUAL(send(uut, buy("0")), "halted: by hand");
}

// -- the instrument -----------------------------------------------------------

CAF_TEST(nothing passes while the outcome of an order is open) {
  view.is_unclear = true;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "unclear");
  CAF_CHECK_EQUAL(send(reducing(sell("1"))), "unclear");
}

CAF_TEST(nothing passes before the terms are known) {
  view.terms = nullptr;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "instrument: its terms are not known");
}

CAF_TEST(an instrument has to trade) {
  auto in = [this](trading_state state) {
    terms.state = state;
    return send(buy("1", "100"));
  };
  CAF_CHECK_EQUAL(in(trading_state::open), "sent");
  CAF_CHECK_EQUAL(in(trading_state::unknown), "sent");
  CAF_CHECK_EQUAL(in(trading_state::pending), "instrument: pending");
  CAF_CHECK_EQUAL(in(trading_state::halted), "instrument: halted");
  CAF_CHECK_EQUAL(in(trading_state::closed), "instrument: closed");
}

// -- terms --------------------------------------------------------------------

CAF_TEST(an amount is positive) {
  CAF_CHECK_EQUAL(send(buy("0", "100")), "terms: an amount has to be positive");
  CAF_CHECK_EQUAL(send(buy("-1", "100")),
                  "terms: an amount has to be positive");
  CAF_CHECK_EQUAL(send(sell("-1", "100")),
                  "terms: an amount has to be positive");
}

CAF_TEST(an amount is large enough for the venue) {
  terms.min_amount = number("0.01");
  CAF_CHECK_EQUAL(send(buy("0.01", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("0.0099", "100")), "terms: 0.0099, at least 0.01");
}

CAF_TEST(an amount is a multiple of the lot) {
  terms.lot = number("0.1");
  CAF_CHECK_EQUAL(send(buy("0.3", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("0.35", "100")),
                  "terms: 0.35 is no multiple of 0.1");
  CAF_CHECK(fits_lot("30", "1E1"));
  CAF_CHECK(fits_lot("1E3", "1E1"));
  CAF_CHECK(!fits_lot("35", "1E1"));
  CAF_CHECK(!fits_lot("5", "1E1"));
  CAF_CHECK(!fits_lot("10.5", "1E1"));
}

CAF_TEST(a price is a multiple of the tick) {
  terms.tick = number("0.5");
  CAF_CHECK_EQUAL(send(buy("1", "99.5")), "sent");
  CAF_CHECK_EQUAL(send(buy("1", "99.25")),
                  "terms: 99.25 is no multiple of 0.5");
  CAF_CHECK_EQUAL(send(buy("1")), "sent");
}

CAF_TEST(multiples of small ticks are exact) {
  CAF_CHECK(fits("0.0005", "0.0005"));
  CAF_CHECK(fits("0.0015", "0.0005"));
  CAF_CHECK(fits("61000", "0.0005"));
  CAF_CHECK(fits("61000.0005", "0.0005"));
  CAF_CHECK(!fits("0.0001", "0.0005"));
  CAF_CHECK(!fits("0.00125", "0.0005"));
  CAF_CHECK(!fits("61000.0001", "0.0005"));
  CAF_CHECK(!fits("61000.00050001", "0.0005"));
  // None of these is exact in binary.
  CAF_CHECK(fits("0.3", "0.1"));
  CAF_CHECK(fits("1.1", "0.1"));
  CAF_CHECK(fits("0.000000012", "0.000000001"));
  CAF_CHECK(fits("92233720368.54775807", "1E-8"));
}

CAF_TEST(multiples of large ticks are exact) {
  CAF_CHECK(fits("10", "1E1"));
  CAF_CHECK(fits("120", "1E1"));
  CAF_CHECK(fits("1E6", "1E1"));
  CAF_CHECK(!fits("125", "1E1"));
  CAF_CHECK(!fits("1", "1E1"));
  CAF_CHECK(!fits("10.1", "1E1"));
  CAF_CHECK(fits("75", "25"));
  CAF_CHECK(fits("100", "25"));
  CAF_CHECK(!fits("80", "25"));
  CAF_CHECK(fits("9223372036854775807", "1"));
}

CAF_TEST(zero and negative prices are multiples too) {
  CAF_CHECK(fits("0", "0.5"));
  CAF_CHECK(fits("-1.5", "0.5"));
  CAF_CHECK(!fits("-1.25", "0.5"));
  CAF_CHECK(fits("-20", "1E1"));
  CAF_CHECK(!fits("-25", "1E1"));
}

CAF_TEST(a step of zero is none) {
  CAF_CHECK(fits("0.123", "0"));
  CAF_CHECK(fits_lot("0.123", "0"));
}

CAF_TEST(multiples may be more steps than an integer holds) {
  // 2E19 steps: a venue trades 200 billion of a coin.
  CAF_CHECK(fits_lot("200000000000", "1E-8"));
  CAF_CHECK(fits_lot("1E30", "1E-8"));
  CAF_CHECK(fits("1E15", "5E-12"));
}

CAF_TEST(a trigger is a multiple of the tick) {
  terms.tick = number("0.5");
  auto stop = sell("1");
  stop.type = order_type::stop_market;
  stop.trigger = number("95.5");
  CAF_CHECK_EQUAL(send(stop), "sent");
  stop.trigger = number("95.25");
  CAF_CHECK_EQUAL(send(stop), "terms: 95.25 is no multiple of 0.5");
}

// -- sizes --------------------------------------------------------------------

CAF_TEST(the amount of an order is limited) {
  limits.order_amount = number("10");
  CAF_CHECK_EQUAL(send(buy("10", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("10.00000001", "100")),
                  "amount: 10.00000001, at most 10");
  CAF_CHECK_EQUAL(send(sell("11")), "amount: 11, at most 10");
  CAF_CHECK_EQUAL(send(reducing(sell("11"))), "amount: 11, at most 10");
}

CAF_TEST(the value of an order is its amount times its price) {
  limits.order_value = number("1000");
  for (auto unit : {amount_unit::base, amount_unit::unknown}) {
    terms.unit = unit;
    CAF_CHECK_EQUAL(send(buy("10", "100")), "sent");
    CAF_CHECK_EQUAL(send(buy("10.01", "100")),
                    "value: 1001.000000, at most 1000");
    CAF_CHECK_EQUAL(send(sell("10", "100")), "sent");
    CAF_CHECK_EQUAL(send(sell("10", "100.1")),
                    "value: 1001.000000, at most 1000");
  }
}

CAF_TEST(a market order is worth what the best price makes of it) {
  limits.order_value = number("990");
  CAF_CHECK_EQUAL(send(buy("9.9")), "sent");
  CAF_CHECK_EQUAL(send(buy("10")), "value: 1000.000000, at most 990");
  CAF_CHECK_EQUAL(send(sell("10")), "sent");
  CAF_CHECK_EQUAL(send(sell("10.1")), "value: 999.900000, at most 990");
}

CAF_TEST(a sell below the best bid is worth what the bid makes of it) {
  // It trades at 99, whatever its own price is.
  limits.order_value = number("990");
  CAF_CHECK_EQUAL(send(sell("10", "1")), "sent");
  CAF_CHECK_EQUAL(send(sell("1000", "0.1")),
                  "value: 99000.000000, at most 990");
}

CAF_TEST(an amount in the quote currency is the value) {
  limits.order_value = number("1000");
  terms.unit = amount_unit::quote;
  CAF_CHECK_EQUAL(send(buy("1000", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("1001", "100")), "value: 1001.000000, at most 1000");
  CAF_CHECK_EQUAL(send(buy("1000")), "sent");
}

CAF_TEST(the value of contracts is that of what they stand for) {
  limits.order_value = number("1000");
  terms.unit = amount_unit::contracts;
  terms.contract_size = number("0.01");
  CAF_CHECK_EQUAL(send(buy("1000", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("1001", "100")), "value: 1001.000000, at most 1000");
}

CAF_TEST(contracts of no known size stand for one each) {
  limits.order_value = number("1000");
  terms.unit = amount_unit::contracts;
  CAF_CHECK_EQUAL(send(buy("10", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("11", "100")), "value: 1100.000000, at most 1000");
}

CAF_TEST(the size of inverse contracts is their value) {
  limits.order_value = number("1000");
  terms.unit = amount_unit::contracts;
  terms.is_inverse = true;
  terms.contract_size = number("10");
  CAF_CHECK_EQUAL(send(buy("100", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("100", "1")), "sent");
  CAF_CHECK_EQUAL(send(buy("101", "100")), "value: 1010.000000, at most 1000");
}

CAF_TEST(a size of contracts counts for contracts only) {
  limits.order_value = number("1000");
  terms.contract_size = number("10");
  terms.unit = amount_unit::base;
  CAF_CHECK_EQUAL(send(buy("10", "100")), "sent");
  terms.unit = amount_unit::quote;
  CAF_CHECK_EQUAL(send(buy("1000", "100")), "sent");
}

CAF_TEST(negative prices have values too) {
  limits.order_value = number("1000");
  prices("-101", "-100");
  CAF_CHECK_EQUAL(send(buy("10", "-100")), "sent");
  CAF_CHECK_EQUAL(send(buy("11", "-100")), "value: 1100.000000, at most 1000");
  CAF_CHECK_EQUAL(send(buy("11")), "value: 1100.000000, at most 1000");
}

// -- positions ----------------------------------------------------------------

CAF_TEST(a long position is limited) {
  limits.position = number("10");
  view.position = number("5");
  view.open_buys = number("3");
  CAF_CHECK_EQUAL(send(buy("2", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("2.1", "100")), "position: 10.1, at most 10");
}

CAF_TEST(a short position is limited) {
  limits.position = number("10");
  view.position = number("-5");
  view.open_sells = number("3");
  CAF_CHECK_EQUAL(send(sell("2", "100")), "sent");
  CAF_CHECK_EQUAL(send(sell("2.1", "100")), "position: 10.1, at most 10");
}

CAF_TEST(open orders of the other side make no room) {
  limits.position = number("10");
  view.open_buys = number("100");
  view.open_sells = number("4");
  CAF_CHECK_EQUAL(send(sell("6", "100")), "sent");
  CAF_CHECK_EQUAL(send(sell("7", "100")), "position: 11, at most 10");
  view.open_buys = number("4");
  view.open_sells = number("100");
  CAF_CHECK_EQUAL(send(buy("6", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("7", "100")), "position: 11, at most 10");
}

CAF_TEST(a position may turn as far as its limit) {
  limits.position = number("10");
  view.position = number("8");
  CAF_CHECK_EQUAL(send(sell("18", "100")), "sent");
  CAF_CHECK_EQUAL(send(sell("19", "100")), "position: 11, at most 10");
  view.position = number("-8");
  CAF_CHECK_EQUAL(send(buy("18", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("19", "100")), "position: 11, at most 10");
}

CAF_TEST(a position beyond its limit can become smaller) {
  limits.position = number("10");
  view.position = number("50");
  CAF_CHECK_EQUAL(send(sell("5", "100")), "sent");
  CAF_CHECK_EQUAL(send(buy("5", "100")), "position: 55, at most 10");
  view.position = number("-50");
  CAF_CHECK_EQUAL(send(buy("5", "100")), "sent");
  CAF_CHECK_EQUAL(send(sell("5", "100")), "position: 55, at most 10");
}

CAF_TEST(an order that only reduces makes no position) {
  limits.position = number("0");
  view.position = number("5");
  view.open_sells = number("5");
  CAF_CHECK_EQUAL(send(sell("5", "100")), "position: 5, at most 0");
  CAF_CHECK_EQUAL(send(reducing(sell("5", "100"))), "sent");
}

CAF_TEST(a position that no number holds is too large) {
  limits.position = number("1E60");
  view.position = number("9223372036854775807");
  CAF_CHECK_EQUAL(send(buy("1", "100")), "position: too large to be told");
  CAF_CHECK_EQUAL(send(reducing(buy("1", "100"))), "sent");
  view.position = number("1E64");
  CAF_CHECK_EQUAL(send(sell("1E-64", "100")), "position: too large to be told");
}

// -- the book -----------------------------------------------------------------

CAF_TEST(nothing passes without a valid book) {
  view.book = nullptr;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "no_book");
  view.book = &book.uut;
  book.uut.invalidate();
  CAF_CHECK_EQUAL(send(buy("1", "100")), "no_book");
  CAF_CHECK_EQUAL(send(sell("1")), "no_book");
}

CAF_TEST(nothing passes by an old book) {
  view.book_time = now - 5s;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "sent");
  view.book_time = now - 5s - 1ns;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "book_age");
  limits.book_age = 10s;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "sent");
  view.book_time = now + 1s;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "sent");
}

CAF_TEST(nobody trades with an empty side) {
  prices("99", "");
  CAF_CHECK_EQUAL(send(buy("1")), "no_book: nobody is there to trade with");
  CAF_CHECK_EQUAL(send(sell("1")), "sent");
  prices("", "100");
  CAF_CHECK_EQUAL(send(buy("1")), "sent");
  CAF_CHECK_EQUAL(send(sell("1")), "no_book: nobody is there to trade with");
  prices("", "");
  CAF_CHECK_EQUAL(send(buy("1")), "no_book: nobody is there to trade with");
}

CAF_TEST(an order that waits needs nobody on the other side) {
  limits.price_distance = 0.01;
  limits.order_value = number("1000");
  prices("", "");
  CAF_CHECK_EQUAL(send(buy("1", "1000")), "sent");
  CAF_CHECK_EQUAL(send(sell("1", "1000")), "sent");
  CAF_CHECK_EQUAL(send(buy("1", "1001")), "value: 1001.000000, at most 1000");
}

CAF_TEST(a price is not far beyond the best one of the other side) {
  limits.price_distance = 0.01;
  CAF_CHECK_EQUAL(send(buy("1", "101")), "sent");
  CAF_CHECK_EQUAL(send(buy("1", "101.1")), "price_distance: 101.1 against 100");
  prices("200", "300");
  CAF_CHECK_EQUAL(send(sell("1", "198")), "sent");
  CAF_CHECK_EQUAL(send(sell("1", "197.9")),
                  "price_distance: 197.9 against 200");
}

CAF_TEST(a price at its distance exactly passes) {
  limits.price_distance = 0.01;
  prices("0.5", "1");
  CAF_CHECK_EQUAL(send(buy("1", "1.01")), "sent");
  prices("99", "110");
  CAF_CHECK_EQUAL(send(buy("1", "111.1")), "sent");
  CAF_CHECK_EQUAL(send(sell("1", "98.01")), "sent");
}

CAF_TEST(a better price may be as far as it likes) {
  limits.price_distance = 0.01;
  CAF_CHECK_EQUAL(send(buy("1", "0.5")), "sent");
  CAF_CHECK_EQUAL(send(buy("1", "-100")), "sent");
  CAF_CHECK_EQUAL(send(sell("1", "100000")), "sent");
}

CAF_TEST(an order without a price has no distance) {
  limits.price_distance = 0.01;
  CAF_CHECK_EQUAL(send(buy("1")), "sent");
  CAF_CHECK_EQUAL(send(sell("1")), "sent");
}

CAF_TEST(negative prices have distances too) {
  limits.price_distance = 0.01;
  prices("-200", "-100");
  CAF_CHECK_EQUAL(send(buy("1", "-99")), "sent");
  CAF_CHECK_EQUAL(send(buy("1", "-98.9")),
                  "price_distance: -98.9 against -100");
  CAF_CHECK_EQUAL(send(buy("1", "-150")), "sent");
  CAF_CHECK_EQUAL(send(sell("1", "-202")), "sent");
  CAF_CHECK_EQUAL(send(sell("1", "-202.1")),
                  "price_distance: -202.1 against -200");
}

CAF_TEST(any worse price is far from a best one of zero) {
  limits.price_distance = 0.01;
  prices("-1", "0");
  CAF_CHECK_EQUAL(send(buy("1", "0")), "sent");
  CAF_CHECK_EQUAL(send(buy("1", "-0.5")), "sent");
  CAF_CHECK_EQUAL(send(buy("1", "1000")), "price_distance: 1000 against 0");
  prices("0", "1");
  CAF_CHECK_EQUAL(send(sell("1", "-1000")), "price_distance: -1000 against 0");
}

// -- counts -------------------------------------------------------------------

CAF_TEST(the number of open orders is limited) {
  limits.open_orders = 2;
  view.open_orders = 1;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "sent");
  view.open_orders = 2;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "open_orders: at most 2");
  view.open_orders = 3;
  CAF_CHECK_EQUAL(send(buy("1", "100")), "open_orders: at most 2");
}

CAF_TEST(the orders of any second are limited) {
  limits.orders_per_second = 2;
  risk_gate uut{limits};
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
  now += 600ms;
  view.book_time = now;
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
  CAF_CHECK_EQUAL(send(uut, buy("1")), "rate: at most 2 a second");
  now += 400ms - 1ns;
  CAF_CHECK_EQUAL(send(uut, buy("1")), "rate: at most 2 a second");
  now += 1ns;
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
  CAF_CHECK_EQUAL(send(uut, buy("1")), "rate: at most 2 a second");
  now += 600ms;
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
  CAF_CHECK_EQUAL(send(uut, buy("1")), "rate: at most 2 a second");
}

CAF_TEST(refused orders take nothing from the rate) {
  limits.orders_per_second = 1;
  limits.order_amount = number("10");
  risk_gate uut{limits};
  for (int i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL(send(uut, buy("11")), "amount: 11, at most 10");
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
  for (int i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL(send(uut, buy("1")), "rate: at most 1 a second");
  now += 1s;
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
}

CAF_TEST(refusals are counted by their causes) {
  limits = {.order_amount = number("10"),
            .order_value = number("900"),
            .position = number("9.5"),
            .price_distance = 0.5,
            .orders_per_second = 1,
            .open_orders = 5};
  risk_gate uut{limits};
  auto expect = [&](risk_cause cause, const order_request& order) {
    auto index = static_cast<size_t>(cause);
    auto before = uut.refusals();
    CAF_CHECK(send(uut, order).starts_with(to_string(cause)));
    auto after = uut.refusals();
    CAF_CHECK_EQUAL(after[index], before[index] + 1);
    after[index] = before[index];
    CAF_CHECK(after == before);
  };
  auto usual = view;
  uut.halt("by hand");
  expect(risk_cause::halted, buy("1"));
  uut.reset();
  view.is_unclear = true;
  expect(risk_cause::unclear, buy("1"));
  view = usual;
  view.terms = nullptr;
  expect(risk_cause::instrument, buy("1"));
  view = usual;
  expect(risk_cause::terms, buy("0"));
  expect(risk_cause::amount, buy("11"));
  expect(risk_cause::position, buy("10"));
  expect(risk_cause::value, buy("9.1"));
  expect(risk_cause::price_distance, buy("1", "151"));
  view.book = nullptr;
  expect(risk_cause::no_book, buy("1"));
  view = usual;
  view.book_time = now - 1h;
  expect(risk_cause::book_age, buy("1"));
  view = usual;
  view.open_orders = 5;
  expect(risk_cause::open_orders, buy("1"));
  view = usual;
  CAF_CHECK_EQUAL(send(uut, buy("1")), "sent");
  expect(risk_cause::rate, buy("1"));
  auto& all = uut.refusals();
  CAF_CHECK_EQUAL(std::accumulate(all.begin(), all.end(), uint64_t{0}),
                  num_risk_causes);
}

// -- limits -------------------------------------------------------------------

CAF_TEST(limits that make sense have no problems) {
  CAF_CHECK_EQUAL(problems({}), "");
  CAF_CHECK_EQUAL(problems({.order_amount = number("0.0001"),
                            .order_value = number("1"),
                            .position = number("0"),
                            .price_distance = 0.0001,
                            .orders_per_second = 1,
                            .open_orders = 0,
                            .book_age = 1ms}),
                  "");
  CAF_CHECK_EQUAL(problems({.orders_per_second = 1'000'000}), "");
}

CAF_TEST(each limit that makes no sense is told with its path) {
  CAF_CHECK_EQUAL(problems({.order_amount = number("0")}),
                  "risk.X.order_amount must be positive");
  CAF_CHECK_EQUAL(problems({.order_value = number("-1")}),
                  "risk.X.order_value must be positive");
  CAF_CHECK_EQUAL(problems({.position = number("-1")}),
                  "risk.X.position must not be negative");
  CAF_CHECK_EQUAL(problems({.price_distance = 0.0}),
                  "risk.X.price_distance must be positive");
  CAF_CHECK_EQUAL(problems({.orders_per_second = 0}),
                  "risk.X.orders_per_second must be 1 to 1000000");
  CAF_CHECK_EQUAL(problems({.orders_per_second = 1'000'001}),
                  "risk.X.orders_per_second must be 1 to 1000000");
  CAF_CHECK_EQUAL(problems({.book_age = 0ms}),
                  "risk.X.book_age must be positive");
  CAF_CHECK_EQUAL(problems({.order_amount = number("-1"), .book_age = -1ms}),
                  "risk.X.order_amount must be positive, "
                  "risk.X.book_age must be positive");
}

CAF_TEST(a distance is a number) {
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  CAF_CHECK_EQUAL(problems({.price_distance = nan}),
                  "risk.X.price_distance must be positive");
  CAF_CHECK_EQUAL(problems({.price_distance = -infinite}),
                  "risk.X.price_distance must be positive");
}

CAF_TEST(a cause has a name) {
  CAF_CHECK_EQUAL(to_string(risk_cause::halted), "halted");
  CAF_CHECK_EQUAL(to_string(risk_cause::open_orders), "open_orders");
  CAF_CHECK_EQUAL(num_risk_causes,
                  static_cast<size_t>(risk_cause::open_orders) + 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
