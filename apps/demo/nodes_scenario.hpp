// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "exchange_process.hpp"

#include <chrono>
#include <string>

namespace zenws::demo {

/// Result of the demo with several nodes.
struct nodes_summary {
  uint64_t messages = 0;
  uint64_t nodes_killed = 0;
  uint64_t nodes_stalled = 0;
  uint64_t gaps = 0;
  uint64_t lost_subscriptions = 0;
  uint64_t orders_sent = 0;
  uint64_t orders_acked = 0;
  uint64_t orders_unknown = 0;
  /// Counted by the venue.
  uint64_t orders_at_venue = 0;
  uint64_t duplicates = 0;
  /// Set if all steps were done and each engine traded after each of them.
  bool complete = false;

  bool ok() const noexcept;
};

/// Returns the last line of the demo.
std::string to_string(const nodes_summary& summary);

/// Two gateways to one venue and two engines that use both, each a process:
/// gateways are killed and stalled, an engine is stalled, and all of them carry
/// on.
/// @throws std::runtime_error naming the part that could not be started.
nodes_summary run_nodes_scenario(const exchange_process& venue,
                                 std::chrono::seconds length);

} // namespace zenws::demo
