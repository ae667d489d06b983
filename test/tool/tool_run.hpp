// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/temporary_folder.hpp"

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::test_support {

/// What a run of the tool has left.
struct tool_result {
  /// Exit code, or minus the number of the signal that ended it.
  int status = 0;

  std::string out{};
  std::string err{};
};

/// A run of the tool.
struct tool_run {
  std::vector<std::string> arguments{};

  /// What it can read from its standard input.
  std::string input{};

  /// Variables of its environment, beside those of the test.
  std::map<std::string, std::string> environment{};
};

/// A folder of settings for runs of the tool.
class tool_home {
public:
  /// Runs the tool until it ends.
  tool_result run(const tool_run& setup) const;

  /// Runs it without input and environment.
  tool_result run(std::vector<std::string> arguments) const {
    return run(tool_run{std::move(arguments)});
  }

  /// Runs a command of bash, in which `zenws` is the tool.
  tool_result run_shell(const std::string& command) const;

  /// Writes the settings file.
  void write_settings(const std::string& text) const;

  /// Writes any file; returns its path.
  std::string write(const std::string& name, const std::string& text) const;

private:
  tool_result run_program(const std::string& file, const tool_run& setup) const;

  temporary_folder folder_;
};

/// Returns the lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

/// Returns a member that is a string. Throws if there is none.
std::string text_in(const boost::json::object& object, const char* name);

/// Returns whether `text` has `part`.
bool contains(const std::string& text, std::string_view part);

/// Parses each line as an object of JSON. Throws if one is none.
std::vector<boost::json::object> objects_of(const std::string& text);

} // namespace zenws::test_support
