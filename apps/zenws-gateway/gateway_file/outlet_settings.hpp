// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/config_section.hpp"

#include "zenws/outlet/outlet_options.hpp"

namespace zenws {

/// Reads the keys of `outlet_options`, and checks them. Desks are the caller's.
void read_outlet(config_section& from, outlet_options& to);

} // namespace zenws
