// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"
#include "zenws/pool/member_health.hpp"
#include "zenws/timing/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace zenws {

/// Configuration of a pool.
struct pool_config {
  /// Shown in logs, and part of the names of the clients that it starts.
  std::string name = "pool";

  /// Members are all clients with this tag...
  std::string tag{};

  /// ...and, if set, of the supervisor of this name only. One of both must be
  /// set.
  std::string supervisor{};

  /// Requests go to so many members at most.
  size_t max_attempts = 3;

  health_config health{};

  /// Channels for each member. Venues limit them: Binance, for one, to 1,024
  /// streams of a connection. Holds for instruments with market data as well,
  /// which are counted apart.
  size_t max_channels_per_member = defaults::max_channels;

  /// A member that has not been ready for so long loses its channels and
  /// instruments to others.
  std::chrono::milliseconds reshard_after = std::chrono::seconds{10};

  /// Supervisor that starts members, if there are fewer than `min_size`, or too
  /// few for all channels. Optional.
  client_supervisor_actor starter{};

  /// Specification of new members; names and tag are the pool's.
  client_spec member{};

  size_t min_size = 0;

  /// No members are started beyond these, whatever for.
  size_t max_size = 64;

  /// Delays before a lost member is replaced.
  backoff_config refill_backoff{
    .max = defaults::refill_backoff_max,
    .factor = defaults::restart_backoff_factor,
    .max_attempts = backoff_config::unlimited,
  };
};

/// Returns **every** problem, none if the configuration is valid.
std::vector<config_problem> validate(const pool_config& cfg);

} // namespace zenws
