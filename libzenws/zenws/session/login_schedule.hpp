// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <optional>

namespace zenws {

/// Times of the login of one connection: when its credentials are overdue, when
/// it is renewed, and when it ends. What is due is due once.
///
/// Pure: the caller brings the time. Not thread-safe; a new connection gets a
/// new schedule.
class login_schedule {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Returns the time at which something is due, or nothing.
  std::optional<time_point> next_deadline() const noexcept;

  /// Expects credentials before `deadline`.
  void await_credentials(time_point deadline) noexcept {
    credentials_due_ = deadline;
  }

  /// Reports credentials.
  /// @returns `false` if none are expected: they are late.
  bool accept_credentials() noexcept;

  /// Reports a login. It is renewed after four fifths of its lifetime.
  /// @param lifetime 0 for that of the connection.
  /// @param renew_after another time until it is renewed; 0 for none.
  void
  granted(std::chrono::seconds lifetime, time_point now,
          std::chrono::seconds renew_after = std::chrono::seconds{0}) noexcept;

  /// Reports that the venue refused a request because it knows no login any
  /// more. It is renewed at once; later, and later each time, if the last one
  /// did not help for long.
  void refused(time_point now) noexcept;

  /// Delays the renewal, for longer after each one that failed in a row.
  /// @returns the delay.
  std::chrono::milliseconds delay_renewal(time_point now) noexcept;

  /// Returns whether credentials are overdue; those are not expected any more.
  bool credentials_overdue(time_point now) noexcept;

  /// Returns whether the login is to be renewed.
  bool renewal_due(time_point now) noexcept;

  /// Returns whether the login has ended.
  bool ended(time_point now) noexcept;

private:
  std::optional<time_point> credentials_due_;
  std::optional<time_point> renew_at_;
  std::optional<time_point> ends_at_;
  time_point granted_at_{};
  bool is_refused_ = false;
  unsigned failed_renewals_ = 0;
  unsigned useless_logins_ = 0; // in a row
};

} // namespace zenws
