// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "program/help.hpp"
#include "program/log_options.hpp"

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// How much a program prints.
enum class verbosity : uint8_t {
  /// Errors and results.
  quiet,
  normal,
  /// All entries of the log.
  verbose,
};

/// What a program prints.
struct output_options {
  verbosity level = verbosity::normal;

  /// Those of the command line, with what `--quiet` and `--verbose` say.
  log_flags log{};
};

/// Description of a program.
struct program_info {
  std::string name;

  /// One line.
  std::string purpose;

  std::vector<usage_example> examples;

  /// Further libraries and their versions, such as "CAF 0.17.6".
  std::vector<std::string> libraries{};
};

/// Returns the answer to `--version`: the version of zenws, below it those of
/// the libraries.
std::string version_text(const program_info& info);

/// The command line of a program, with what all programs have: a help text that
/// begins with examples, `--version`, suggestions for what is not known, and
/// exit codes.
class command_line {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit command_line(const program_info& info);

  // -- properties -------------------------------------------------------------

  /// For options of the program.
  CLI::App& app() noexcept {
    return app_;
  }

  const output_options& output() const noexcept {
    return output_;
  }

  // -- declaring --------------------------------------------------------------

  /// Adds `--quiet`, `--verbose`, `--log-level`, `--log-format` and
  /// `--log-file`: for programs that say more than their results.
  void add_output_options();

  // -- parsing ----------------------------------------------------------------

  /// Reads the command line. Prints mistakes, and what was asked for.
  /// @returns the exit code if the program is to end.
  std::optional<int> parse(int argc, const char* const* argv);

private:
  CLI::App app_;
  output_options output_;
  bool quiet_ = false;
  bool verbose_ = false;
};

} // namespace zenws
