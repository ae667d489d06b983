// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/net/sliding_window.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace zenws::sim {

/// Usage by the clients of each address: the venue limits it over all of their
/// connections.
///
/// Pure: the caller brings the time.
class hyperliquid_hosts {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit hyperliquid_hosts(const hyperliquid_config& cfg) : cfg_(cfg) {
    // nop
  }

  // -- connections ------------------------------------------------------------

  /// Counts a connection until `left`, even if it is one too many.
  /// @returns the venue's error if it is.
  std::optional<std::string> came(const std::string& host, time_point now);

  void left(const std::string& host);

  // -- messages and subscriptions ---------------------------------------------

  /// Counts a message of a client. Returns the venue's error if it is one too
  /// many.
  std::optional<std::string> sent(const std::string& host, time_point now);

  /// Counts a subscription. Returns the venue's error, and does not count it,
  /// if it is one too many.
  std::optional<std::string> subscribed(const std::string& host);

  void unsubscribed(const std::string& host);

private:
  struct state {
    sliding_window dials;
    sliding_window messages;
    size_t connections = 0;
    size_t subscriptions = 0;
  };

  state& at(const std::string& host);

  const hyperliquid_config& cfg_;
  std::map<std::string, state> hosts_;
};

} // namespace zenws::sim
