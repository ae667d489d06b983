// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/limits/limit_overrides.hpp"

#include <algorithm>

namespace zenws {

namespace {

using problems = std::vector<config_problem>;

void check_rates(const std::vector<rate_limit>& rates, const std::string& path,
                 problems& out) {
  for (size_t i = 0; i < rates.size(); ++i)
    for (auto& problem : validate(rates[i]))
      out.push_back({path + '[' + std::to_string(i) + "]." + problem.field,
                     problem.message});
}

void check_costs(const call_costs& costs, const std::string& path,
                 problems& out) {
  auto has_no_pool = [](const rate_draw& x) { return x.pool.empty(); };
  for (auto& [method, draws] : costs)
    if (std::any_of(draws.begin(), draws.end(), has_no_pool)) {
      auto field = path + '.';
      field.append(method).append(".pool");
      out.push_back({std::move(field), "must not be empty"});
    }
}

} // namespace

bool limit_overrides::empty() const noexcept {
  return !rates && additional_rates.empty() && costs.empty()
         && additional_costs.empty() && host.empty();
}

void complete(limit_overrides& own, const limit_overrides& general) {
  if (!own.rates)
    own.rates = general.rates;
  for (auto& x : general.additional_rates)
    if (std::none_of(own.additional_rates.begin(), own.additional_rates.end(),
                     [&](auto& y) { return y.name == x.name; }))
      own.additional_rates.push_back(x);
  for (auto& x : general.costs)
    own.costs.insert(x);
  for (auto& x : general.additional_costs)
    own.additional_costs.insert(x);
  if (own.host.empty())
    own.host = general.host;
}

std::vector<config_problem> validate(const limit_overrides& limits,
                                     const std::string& path) {
  problems result;
  if (limits.rates)
    check_rates(*limits.rates, path + "rates", result);
  check_rates(limits.additional_rates, path + "additional_rates", result);
  check_costs(limits.costs, path + "costs", result);
  check_costs(limits.additional_costs, path + "additional_costs", result);
  return result;
}

} // namespace zenws
