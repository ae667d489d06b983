// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_call.hpp"
#include "zenws/sim/config/server_config.hpp"

#include <chrono>
#include <vector>

namespace zenws::sim {

/// Whose requests a session makes (web-socket-api.md, "Request security" and
/// "Session Authentication").
class binance_login {
public:
  explicit binance_login(const std::vector<account_config>& accounts) noexcept
    : accounts_(accounts) {
    // nop
  }

  /// Returns whose request this is, or answers with an error: it is signed, or
  /// it is that of the session.
  const account_config* authorize(binance_call& call) const;

  /// Same for a request that has to be signed.
  const account_config* authorize_signed(binance_call& call) const;

  /// Returns the account of the session, or null.
  const account_config* session() const noexcept {
    return session_;
  }

  /// `session.logon`, for keys of Ed25519.
  void log_on(binance_call& call);

  void log_out() noexcept {
    session_ = nullptr;
  }

  /// Answers as `session.status`.
  void tell(binance_call& call, bool is_subscribed) const;

private:
  bool is_in_time(binance_call& call) const;

  const std::vector<account_config>& accounts_;
  const account_config* session_ = nullptr;
  std::chrono::milliseconds authorized_since_{};
};

} // namespace zenws::sim
