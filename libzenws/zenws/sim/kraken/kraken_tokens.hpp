// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The tokens of all accounts: what `GetWebSocketsToken` of Kraken's REST API
/// gives. One that a subscription holds does not grow old.
///
/// Pure: the caller brings the time.
class kraken_tokens {
public:
  using time_point = std::chrono::steady_clock::time_point;

  kraken_tokens(const std::vector<account_config>& accounts,
                const kraken_config& cfg) noexcept
    : accounts_(accounts), cfg_(cfg) {
    // nop
  }

  /// Returns a new token, empty if there is no such account.
  std::string issue(std::string_view account, time_point now);

  /// Returns the key of the account, nothing if the token is not valid.
  std::optional<std::string> account_of(std::string_view token,
                                        time_point now) const;

  /// A subscription holds the token from now on.
  void hold(std::string_view token);

  /// Undoes one `hold`.
  void release(std::string_view token);

  /// Ends all tokens, those that are held as well.
  void expire_all() {
    tokens_.clear();
  }

private:
  struct entry {
    std::string account{};
    time_point expires{};
    size_t holders = 0;
  };

  const std::vector<account_config>& accounts_;
  const kraken_config& cfg_;
  uint64_t last_ = 0;
  std::map<std::string, entry, std::less<>> tokens_;
};

} // namespace zenws::sim
