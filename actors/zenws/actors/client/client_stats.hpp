// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/market/market_stats.hpp"
#include "zenws/actors/recording/recording_stats.hpp"
#include "zenws/events.hpp"
#include "zenws/session/session_latencies.hpp"
#include "zenws/shared_counter.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace zenws {

/// Figures of a client that any thread may read at any time, without asking the
/// client. They survive its incarnations: counters never go back.
///
/// Written by the loop of the client, except for `restarts` (its supervisor)
/// and `recording`.
struct client_stats {
  std::atomic<client_state> state{client_state::disconnected};
  std::atomic<std::chrono::steady_clock::time_point> since{}; // in that state
  std::atomic<uint64_t> epoch{0};
  std::atomic<uint64_t> messages{0};

  /// The longest time for which the running incarnation has been ready, not
  /// counting the one that goes on.
  std::atomic<std::chrono::milliseconds> ready_for{
    std::chrono::milliseconds{0}};

  // -- messages ---------------------------------------------------------------

  /// Payload of the messages received.
  shared_counter received_bytes;

  /// Messages written, and the payload of those that the connection took.
  shared_counter sent_messages;
  shared_counter sent_bytes;

  /// Messages that could not be sent.
  shared_counter failed_sends;

  /// Received messages that the dialect could not read.
  shared_counter malformed;

  /// Messages that overflow policies left out, over all subscribers.
  shared_counter dropped;

  /// Pauses of reading that slow subscribers caused.
  shared_counter reading_pauses;

  // -- what is there now ------------------------------------------------------

  shared_counter outbound_bytes; // accepted, not written yet
  shared_counter queued;         // messages that wait to be sent
  shared_counter pending_calls;
  shared_counter subscribers;
  shared_counter channels;
  shared_counter silent_channels;
  shared_counter missed_heartbeats; // in a row
  shared_counter round_trip_us;     // of the last heartbeat, 0 if none

  // -- parts ------------------------------------------------------------------

  session_latencies latencies;

  market_stats market;

  recording_stats recording;

  /// Incarnations after the first one.
  shared_counter restarts;

  // -- functions --------------------------------------------------------------

  /// Returns the time since the client became ready, 0 if it is not.
  std::chrono::milliseconds up() const noexcept;

  /// Counts a time for which the client was ready. Only for the running
  /// incarnation.
  void was_ready_for(std::chrono::steady_clock::duration span) noexcept;
};

} // namespace zenws
