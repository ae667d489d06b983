// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/client/client_stats.hpp"
#include "zenws/actors/desk/desk_stats.hpp"
#include "zenws/actors/messages/client_supervisor_messages.hpp"
#include "zenws/actors/supervision/supervisor_stats.hpp"
#include "zenws/metrics/internal/figure_table.hpp"
#include "zenws/nodes/gateway_stats.hpp"
#include "zenws/sinks/sink_stats.hpp"

#include <cstddef>

/// @file
/// All metrics but those of the process: their names, types and meanings.
/// docs/metrics.md has the same list; a test compares the two.

namespace zenws::internal {

/// Figures of a runtime as a whole.
struct runtime_figures {
  double started = 0; // seconds since the epoch of the system clock
  size_t loops = 0;
  size_t actors = 0;
  size_t clients_without_series = 0;
  size_t limits_without_series = 0;
};

const figure_rows<runtime_figures>& runtime_rows();

const figure_rows<io_loop>& loop_rows();

const figure_rows<client_stats>& client_rows();

/// A gauge of 1 for the state that a client is in, which is a label.
const figure_rows<client_stats>& client_state_rows();

const figure_rows<market_stats>& market_rows();

const figure_rows<recording_stats>& recording_rows();

const figure_rows<supervisor_stats>& supervisor_rows();

const figure_rows<limit_level>& limit_rows();

const figure_rows<gateway_stats>& gateway_rows();

const figure_rows<relay_stats>& node_rows();

const figure_rows<desk_stats>& desk_rows();

const figure_rows<sink_stats>& sink_rows();

} // namespace zenws::internal
