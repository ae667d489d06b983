// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/deribit/deribit_call.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Identity of a session and its expiry: `public/auth` in Deribit's manner.
///
/// Tokens need no memory: they carry a signature that only the account's
/// secret can make, and so hold across connections.
class deribit_login {
public:
  deribit_login(const std::vector<account_config>& accounts,
                std::chrono::seconds lifetime)
    : accounts_(accounts), lifetime_(lifetime) {
    // nop
  }

  /// Returns the key of the account, empty if there is none (any more).
  std::string_view account_at(std::chrono::microseconds now) const noexcept;

  /// Returns the key of the account the session had last.
  const std::string& last_account() const noexcept {
    return account_;
  }

  /// Answers `public/auth`. Failing leaves the session as it was.
  void authenticate(deribit_call& call);

private:
  using account = const account_config*;

  std::optional<account> check(deribit_call& call) const;
  std::optional<account> check_secret(deribit_call& call) const;
  std::optional<account> check_signature(deribit_call& call) const;
  std::optional<account> check_refresh_token(deribit_call& call) const;
  account find_account(std::string_view key) const;

  const std::vector<account_config>& accounts_;
  std::chrono::seconds lifetime_;
  std::string account_;
  std::chrono::microseconds expires_{};
};

} // namespace zenws::sim
