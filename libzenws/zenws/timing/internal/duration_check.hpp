// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::internal {

/// Returns for example "500 ms".
std::string text_of(std::chrono::milliseconds value);

/// Adds a problem unless `value` is between `least` and
/// `defaults::duration_ceiling`.
void check_duration(std::chrono::milliseconds value, std::string_view field,
                    std::vector<config_problem>& out,
                    std::chrono::milliseconds least
                    = std::chrono::milliseconds{1});

} // namespace zenws::internal
