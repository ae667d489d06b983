// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/monitor/monitor_options.hpp"

#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace zenws {

class runtime;

/// A web page, and an HTTP interface, that show a runtime and steer it; see
/// docs/monitor.md. It has a thread of its own, and gathers what it shows only
/// while somebody looks.
///
/// Owned by one thread. Ends with its destructor, which must run before that of
/// the runtime.
class monitor {
public:
  // -- constructors, destructors, and assignment operators ------------------

  monitor(const monitor&) = delete;

  monitor& operator=(const monitor&) = delete;

  /// Calls `stop`.
  ~monitor();

  // -- properties -------------------------------------------------------------

  /// Returns the port it listens at.
  uint16_t port() const noexcept;

  /// Returns the address of the page, for example "http://127.0.0.1:8080/".
  std::string url() const;

  // -- stopping ---------------------------------------------------------------

  /// Closes the port and all connections, and waits for the thread.
  void stop();

private:
  friend caf::expected<std::unique_ptr<monitor>>
  start_monitor(runtime& host, monitor_options options);

  struct parts;

  explicit monitor(std::unique_ptr<parts> content) noexcept;

  std::unique_ptr<parts> parts_;
};

/// Starts a monitor.
/// @param host must live longer than the monitor.
/// @returns `ec::invalid_config` naming every problem, or `ec::connect_failed`
///          with the reason if the port cannot be opened.
caf::expected<std::unique_ptr<monitor>> start_monitor(runtime& host,
                                                      monitor_options options);

} // namespace zenws
