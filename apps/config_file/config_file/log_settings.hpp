// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/config_section.hpp"

#include "program/log_options.hpp"

namespace zenws {

/// Reads the table `log` with the fields of `log_options`, and checks them.
void read_log(config_section& root, log_options& to);

} // namespace zenws
