// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/config_problem.hpp"

namespace zenws {

error as_error(const std::vector<config_problem>& problems) {
  if (problems.empty())
    return {};
  std::string detail;
  for (auto& problem : problems)
    detail += (detail.empty() ? "" : "; ") + problem.field + ": "
              + problem.message;
  return {.code = ec::invalid_config, .detail = std::move(detail)};
}

} // namespace zenws
