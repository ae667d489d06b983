// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "program/exit_code.hpp"

#include "zenws/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// @file
/// What all verbs print alike: results go to the standard output, problems and
/// messages to the standard error stream. Both may be called by one thread at a
/// time.

namespace zenws::tool {

// -- results ------------------------------------------------------------------

/// Prints a line of the result. Ends the program, quietly, if nobody reads it
/// any more.
void print_line(std::string_view text);

/// Hands over what was printed; call it when there is nothing more for now.
void flush_lines();

/// Returns whether the result is read by a person.
bool is_terminal_output() noexcept;

// -- colors -------------------------------------------------------------------

enum class color : uint8_t { plain, bold, dim, red, green, yellow, cyan };

/// Returns `text` in a color, or as it is if the result is not read on a
/// terminal or NO_COLOR is set.
std::string painted(color style, std::string_view text);

// -- messages -----------------------------------------------------------------

/// Prints a message about the work, unless --quiet is given.
void print_note(std::string_view text);

/// Lets `print_note` print nothing from now on.
void silence_notes() noexcept;

/// Prints a problem and its remedy, which may be empty.
void print_problem(std::string_view problem, std::string_view remedy);

/// Prints an error with its remedy.
void print_problem(const error& reason);

/// Prints what is wrong with the command line of a verb; returns `exit_usage`.
int usage_problem(std::string_view verb, const error& reason);

/// Prints an error with its remedy; returns `exit_failed`.
int failure(const error& reason);

} // namespace zenws::tool
