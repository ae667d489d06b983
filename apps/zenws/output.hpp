// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

/// @file
/// What all verbs print alike: results go to the standard output, problems and
/// messages to the standard error stream.

namespace zenws::tool {

// -- exit codes ---------------------------------------------------------------

/// In order.
constexpr int exit_ok = 0;

/// The work failed: a peer, a venue, a file's content.
constexpr int exit_failed = 1;

/// The command line, a setting or a file is wrong.
constexpr int exit_usage = 2;

// -- messages -----------------------------------------------------------------

/// How much is told on the standard error stream.
enum class verbosity : uint8_t { quiet, normal, verbose };

/// Prints a problem and its remedy, which may be empty.
inline void print_problem(std::string_view problem, std::string_view remedy) {
  std::cerr << "zenws: " << problem << '\n';
  if (!remedy.empty())
    std::cerr << "What to do: " << remedy << '\n';
}

/// Prints an error with its remedy.
inline void print_problem(const error& reason) {
  print_problem(to_string(reason), explain(reason).remedy);
}

} // namespace zenws::tool
