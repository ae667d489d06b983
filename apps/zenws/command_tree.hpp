// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

/// @file
/// The verbs of the program and their options, for what is generated from them.

namespace zenws::tool {

/// Returns the verbs that the help shows.
std::vector<const CLI::App*> listed_verbs(const CLI::App& app);

/// Returns the options that begin with '-'.
std::vector<const CLI::Option*> listed_options(const CLI::App& app);

/// Returns the arguments that are told by their positions.
std::vector<const CLI::Option*> listed_arguments(const CLI::App& app);

/// Returns whether an option is followed by a value.
bool takes_value(const CLI::Option& option);

/// Returns whether the value of an option or argument is the path of a file.
bool takes_file(const CLI::Option& option);

/// Returns the names of an option, such as "-H" and "--header".
std::vector<std::string> names_of(const CLI::Option& option);

/// Returns all values that an argument may have, nothing if they are not known.
std::vector<std::string> values_of(const CLI::Option& option);

} // namespace zenws::tool
