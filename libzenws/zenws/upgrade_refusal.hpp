// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// A field of an HTTP header.
struct header {
  std::string name{};
  std::string value{};

  bool operator==(const header&) const = default;
};

/// Answer of a server other than "101 Switching Protocols", or of a proxy that
/// opened no tunnel.
struct upgrade_refusal {
  /// Status code, for example 403.
  unsigned status = 0;

  /// Reason phrase, as sent by the server; may be empty.
  std::string reason{};

  std::vector<header> headers{};

  /// The beginning of the body; may be empty.
  std::string body{};

  /// When the answer arrived; needed for a `Retry-After` that is a date.
  std::chrono::system_clock::time_point received_at{};

  /// Set if the request had headers or a query of the user's, which may be the
  /// reason.
  bool sent_credentials = false;

  /// Returns the value of the first header of this name (in any case).
  std::optional<std::string_view> find(std::string_view name) const noexcept;

  /// Returns the time that the server demands to be left alone, counted from
  /// the arrival of its answer, for any status: the `Retry-After` header as a
  /// number of seconds, also with a fraction, or as a date (RFC 9110, sections
  /// 10.2.3 and 5.6.7), or a demand in the body, see `demanded_wait`; the
  /// longer one counts. A date is read relative to the server's own `Date`
  /// header, which no wrong clock can spoil, or to `now` if there is none.
  /// Returns nothing without a demand or if `now` is needed but unknown (the
  /// epoch), zero if the date has passed, at most
  /// `defaults::demanded_wait_ceiling`.
  std::optional<std::chrono::milliseconds>
  retry_after(std::chrono::system_clock::time_point now) const;

  /// Same as `retry_after(received_at)`.
  std::optional<std::chrono::milliseconds> retry_after() const {
    return retry_after(received_at);
  }

private:
  std::optional<std::chrono::milliseconds>
  retry_after_header(std::chrono::system_clock::time_point now) const;
};

} // namespace zenws
