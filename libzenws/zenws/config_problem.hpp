// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <string>
#include <vector>

namespace zenws {

/// A problem of a configuration.
struct config_problem {
  /// Path of the field, for example "headers[2].value" or "backoff.max".
  std::string field{};

  /// Problem and valid values, without secrets.
  std::string message{};
};

/// Returns `ec::invalid_config` with all problems in its detail, or no error if
/// there are none.
error as_error(const std::vector<config_problem>& problems);

} // namespace zenws
