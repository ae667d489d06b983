// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/pool/pool_config.hpp"

namespace zenws {

std::vector<config_problem> validate(const pool_config& cfg) {
  std::vector<config_problem> result;
  auto check = [&](bool ok, const char* field, const char* problem) {
    if (!ok)
      result.push_back({field, problem});
  };
  check(!cfg.tag.empty() || !cfg.supervisor.empty(), "tag",
        "must be set unless supervisor is");
  check(cfg.max_attempts > 0, "max_attempts", "must be at least 1");
  check(cfg.max_channels_per_member > 0, "max_channels_per_member",
        "must be at least 1");
  check(cfg.health.hung_after > std::chrono::milliseconds{0},
        "health.hung_after", "must be positive");
  check(cfg.reshard_after > std::chrono::milliseconds{0}, "reshard_after",
        "must be positive");
  check(cfg.min_size <= cfg.max_size, "min_size", "must be at most max_size");
  check(cfg.min_size == 0 || cfg.starter, "starter",
        "must be set if min_size is");
  if (cfg.starter)
    for (auto& x : validate(cfg.member))
      result.push_back({"member." + x.field, x.message});
  return result;
}

} // namespace zenws
