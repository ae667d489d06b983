// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/supervision/restart_intensity.hpp"
#include "zenws/timing/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

// Names and meanings are those of Erlang/OTP (stdlib, supervisor).

/// Children that are restarted once one of them has failed.
enum class restart_strategy : uint8_t {
  /// Only that one.
  one_for_one,
  /// All of them: the others are ended first, the last started first.
  one_for_all,
  /// That one and those that were started after it.
  rest_for_one,
};

/// Condition under which a child that ended is started again.
enum class restart_type : uint8_t {
  /// Always.
  permanent,
  /// Only after a failure, not after an orderly end.
  transient,
  /// Never; it is forgotten once it ends.
  temporary,
};

/// Children whose restarts count together.
enum class restart_scope : uint8_t {
  /// All children share one limit, as in OTP. Past it the supervisor ends all
  /// of them and itself.
  shared,
  /// Each child has a limit of its own; past it that child is given up and all
  /// others go on. For `one_for_one` only.
  per_child,
};

/// End of a supervisor whose significant children end by themselves.
enum class auto_shutdown : uint8_t { never, any_significant, all_significant };

/// Order in which children are ended with their supervisor.
enum class shutdown_order : uint8_t {
  /// One after another, the last started first.
  reverse,
  /// All at once, for children that do not depend on each other.
  concurrent,
};

std::string_view to_string(restart_strategy value) noexcept;

std::string_view to_string(restart_type value) noexcept;

/// Special values of `child_policy::shutdown`, by their names in OTP.
namespace shutdown_time {

/// The child may take as long as it needs; right for supervisors.
constexpr std::nullopt_t infinity = std::nullopt;

/// The child is killed without being asked.
constexpr std::chrono::milliseconds brutal_kill{0};

} // namespace shutdown_time

/// Policy of one child.
struct child_policy {
  restart_type restart = restart_type::permanent;

  /// Time in which a child must end once it is asked to; past it the child is
  /// killed.
  std::optional<std::chrono::milliseconds> shutdown = std::chrono::seconds{5};

  /// Counts for `supervision_policy::ends_with`. Not for permanent children.
  bool significant = false;
};

/// Rules by which a supervisor treats its children.
struct supervision_policy {
  restart_strategy strategy = restart_strategy::one_for_one;

  restart_limit limit{};

  restart_scope scope = restart_scope::shared;

  /// Delays between a failure and the restart. The first after a stable run is
  /// immediate; for a client, that is to have been ready for `stable_after`.
  /// `max_attempts` is not used: `limit` decides about giving up.
  backoff_config restart_backoff = default_restart_backoff;

  auto_shutdown ends_with = auto_shutdown::never;

  shutdown_order order = shutdown_order::reverse;

  /// Children that there may be at the same time.
  size_t max_children = defaults::max_children;
};

/// Returns **every** problem, none if the policy is valid.
std::vector<config_problem> validate(const supervision_policy& policy);

/// Same for a child, with fields below `path`.
std::vector<config_problem> validate(const child_policy& policy,
                                     const std::string& path = {});

} // namespace zenws
