// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "program/log_limiter.hpp"
#include "program/log_options.hpp"
#include "program/log_output.hpp"

#include "zenws/error.hpp"
#include "zenws/log/log.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

namespace spdlog::details {

class periodic_worker;

} // namespace spdlog::details

namespace zenws {

/// The log of a program: levels, a limit for each kind of entry, and a thread
/// that writes. What is left out, for whatever reason, is told with its number
/// within a second after it is over, and at the end. Thread-safe; whoever logs
/// does not wait for the destination.
class program_log : public std::enable_shared_from_this<program_log> {
public:
  // -- member types -----------------------------------------------------------

  using clock = std::function<std::chrono::steady_clock::time_point()>;

  // -- constructors, destructors, and assignment operators --------------------

  /// Opens a log. Starts threads: block signals before.
  /// @returns `ec::invalid_config` if the file cannot be opened.
  static result<std::shared_ptr<program_log>>
  open(const log_options& opts, clock now = std::chrono::steady_clock::now);

  /// Writes what is there.
  ~program_log();

  // -- writing ----------------------------------------------------------------

  /// Returns the function for `log_config::log`, which keeps the log open.
  log_sink sink();

  /// Writes an entry unless the settings leave it out.
  void write(const log_entry& entry);

  // -- changing ---------------------------------------------------------------

  /// Changes the settings and opens the file anew.
  /// @returns `ec::invalid_config` if the file cannot be opened; nothing has
  ///          changed then.
  error change(const log_options& opts);

private:
  program_log(const log_options& opts, clock now,
              std::unique_ptr<log_output> output);

  // Passes entries to the output. Guarded by `mtx_`.
  log_sink to_output();

  // Tells what was left out in the past.
  void tell_ended();

  clock now_;
  std::mutex mtx_;
  log_options options_;                // guarded by mtx_
  log_limiter limiter_;                // guarded by mtx_
  std::unique_ptr<log_output> output_; // guarded by mtx_
  std::unique_ptr<spdlog::details::periodic_worker> ticker_;
};

using program_log_ptr = std::shared_ptr<program_log>;

/// Opens the log of a program, as `program_log::open`, and ignores SIGPIPE: a
/// reader of the log that goes away must not end the program. Prints the
/// problem and returns null if that fails.
program_log_ptr open_log(std::string_view program, const log_options& opts);

} // namespace zenws
