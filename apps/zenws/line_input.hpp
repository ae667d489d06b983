// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <functional>
#include <memory>
#include <string>

/// @file
/// Lines that a user types, or that come by a pipe.

namespace zenws::tool {

/// Reads lines from the standard input without waiting for them.
class line_input {
public:
  using line_handler = std::function<void(std::string line)>;

  virtual ~line_input() = default;

  /// Reads what there is. Call it when the standard input can be read.
  virtual void read(const line_handler& on_line) = 0;

  /// Prints something, without spoiling what the user types.
  virtual void print_beside(const std::function<void()>& print) = 0;

  /// Returns whether there are no more lines.
  virtual bool has_ended() const noexcept = 0;

  /// Reads no more lines, and leaves the terminal as it was.
  virtual void end() = 0;
};

/// Reads lines of up to 16 MiB; a longer one ends the input with a problem that
/// is printed. The last line needs no line break.
std::unique_ptr<line_input> make_piped_input();

/// Reads lines with a prompt, editing, and a history that is kept in a file
/// unless the path is empty. Lines with secrets, or with a blank in front, are
/// not kept. One at a time.
std::unique_ptr<line_input> make_edited_input(const std::string& history);

/// Returns the file of the history, below XDG_STATE_HOME.
std::string history_file();

} // namespace zenws::tool
