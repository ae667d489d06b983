// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "program/progress_bar.hpp"

#include "zenws/error.hpp"
#include "zenws/recording/recording_range.hpp"
#include "zenws/recording/recording_source.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

/// @file
/// Options of verbs that read a recording.

namespace zenws::tool {

/// Which recording, and which part of it.
struct recording_options {
  std::string path{};

  /// Times as `time_from_string` reads them.
  std::string from{};
  std::string to{};

  std::optional<uint64_t> epoch{};

  /// Empty: that which reads most of the messages.
  std::string dialect{};
};

/// Declares the argument FILE, and `--from`, `--to`, `--epoch`, `--dialect`.
void add_recording_options(CLI::App& verb, recording_options& out);

/// Returns the part of the recording.
/// @returns `ec::invalid_config` naming the option that is wrong.
result<recording_range> to_range(const recording_options& from);

/// Opens the recording.
/// @returns `ec::invalid_config` as above, also if there is no such file or
///          dialect.
result<recording_source> open_recording(const recording_options& from);

/// Returns the dialect of the options, or that which reads most of the first
/// messages.
std::string dialect_of(const recording_options& from);

/// Calls `read`, which reads the recording, and shows meanwhile on a terminal
/// how much of it was read.
template <class F>
auto with_progress(recording_source& from, F read) {
  progress_bar bar;
  from.on_progress(
    [&bar](uint64_t done, uint64_t total) { bar.show(done, total); });
  auto result = read();
  from.on_progress({});
  return result;
}

/// Prints the problems of a recording, or why it cannot be read. Returns the
/// exit code.
int print_account(const recording_source& from);

} // namespace zenws::tool
