// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "options.hpp"
#include "report.hpp"

#include <cstddef>

namespace zenws::bench {

/// Prints the machine and the versions that were measured.
void describe_environment(const options& opts, const report& out);

/// Files that the processes need for other things than clients.
constexpr size_t reserved_files = 200;

/// Raises the number of files that may be open to the system's maximum, also
/// for child processes. Returns that number.
size_t raise_file_limit();

} // namespace zenws::bench
