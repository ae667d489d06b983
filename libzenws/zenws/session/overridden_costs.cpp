// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/overridden_costs.hpp"

#include "zenws/venue/dialect.hpp"

#include <utility>

namespace zenws {

namespace {

void append(const std::vector<rate_draw>& draws, std::vector<rate_charge>& to) {
  for (auto& draw : draws)
    to.push_back({draw.pool, draw.cost});
}

} // namespace

overridden_costs::overridden_costs(limit_overrides limits, const dialect& usual)
  : limits_(std::move(limits)) {
  for (auto& [method, draws] : limits_.costs)
    append(draws, costs_[method]);
  for (auto& [method, draws] : limits_.additional_costs) {
    auto [i, is_new] = costs_.try_emplace(method);
    if (is_new) {
      auto charges = usual.cost_of_call(method);
      i->second.assign(charges.begin(), charges.end());
    }
    append(draws, i->second);
  }
}

std::optional<rate_charges>
overridden_costs::cost_of_call(std::string_view method) const {
  auto i = costs_.find(method);
  if (i == costs_.end())
    return std::nullopt;
  return i->second;
}

} // namespace zenws
