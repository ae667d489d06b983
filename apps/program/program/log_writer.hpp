// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/log/log.hpp"

#include <spdlog/sinks/sink.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace zenws {

/// Writes the lines of a log, each of which it hands to the system at once, and
/// how many are missing before them: those that were replaced while they
/// waited, and those that the destination did not take. One that fails is
/// opened anew each second. Not thread-safe: used by the thread that writes.
class log_writer final : public spdlog::sinks::sink {
public:
  // -- member types -----------------------------------------------------------

  struct functions {
    /// Opens the destination, or throws.
    std::function<spdlog::sink_ptr()> open;

    /// Makes a line.
    std::function<std::string(const log_entry&)> render;

    /// Returns how many lines were replaced so far.
    std::function<size_t()> replaced;
  };

  // -- constructors, destructors, and assignment operators --------------------

  /// @throws what `open` does.
  explicit log_writer(functions use);

  ~log_writer() override;

  // -- implementation of spdlog::sinks::sink ----------------------------------

  void log(const spdlog::details::log_msg& msg) override;

  void flush() override;

  void set_pattern(const std::string& pattern) override;

  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override;

private:
  void open();

  void write(const spdlog::details::log_msg& msg);

  // Writes how many lines are missing before one.
  void tell_missing(const spdlog::details::log_msg& next);

  // Writes an entry about `count` lines that are not there.
  void tell(size_t count, const std::string& reason,
            const spdlog::details::log_msg& next);

  functions use_;
  spdlog::sink_ptr destination_; // null after a failure
  std::string problem_;
  size_t replaced_ = 0; // told
  size_t refused_ = 0;  // not told yet
  spdlog::log_clock::time_point next_attempt_{};
};

} // namespace zenws
