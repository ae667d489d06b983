// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <CLI/App.hpp>
#include <CLI/FormatterFwd.hpp>

#include <string>
#include <vector>

/// @file
/// Help texts of programs and verbs: purpose, examples, then the options.

namespace zenws {

/// A command line in a help text.
struct usage_example {
  /// What it does, without a full stop.
  std::string meaning{};

  std::string command{};
};

/// Adds examples to the help of a program or a verb.
void add_examples(CLI::App& app, const std::vector<usage_example>& examples);

/// Format of the help of a program and of its verbs.
class help_format : public CLI::Formatter {
public:
  help_format();

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;

  std::string make_description(const CLI::App* app) const override;

  /// Returns what follows the names of an option: its value, and the default.
  std::string make_option_opts(const CLI::Option* option) const override;
};

} // namespace zenws
