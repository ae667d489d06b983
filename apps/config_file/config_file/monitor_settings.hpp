// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/config_section.hpp"

#include "zenws/monitor/monitor_options.hpp"

#include <optional>

namespace zenws {

/// Reads the table `monitor`, and checks it: `bind`, `port`, `token_file` or
/// `token_from_environment`, `required`. Without the table, there is no
/// monitor.
void read_monitor(config_section& root, std::optional<monitor_options>& to);

} // namespace zenws
