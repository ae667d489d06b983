// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/defaults.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Login of a client at its venue.
enum class login_mode : uint8_t {
  none,
  /// A connection without a login is of no use.
  required,
};

/// Returns the name of the enumerator.
std::string_view to_string(login_mode mode) noexcept;

/// A request to a venue.
struct venue_call {
  std::string method{};

  /// JSON: an object or an array, or nothing.
  std::string params{};
};

/// Protocol of a client at its venue, with timeouts and limits.
struct venue_config {
  /// Dialect of the venue: a name that `make_dialect` accepts.
  std::string dialect = "raw";

  /// Login on each connection, before anything else. The credentials come from
  /// a provider, never from here.
  login_mode login = login_mode::none;

  /// Requests that each connection begins with, after the login; each must
  /// succeed before the client is ready.
  std::vector<venue_call> on_login{};

  /// Time for the answer to a request of the client's own: a login, a
  /// subscription.
  std::chrono::milliseconds request_timeout = defaults::request_timeout;

  /// Longest silence of an open connection, counted in messages that are not
  /// heartbeats. It also runs before the first message. 0 for no limit.
  std::chrono::milliseconds idle_timeout{0};

  /// Calls that may wait for their answers.
  size_t max_pending_calls = defaults::max_pending_calls;

  /// Channels that all subscribers together may have, within the venue's limit
  /// of a connection.
  size_t max_channels = defaults::max_channels;

  /// The largest text that is sent, in bytes; 0 for the dialect's value.
  size_t max_request_bytes = 0;

  /// Channels in one request; 0 for the dialect's value.
  size_t max_channels_per_request = 0;
};

/// Returns the configuration as text for logs, without secrets.
std::string to_string(const venue_config& cfg);

/// Returns **every** problem, none if the configuration is valid.
std::vector<config_problem> validate(const venue_config& cfg);

} // namespace zenws
