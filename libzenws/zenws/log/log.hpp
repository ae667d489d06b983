// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Severity of a log entry.
enum class log_level : uint8_t {
  info,
  /// zenws goes on by itself.
  warning,
  /// Something was given up or needs attention.
  error,
};

std::string_view to_string(log_level level) noexcept;

/// One fact of a log entry, such as `{"retry_in_ms", "250"}`.
struct log_field {
  std::string key{};
  std::string value{};
};

/// One entry of the log.
struct log_entry {
  log_level level = log_level::info;

  /// Name of the actor or class that logs, such as "zenws.supervisor".
  std::string component{};

  /// Name of the client that the entry is about; may be empty.
  std::string client{};

  std::string text{};

  std::vector<log_field> fields{};

  std::chrono::system_clock::time_point time = std::chrono::system_clock::now();
};

/// Receives log entries: called by any thread, by several at a time, and while
/// actors wait. It must be thread-safe and must not block.
using log_sink = std::function<void(const log_entry&)>;

/// Returns an entry as one line without a line break: time (UTC), level,
/// component, text, then "client=..." and the fields as "key=value". Values
/// with blanks are quoted.
std::string to_line(const log_entry& entry);

/// Writes an entry to the standard error stream as one line. Thread-safe.
void log_to_stderr(const log_entry& entry) noexcept;

/// Passes an entry to a sink after it has removed control characters and the
/// values of secrets (see `redact`). Ignores exceptions of the sink; an empty
/// sink discards the entry.
void write_entry(const log_sink& sink, log_entry entry) noexcept;

} // namespace zenws
