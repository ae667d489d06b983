// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "demo_summary.hpp"
#include "engine_file.hpp"
#include "exchange_process.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace zenws::demo {

/// What an engine trades in a demo.
struct demo_market {
  /// Path of the simulator.
  std::string path = "/ws/api/v2";

  std::vector<std::string> instruments{"BTC-PERPETUAL", "ETH-PERPETUAL"};

  /// "usual" or "fastest".
  std::string pace = "fastest";

  bool on_paper = false;
};

/// One engine at two venues, each a process: a market maker at the first one,
/// and a strategy between the two. Connections are cut, silent and refused, the
/// engine is killed with orders open, and its kill switch is thrown.
/// @param kills how often it is killed, at random moments after the first one.
/// @throws std::runtime_error naming the part that could not be started.
demo_summary run_scenario(const exchange_process& first,
                          const exchange_process& second,
                          std::chrono::seconds length, size_t kills);

/// Same, with the page of the engine: faults follow each other until the end.
/// Nothing is compared, since the user may stop and halt what he likes.
/// @param is_over asked between faults.
/// @returns `false` if the engine has ended before.
bool run_dashboard(const exchange_process& first,
                   const exchange_process& second, const monitor_page& page,
                   const std::function<bool()>& is_over);

/// Same at one venue, on paper, for a recording.
demo_summary run_paper_scenario(const exchange_process& venue,
                                const demo_market& market,
                                std::chrono::seconds length);

} // namespace zenws::demo
