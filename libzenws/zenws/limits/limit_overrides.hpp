// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/limits/rate_limiter.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// Draws of calls, by their methods.
using call_costs = std::map<std::string, std::vector<rate_draw>, std::less<>>;

/// Limits of clients, instead of those that the dialect knows or beside them.
struct limit_overrides {
  /// Used instead of the limits of the dialect; `nullopt` keeps those.
  std::optional<std::vector<rate_limit>> rates{};

  /// Hold beside these, for pools and quotas of the user's own. Pools of the
  /// dialect may be named: "dials" is drawn on by each connection attempt.
  std::vector<rate_limit> additional_rates{};

  /// Used instead of the draws that the dialect defines for these calls.
  call_costs costs{};

  /// Drawn beside that.
  call_costs additional_costs{};

  /// Names the host. Clients whose hosts have the same name share its limits
  /// and those of its accounts; the host of the URL if empty.
  std::string host{};

  /// Returns whether nothing is overridden.
  bool empty() const noexcept;
};

/// Completes `own` by `general`: the values of `own` have precedence.
void complete(limit_overrides& own, const limit_overrides& general);

/// Returns **every** problem, with fields below `path`.
std::vector<config_problem> validate(const limit_overrides& limits,
                                     const std::string& path = {});

} // namespace zenws
