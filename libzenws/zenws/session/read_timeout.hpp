// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <optional>

namespace zenws {

/// A timeout for what a connection is to deliver. It is suspended while the
/// connection is not read: silence proves nothing then.
///
/// Pure: the caller brings the time. Not thread-safe.
class read_timeout {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param length 0 for a timeout that never comes.
  explicit read_timeout(std::chrono::milliseconds length) noexcept
    : length_(length) {
    // nop
  }

  /// Returns the time of the timeout, or nothing if none is to come.
  std::optional<time_point> due() const noexcept {
    if (!since_ || !reading_ || length_.count() == 0)
      return std::nullopt;
    return *since_ + length_;
  }

  /// Starts the timeout; a pause goes on.
  void start(time_point now) noexcept {
    since_ = now;
  }

  /// Stops the timeout and ends a pause.
  void stop() noexcept {
    since_ = std::nullopt;
    reading_ = true;
  }

  /// Reports a delivery, from which a timeout that was started counts anew.
  void delivered(time_point now) noexcept {
    if (since_)
      since_ = now;
  }

  /// Reports that the connection is not read for now.
  void reading_paused() noexcept {
    reading_ = false;
  }

  /// Reports that the connection is read again, which counts as a delivery.
  void reading_resumed(time_point now) noexcept {
    reading_ = true;
    delivered(now);
  }

private:
  std::chrono::milliseconds length_;
  std::optional<time_point> since_;
  bool reading_ = true;
};

} // namespace zenws
