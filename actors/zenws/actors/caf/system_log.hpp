// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/log/log.hpp"

#include <caf/fwd.hpp>

namespace zenws {

/// Base of the configuration of an actor system that chooses its log, such as
/// `system_config`. Actor systems with any other configuration log to the
/// standard error stream.
struct log_config {
  virtual ~log_config() = default;

  /// Receives the log entries of the actor system. Set it before the actor
  /// system is created. An empty sink discards all.
  log_sink log = log_to_stderr;
};

/// Writes an entry to the log of an actor system. Thread-safe.
void write_log(const caf::actor_system& sys, log_entry entry) noexcept;

} // namespace zenws
