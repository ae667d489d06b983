// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_check

#include "zenws/venue/internal/order_check.hpp"

#include "core/venue/market_check.hpp"
#include "support/unit_test.hpp"

#include <string>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

const auto id = client_order_id::make("a1").value();

order_request order_of(order_type type) {
  order_request result{.instrument = market::instrument_name::make("X").value(),
                       .type = type,
                       .amount = number("0.5")};
  if (has_limit(type))
    result.price = number("7");
  if (has_trigger(type))
    result.trigger = number("8");
  return result;
}

/// Returns the problem with an order that is changed by `fun`.
template <class Fun>
std::string problem_of(order_type type, Fun fun) {
  auto order = order_of(type);
  fun(order);
  return check_order(order, id).detail;
}

constexpr order_type types[] = {order_type::limit, order_type::market,
                                order_type::stop_limit,
                                order_type::stop_market};

} // namespace

CAF_TEST(an order has what its type needs) {
  for (auto type : types)
    CAF_CHECK(!check_order(order_of(type), id));
  CAF_CHECK(check_order(order_of(order_type::limit), {}).code
            == ec::invalid_config);
}

CAF_TEST(an order needs a name and an instrument) {
  CAF_CHECK_EQUAL(check_order(order_of(order_type::limit), {}).detail,
                  "the client's id is missing");
  for (auto type : types)
    CAF_CHECK_EQUAL(problem_of(type, [](auto& x) { x.instrument = {}; }),
                    "the instrument is missing");
}

CAF_TEST(prices and triggers are there where they have a meaning) {
  for (auto type : types) {
    auto other_price = [](auto& x) {
      x.price = x.price ? std::nullopt : std::optional{number("1")};
    };
    auto other_trigger = [](auto& x) {
      x.trigger = x.trigger ? std::nullopt : std::optional{number("1")};
    };
    CAF_CHECK_EQUAL(problem_of(type, other_price),
                    has_limit(type)
                      ? "the price is missing"
                      : "the price has no meaning for this type of order");
    CAF_CHECK_EQUAL(problem_of(type, other_trigger),
                    has_trigger(type)
                      ? "the trigger is missing"
                      : "the trigger has no meaning for this type of order");
  }
}

CAF_TEST(numbers are positive unless prices of combinations) {
  for (auto wrong : {number("0"), number("-1")}) {
    CAF_CHECK_EQUAL(problem_of(order_type::market,
                               [&](auto& x) { x.amount = wrong; }),
                    "the amount is not positive");
    CAF_CHECK_EQUAL(problem_of(order_type::stop_market,
                               [&](auto& x) { x.trigger = wrong; }),
                    "the trigger is not positive");
    CAF_CHECK_EQUAL(problem_of(order_type::limit,
                               [&](auto& x) { x.price = wrong; }),
                    "the price is not positive");
    auto order = order_of(order_type::limit);
    order.price = wrong;
    CAF_CHECK(!check_order(order, id, price_range::any));
  }
}

CAF_TEST(only an order that may rest is post - only) {
  for (auto type : types)
    for (auto validity :
         {time_in_force::good_til_canceled, time_in_force::immediate_or_cancel,
          time_in_force::fill_or_kill}) {
      auto problem = problem_of(type, [&](auto& x) {
        x.post_only = true;
        x.validity = validity;
      });
      auto may_rest = has_limit(type)
                      && validity == time_in_force::good_til_canceled;
      CAF_CHECK_EQUAL(problem.empty(), may_rest);
    }
}

CAF_TEST(a change changes something) {
  auto problem_of = [](std::optional<market::decimal> amount,
                       std::optional<market::decimal> price) {
    return check_change({.amount = amount, .price = price}).detail;
  };
  CAF_CHECK_EQUAL(problem_of({}, {}), "there is nothing to change");
  CAF_CHECK_EQUAL(problem_of(number("1"), {}), "");
  CAF_CHECK_EQUAL(problem_of({}, number("1")), "");
  CAF_CHECK_EQUAL(problem_of(number("0"), number("1")),
                  "the amount is not positive");
  CAF_CHECK_EQUAL(problem_of(number("1"), number("-1")),
                  "the price is not positive");
  CAF_CHECK(!check_change({.price = number("-1")}, price_range::any));
}
