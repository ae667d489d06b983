// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/log/log.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zenws {

/// Form of the lines of a log.
enum class log_format : uint8_t {
  /// `journal` if the standard error stream leads to systemd's journal, else
  /// `text`.
  automatic,
  /// See `to_line`. Lines are colored on a terminal unless the environment
  /// variable NO_COLOR is set.
  text,
  /// See `to_json`.
  json,
  /// See `to_message`, with a priority of sd-daemon(3) before it; without time,
  /// which the journal adds.
  journal,
};

/// Returns the name of the enumerator.
std::string_view to_string(log_format format) noexcept;

/// Settings of a program's log: the table `log` of its file.
struct log_options {
  log_format format = log_format::automatic;

  /// Lowest level that is written.
  log_level level = log_level::info;

  /// Levels of components and of what is below them: "zenws.nodes" is that of
  /// "zenws.nodes.relay" as well. The longest name counts.
  std::map<std::string, log_level, std::less<>> levels{};

  /// Path; empty for the standard error stream.
  std::string file{};

  /// A file that would grow beyond it is renamed first: "x.log" to "x.1.log",
  /// that one to "x.2.log" and so on. In bytes.
  size_t max_size = 64 * 1024 * 1024;

  /// Files that are kept, the current one included.
  size_t max_files = 5;

  /// Entries of a kind (see `log_limiter`) in 10 s; 0 for any number. Others
  /// are left out, and their number is told.
  size_t rate = 20;
};

/// Returns the lowest level that is written of a component.
log_level level_of(const log_options& opts, std::string_view component);

/// The part of the settings that a command line overrides.
struct log_flags {
  std::optional<log_level> level{};
  std::optional<log_format> format{};
  std::optional<std::string> file{};

  /// Writes all entries: there are no `levels` and there is no `rate`.
  bool everything = false;
};

/// Returns settings with what a command line says instead.
log_options operator|(log_options opts, const log_flags& flags);

} // namespace zenws
