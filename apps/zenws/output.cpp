// SPDX-License-Identifier: BSD-3-Clause

#include "output.hpp"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

namespace zenws::tool {

namespace {

bool notes_are_silent = false;

bool shows_colors() {
  static const auto result = [] {
    auto* no_color = std::getenv("NO_COLOR");
    auto* terminal = std::getenv("TERM");
    return is_terminal_output() && (no_color == nullptr || *no_color == '\0')
           && (terminal == nullptr || std::string_view{terminal} != "dumb");
  }();
  return result;
}

const char* escape_of(color style) {
  switch (style) {
    case color::bold:
      return "\x1b[1m";
    case color::dim:
      return "\x1b[2m";
    case color::red:
      return "\x1b[31m";
    case color::green:
      return "\x1b[32m";
    case color::yellow:
      return "\x1b[33m";
    case color::cyan:
      return "\x1b[36m";
    default:
      return "";
  }
}

void write_error_line(std::string_view text) {
  auto line = std::string{text} + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

// Whoever read the result has enough of it, as `head` does.
[[noreturn]] void leave() {
  std::_Exit(exit_success);
}

} // namespace

void print_line(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()
      || std::fputc('\n', stdout) == EOF)
    leave();
}

void flush_lines() {
  if (std::fflush(stdout) != 0)
    leave();
}

bool is_terminal_output() noexcept {
  return isatty(STDOUT_FILENO) != 0;
}

std::string painted(color style, std::string_view text) {
  if (style == color::plain || !shows_colors())
    return std::string{text};
  return escape_of(style) + std::string{text} + "\x1b[0m";
}

void print_note(std::string_view text) {
  if (!notes_are_silent)
    write_error_line(text);
}

void silence_notes() noexcept {
  notes_are_silent = true;
}

void print_problem(std::string_view problem, std::string_view remedy) {
  write_error_line("zenws: " + std::string{problem});
  if (!remedy.empty())
    write_error_line("What to do: " + std::string{remedy});
}

void print_problem(const error& reason) {
  print_problem(to_string(reason), explain(reason).remedy);
}

int usage_problem(std::string_view verb, const error& reason) {
  print_problem(reason.detail.empty() ? to_string(reason) : reason.detail,
                "see \"zenws " + std::string{verb} + " --help\"");
  return exit_usage;
}

int failure(const error& reason) {
  print_problem(reason);
  return exit_failed;
}

} // namespace zenws::tool
