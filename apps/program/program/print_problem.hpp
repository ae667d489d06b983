// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <string>
#include <string_view>

namespace zenws {

/// Prints a problem of a program and its remedy, which may be empty, to the
/// standard error stream. Thread-safe.
void print_problem(std::string_view program, std::string_view problem,
                   std::string_view remedy = {});

} // namespace zenws
