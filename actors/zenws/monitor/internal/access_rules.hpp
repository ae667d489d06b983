// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/internal/site_guard.hpp"
#include "zenws/monitor/internal/http_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::monitoring {

/// Decides who may do what. No I/O; the caller brings the time.
class access_rules {
public:
  // -- member types -----------------------------------------------------------

  using clock = std::chrono::steady_clock;

  enum class login_result : uint8_t { granted, wrong_token, too_many_failures };

  // -- constants --------------------------------------------------------------

  /// Sessions of browsers at a time; one more ends the oldest.
  static constexpr size_t max_sessions = 64;

  static constexpr std::chrono::hours session_lifetime{12};

  /// Wrong tokens that are accepted in `failure_window`, of all browsers
  /// together.
  static constexpr size_t max_failures = 10;

  static constexpr std::chrono::minutes failure_window{1};

  // -- constructors, destructors, and assignment operators ------------------

  /// @param token empty: nobody may act.
  /// @param bind address that the server listens at. On the loopback everybody
  ///             may read.
  access_rules(std::string token, std::string bind, uint16_t port);

  // -- properties -------------------------------------------------------------

  bool has_token() const noexcept {
    return !token_.empty();
  }

  // -- checks -----------------------------------------------------------------

  /// Checks the name of the server that a request is for.
  bool is_for_us(const http_request& request) const;

  /// Checks that a request comes from our page or from no page at all.
  bool is_from_us(const http_request& request) const;

  bool may_read(const http_request& request, clock::time_point now) const;

  /// Checks for the token or a session.
  bool may_act(const http_request& request, clock::time_point now) const;

  // -- sessions ---------------------------------------------------------------

  login_result log_in(std::string_view token, clock::time_point now);

  /// Begins a session.
  /// @returns the value of the header Set-Cookie.
  std::string begin_session(clock::time_point now);

private:
  struct session {
    std::string id;
    clock::time_point end;
  };

  bool has_session(std::string_view cookies, clock::time_point now) const;

  std::string token_;
  internal::site_guard site_;
  std::string cookie_name_;
  std::vector<session> sessions_;
  std::deque<clock::time_point> failures_;
};

} // namespace zenws::monitoring
