// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/timing/internal/duration_check.hpp"

#include "zenws/defaults.hpp"

namespace zenws::internal {

std::string text_of(std::chrono::milliseconds value) {
  return std::to_string(value.count()) + " ms";
}

void check_duration(std::chrono::milliseconds value, std::string_view field,
                    std::vector<config_problem>& out,
                    std::chrono::milliseconds least) {
  if (value < least || value > defaults::duration_ceiling)
    out.push_back(
      {std::string{field}, "is " + text_of(value) + " but must be between "
                             + text_of(least) + " and "
                             + text_of(defaults::duration_ceiling)});
}

} // namespace zenws::internal
