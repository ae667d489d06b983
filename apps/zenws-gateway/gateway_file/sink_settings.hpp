// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/config_section.hpp"

#include "zenws/sinks/sink_options.hpp"

namespace zenws {

/// Reads the keys of `sink_options`, and checks them.
void read_sink(config_section& from, sink_options& to);

} // namespace zenws
