// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"
#include "zenws/limits/limit_overrides.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace zenws {

/// Costs of calls as `limit_overrides` state them.
class overridden_costs {
public:
  /// @param usual states the costs that `limits` adds to.
  overridden_costs(limit_overrides limits, const dialect& usual);

  overridden_costs(const overridden_costs&) = delete;

  overridden_costs& operator=(const overridden_costs&) = delete;

  /// Returns the cost of a call, or nothing if it is the usual one.
  std::optional<rate_charges> cost_of_call(std::string_view method) const;

private:
  limit_overrides limits_;
  std::map<std::string_view, std::vector<rate_charge>> costs_; // of limits_
};

} // namespace zenws
