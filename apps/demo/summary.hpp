// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "trading_engine/report.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace zenws::demo {

/// Source of the data of the demo.
enum class data_source : uint8_t {
  /// The simulated market: each book can be healed by a new subscription.
  market,
  /// A recording: it gives a snapshot only when it starts again.
  recording,
};

/// Time from a connection to the first update of each subscription at the
/// latest, by `engine::subscription_name`. One that is absent may be silent.
using first_update_times
  = std::map<std::string, std::chrono::milliseconds, std::less<>>;

/// Result of the demo.
struct demo_summary {
  data_source source = data_source::market;
  /// Updates of market data.
  uint64_t messages = 0;
  uint64_t reconnects = 0;
  uint64_t restarts = 0;
  /// Gaps that were not detected, or not healed.
  uint64_t gaps = 0;
  uint64_t lost_subscriptions = 0;
  uint64_t orders_sent = 0;
  uint64_t orders_acked = 0;
  /// Orders without a known outcome.
  uint64_t orders_unknown = 0;
  /// Counted by the venue: orders, and those received more than once.
  uint64_t orders_at_venue = 0;
  uint64_t duplicates = 0;
  /// Faults after which no more data arrived.
  uint64_t unhealed_faults = 0;
  /// Set if all steps were done.
  bool complete = false;

  bool ok() const noexcept;

private:
  bool orders_ok() const noexcept;
};

/// Returns the last line of the demo.
std::string to_string(const demo_summary& summary);

/// Returns the names of subscriptions that are not active.
/// @param age time since the connection got its subscriptions.
std::vector<std::string>
inactive_subscriptions(const engine::engine_report& report,
                       const first_update_times& expected,
                       std::chrono::milliseconds age);

/// Returns the number of gaps that were not detected or not healed.
uint64_t open_gaps(const engine::engine_report& report, data_source source);

} // namespace zenws::demo
