// SPDX-License-Identifier: BSD-3-Clause

#pragma once

namespace CLI {
class App;
} // namespace CLI

/// @file
/// Settings from a file and from the environment.

namespace zenws::tool {

/// Lets each option of the program, and of its verbs, have a value from the
/// settings file (TOML), where keys are the names of options, for all verbs or
/// in the table of one; and from the environment (ZENWS_ and the name in
/// capital letters). The environment counts more than the file, the command
/// line more than both.
///
/// Adds the option `--config`. Call it once all verbs are declared.
void add_settings(CLI::App& app);

} // namespace zenws::tool
