// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE limit_overrides

#include "zenws/limits/limit_overrides.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

rate_limit limit(const std::string& name, uint64_t n) {
  return {name, "orders", limit_scope::account, rolling_window_config{n, 1s}};
}

} // namespace

CAF_TEST(settings of a client come before those for all) {
  limit_overrides all{.rates = {{limit("venue", 1)}},
                      .additional_rates = {limit("a", 1), limit("b", 1)},
                      .costs = {{"buy", {{"x", 1}}}, {"sell", {{"x", 1}}}},
                      .host = "shared"};
  limit_overrides own{.additional_rates = {limit("b", 2)},
                      .costs = {{"buy", {{"x", 5}}}}};
  CAF_CHECK(limit_overrides{}.empty());
  CAF_CHECK(!own.empty());
  complete(own, all);
  CAF_REQUIRE(own.rates);
  CAF_CHECK(*own.rates == *all.rates);
  CAF_CHECK(own.additional_rates
            == (std::vector<rate_limit>{limit("b", 2), limit("a", 1)}));
  CAF_CHECK_EQUAL(own.costs.at("buy").front().cost, 5u);
  CAF_CHECK_EQUAL(own.costs.at("sell").front().cost, 1u);
  CAF_CHECK_EQUAL(own.host, "shared");
}

CAF_TEST(every problem is named) {
  limit_overrides uut{.rates = {{limit("", 1)}},
                      .additional_rates = {limit("a", 1), limit("b", 0)},
                      .additional_costs = {{"buy", {{"", 1}}}}};
  std::vector<std::string> fields;
  for (auto& problem : validate(uut, "limits."))
    fields.push_back(problem.field);
  CAF_CHECK_EQUAL(
    fields, (std::vector<std::string>{"limits.rates[0].name",
                                      "limits.additional_rates[1].limit",
                                      "limits.additional_costs.buy.pool"}));
}
