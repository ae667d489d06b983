// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/defaults.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

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
  std::optional<time_point> next_deadline() const noexcept {
    auto first = std::min({credentials_due_, renew_at_, ends_at_});
    return first != never ? std::optional{first} : std::nullopt;
  }

  /// Expects credentials before `deadline`.
  void await_credentials(time_point deadline) noexcept {
    credentials_due_ = deadline;
  }

  /// Reports credentials.
  /// @returns `false` if none are expected: they are late.
  bool accept_credentials() noexcept {
    return std::exchange(credentials_due_, never) != never;
  }

  /// Reports a login. It is renewed after four fifths of its lifetime.
  /// @param lifetime 0 for that of the connection.
  void granted(std::chrono::seconds lifetime, time_point now) noexcept {
    failed_renewals_ = 0;
    renew_at_ = ends_at_ = never;
    if (lifetime.count() <= 0)
      return;
    // Venues send any number.
    time_point::duration bounded
      = std::min<std::chrono::seconds>(lifetime, std::chrono::years{100});
    renew_at_ = now + bounded / 5 * 4;
    ends_at_ = now + bounded;
  }

  /// Delays the renewal, for longer after each one that failed in a row.
  /// @returns the delay.
  std::chrono::milliseconds delay_renewal(time_point now) noexcept {
    constexpr unsigned max_doublings = 5;
    auto doublings = std::min(failed_renewals_++, max_doublings);
    auto delay = defaults::login_renewal_delay * (1 << doublings);
    renew_at_ = now + delay;
    return delay;
  }

  /// Returns whether credentials are overdue; those are not expected any more.
  bool credentials_overdue(time_point now) noexcept {
    return take_if_due(credentials_due_, now);
  }

  /// Returns whether the login is to be renewed.
  bool renewal_due(time_point now) noexcept {
    return take_if_due(renew_at_, now);
  }

  /// Returns whether the login has ended.
  bool ended(time_point now) noexcept {
    return take_if_due(ends_at_, now);
  }

private:
  static constexpr time_point never = time_point::max();

  static bool take_if_due(time_point& due, time_point now) noexcept {
    return due <= now && (due = never, true);
  }

  time_point credentials_due_ = never;
  time_point renew_at_ = never;
  time_point ends_at_ = never;
  unsigned failed_renewals_ = 0;
};

} // namespace zenws
