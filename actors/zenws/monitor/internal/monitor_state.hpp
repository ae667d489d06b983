// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/monitor/internal/client_rows.hpp"
#include "zenws/monitor/internal/event_ring.hpp"
#include "zenws/monitor/internal/snapshot.hpp"
#include "zenws/shared_histogram.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace zenws::monitoring {

/// What does not change while a program runs.
struct program_info {
  std::string name;
  std::string node;
  std::chrono::system_clock::time_point started{};

  /// There is a token.
  bool has_actions = false;
};

/// A snapshot, and what was computed of it and of those before.
struct monitor_state {
  snapshot_ptr content;
  std::vector<client_row> rows; // by name
  client_totals totals{};
  std::vector<monitor_event> events; // the last ones
};

/// What is known of a client that somebody looks at.
struct client_view {
  static constexpr size_t max_history = 120;

  static constexpr std::chrono::seconds history_step{1};

  client_detail detail{};

  // One for each step; the last one is the newest.
  std::deque<double> rates{};
  std::deque<std::chrono::microseconds> round_trips{};

  // From the time of the venue to the arrival here, on average; nothing for a
  // step without market data.
  std::deque<std::optional<std::chrono::microseconds>> lags{};

  // As of the last step.
  std::optional<duration_counts> counted_lags{};
};

// -- JSON ---------------------------------------------------------------------

// The texts are described in docs/monitor.md.

/// Children of one supervisor that are shown, at most.
inline constexpr size_t max_shown_children = 100;

/// Orders and positions of one desk that are shown, at most.
inline constexpr size_t max_shown_orders = 100;

/// Events that are part of the state.
inline constexpr size_t num_shown_events = 50;

/// @param may_act whether the reader has shown the token.
std::string state_json(const program_info& program, const monitor_state& state,
                       bool may_act);

/// Returns all trees, with all clients.
std::string tree_json(const program_info& program, const monitor_state& state);

std::string rows_json(const monitor_state& state, const row_query& query);

std::string detail_json(const client_row& row, const client_view& view);

std::string events_json(const event_page& page);

} // namespace zenws::monitoring
