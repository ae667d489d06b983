// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/supervision/supervision_policy.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(restart_strategy, one_for_one, one_for_all, rest_for_one)

std::string_view to_string(restart_strategy value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(restart_type, permanent, transient, temporary)

std::string_view to_string(restart_type value) noexcept {
  return internal::enum_name(value);
}

std::vector<config_problem> validate(const supervision_policy& policy) {
  auto result = validate(policy.restart_backoff, "restart_backoff.");
  if (policy.limit.period.count() <= 0)
    result.push_back({"limit.period", "must be positive"});
  if (policy.scope == restart_scope::per_child
      && policy.strategy != restart_strategy::one_for_one)
    result.push_back({"scope", "per_child goes with one_for_one only"});
  if (policy.max_children == 0)
    result.push_back({"max_children", "must be positive"});
  return result;
}

std::vector<config_problem> validate(const child_policy& policy,
                                     const std::string& path) {
  std::vector<config_problem> result;
  if (policy.shutdown && policy.shutdown->count() < 0)
    result.push_back({path + "shutdown", "must not be negative"});
  if (policy.significant && policy.restart == restart_type::permanent)
    result.push_back(
      {path + "significant", "has no meaning for a permanent child"});
  return result;
}

} // namespace zenws
