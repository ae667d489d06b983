// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "demo_summary.hpp"
#include "exchange_process.hpp"

#include <chrono>

namespace zenws::demo {

/// Two gateways to one venue and two engines that use both, each a process:
/// gateways and an engine are killed and stalled, the kill switches are thrown,
/// and all of them carry on.
/// @throws std::runtime_error naming the part that could not be started.
demo_summary run_nodes_scenario(const exchange_process& venue,
                                std::chrono::seconds length);

} // namespace zenws::demo
