// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace zenws {

/// The service manager that started this process, told what goes on in it:
/// systemd and others, by the protocol of sd_notify(3).
///
/// Without a service manager that wants to know, nothing is sent. A message
/// that cannot be sent is lost: the program goes on. All member functions may
/// be called from any thread.
class service_manager {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// No service manager.
  service_manager() = default;

  /// @param address of its socket: a path, or `@` and an abstract name.
  /// @param watchdog the time after which a process that is silent is killed.
  explicit service_manager(std::string address,
                           std::optional<std::chrono::microseconds> watchdog
                           = std::nullopt);

  /// Returns the one that NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID name.
  static service_manager from_environment();

  // -- properties -------------------------------------------------------------

  /// Returns the longest time between two calls to `alive`, nothing if nobody
  /// waits for them.
  const std::optional<std::chrono::microseconds>& watchdog() const noexcept {
    return watchdog_;
  }

  // -- messages ---------------------------------------------------------------

  /// Tells that the program serves, for the first time or again.
  /// @param status one line for people.
  void ready(std::string_view status) const;

  /// Tells that the program reads its configuration again; `ready` follows.
  void reloading() const;

  /// Tells that the program is about to end.
  void stopping() const;

  /// Tells that the program works. Does not block: a message is left out if the
  /// service manager does not receive the earlier ones.
  void alive() const;

private:
  void send(std::string_view message, int flags) const;

  std::string address_;
  std::optional<std::chrono::microseconds> watchdog_;
};

} // namespace zenws
