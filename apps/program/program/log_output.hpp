// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "program/log_options.hpp"

#include "zenws/error.hpp"

#include <cstddef>
#include <memory>

namespace spdlog {

class async_logger;

} // namespace spdlog

namespace spdlog::details {

class thread_pool;

} // namespace spdlog::details

namespace zenws {

/// Destination of a log, with a thread that writes. Its destructor waits until
/// everything is written.
class log_output {
public:
  // -- constants --------------------------------------------------------------

  /// Entries that wait to be written. Those beyond replace the oldest, and
  /// their number is written.
  static constexpr size_t max_waiting = 4096;

  // -- constructors, destructors, and assignment operators --------------------

  /// @returns `ec::invalid_config` if the file cannot be opened.
  static result<std::unique_ptr<log_output>> open(const log_options& opts);

  log_output(const log_output&) = delete;

  log_output& operator=(const log_output&) = delete;

  ~log_output();

  // -- writing ----------------------------------------------------------------

  /// Queues an entry. Thread-safe, does not wait for the destination.
  void write(const log_entry& entry);

private:
  log_output() = default;

  std::shared_ptr<spdlog::details::thread_pool> writer_;
  std::shared_ptr<spdlog::async_logger> logger_;
  log_format format_ = log_format::text;
};

} // namespace zenws
