// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Status and metrics of clients.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/inspect.hpp"
#include "zenws/events.hpp"
#include "zenws/latency_histogram.hpp"
#include "zenws/subscription/subscription.hpp"
#include "zenws/timing/heartbeat.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// Asks for a `client_status`.
struct get_status {};

/// Status of a channel.
struct channel_status {
  std::string name;
  channel_state state = channel_state::wanted;

  /// A renewal was requested and has not happened yet.
  bool is_renewing = false;

  /// Time since its last message, on whatever connection; negative if there was
  /// none.
  std::chrono::milliseconds last_message_ago{-1};
};

/// Status of a client. Counters of messages, epoch and sequence numbers go on
/// over restarts; all else is a snapshot.
struct client_status {
  uint64_t id = 0;
  std::string name;
  std::string url;   // without secrets
  std::string proxy; // see `describe(const proxy_config&)`
  client_state state = client_state::disconnected;
  uint64_t epoch = 0;    // connections so far
  uint64_t attempts = 0; // since the last stable connection
  std::chrono::milliseconds connected_for{0};
  std::chrono::microseconds round_trip{0}; // of the last heartbeat
  uint32_t missed_heartbeats = 0;
  uint64_t messages_received = 0;
  uint64_t messages_sent = 0;
  uint64_t messages_dropped = 0; // by overflow policies
  uint64_t sends_failed = 0;
  uint64_t outbound_bytes = 0;
  uint32_t subscribers = 0;
  uint32_t channels = 0; // wanted by all subscribers together
  uint32_t pending_calls = 0;
  uint32_t queued = 0;    // messages that wait to be sent
  uint64_t malformed = 0; // messages that the dialect could not read
  bool reading_paused = false;
  error last_error;

  /// The wanted channels, in the order of their first requests.
  std::vector<channel_status> channel_states;
};

/// Returns one line such as "feed (ready, epoch 3, up 12 s, received 512,
/// ...)".
std::string describe(const client_status& status);

/// Asks for a `heartbeat_health`.
struct get_heartbeat_health {};

/// Method and result of the heartbeat of a client.
struct heartbeat_health {
  heartbeat_kind kind = heartbeat_kind::none;

  /// Heartbeats in a row that were missed.
  uint32_t failures = 0;

  /// Time since the last one, or since the connection was ready if there was
  /// none yet; negative without a connection.
  std::chrono::milliseconds last_beat_ago{-1};

  /// Of the last ping that was answered, 0 if none was.
  std::chrono::microseconds round_trip{0};
};

/// Asks for `state_metrics`.
struct get_state_metrics {};

/// Metrics of a client. All are snapshots, except that latencies are those of
/// the running incarnation; answering takes
/// microseconds, whatever the client holds.
struct state_metrics {
  client_state state = client_state::disconnected;
  uint64_t epoch = 0;
  heartbeat_health heartbeat;
  bool heartbeat_active = false; // there is a next one
  uint32_t subscribers = 0;
  uint32_t channels = 0;
  uint32_t pending_calls = 0;
  uint32_t queued = 0;           // messages that wait to be sent
  uint64_t outbound_bytes = 0;   // accepted, not written yet
  uint64_t waiting_requests = 0; // in the mailbox

  /// From the sending of a call to its answer.
  latency_summary call_latency;

  /// From a ping to its answer.
  latency_summary heartbeat_latency;
};

// -- JSON -------------------------------------------------------------------------

// Each field is a member of the name that it has in C++; durations are numbers
// whose unit is part of the name, such as "connected_for_ms".

std::string to_json(const client_status& status);

std::string to_json(const heartbeat_health& health);

std::string to_json(const state_metrics& metrics);

// -- inspection -------------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, get_status&) {
  return caf_compat::inspect_as(f, "zenws::get_status");
}

template <class Inspector>
auto inspect(Inspector& f, channel_status& x) {
  return caf_compat::inspect_as(f, "channel_status", "name", x.name, "state",
                                x.state, "is_renewing", x.is_renewing,
                                "last_message_ago", x.last_message_ago);
}

template <class Inspector>
auto inspect(Inspector& f, client_status& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    auto text = describe(x);
    return caf_compat::inspect_as(f, "zenws::client_status", "text", text);
  } else {
    return caf_compat::inspect_as(
      f, "zenws::client_status", "id", x.id, "name", x.name, "url", x.url,
      "proxy", x.proxy, "state", x.state, "epoch", x.epoch, "attempts",
      x.attempts, "connected_for", x.connected_for, "round_trip", x.round_trip,
      "missed_heartbeats", x.missed_heartbeats, "messages_received",
      x.messages_received, "messages_sent", x.messages_sent, "messages_dropped",
      x.messages_dropped, "sends_failed", x.sends_failed, "outbound_bytes",
      x.outbound_bytes, "subscribers", x.subscribers, "channels", x.channels,
      "pending_calls", x.pending_calls, "queued", x.queued, "malformed",
      x.malformed, "reading_paused", x.reading_paused, "last_error",
      x.last_error, "channel_states", x.channel_states);
  }
}

template <class Inspector>
auto inspect(Inspector& f, get_heartbeat_health&) {
  return caf_compat::inspect_as(f, "zenws::get_heartbeat_health");
}

template <class Inspector>
auto inspect(Inspector& f, heartbeat_health& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    auto text = to_json(x);
    return caf_compat::inspect_as(f, "zenws::heartbeat_health", "text", text);
  } else {
    return caf_compat::inspect_as(f, "zenws::heartbeat_health", "kind", x.kind,
                                  "failures", x.failures, "last_beat_ago",
                                  x.last_beat_ago, "round_trip", x.round_trip);
  }
}

template <class Inspector>
auto inspect(Inspector& f, latency_summary& x) {
  return caf_compat::inspect_as(f, "latency_summary", "count", x.count, "p50",
                                x.p50, "p90", x.p90, "p99", x.p99, "p999",
                                x.p999, "max", x.max);
}

template <class Inspector>
auto inspect(Inspector& f, get_state_metrics&) {
  return caf_compat::inspect_as(f, "zenws::get_state_metrics");
}

template <class Inspector>
auto inspect(Inspector& f, state_metrics& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    auto text = to_json(x);
    return caf_compat::inspect_as(f, "zenws::state_metrics", "text", text);
  } else {
    return caf_compat::inspect_as(
      f, "zenws::state_metrics", "state", x.state, "epoch", x.epoch,
      "heartbeat", x.heartbeat, "heartbeat_active", x.heartbeat_active,
      "subscribers", x.subscribers, "channels", x.channels, "pending_calls",
      x.pending_calls, "queued", x.queued, "outbound_bytes", x.outbound_bytes,
      "waiting_requests", x.waiting_requests, "call_latency", x.call_latency,
      "heartbeat_latency", x.heartbeat_latency);
  }
}

} // namespace zenws
