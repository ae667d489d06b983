// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/client_status.hpp"

#include "zenws/json/internal/json_writer.hpp"

#include <string_view>
#include <type_traits>

namespace zenws {

namespace {

using internal::json_writer;

// -- JSON ---------------------------------------------------------------------

void write(json_writer& out, const latency_summary& summary) {
  out.begin_object();
  add(out, "count", summary.count);
  add(out, "p50_us", summary.p50.count());
  add(out, "p90_us", summary.p90.count());
  add(out, "p99_us", summary.p99.count());
  add(out, "p999_us", summary.p999.count());
  add(out, "max_us", summary.max.count());
  out.end_object();
}

void write(json_writer& out, const channel_status& status) {
  out.begin_object();
  add(out, "name", status.name);
  add(out, "state", to_string(status.state));
  add(out, "is_renewing", status.is_renewing);
  add(out, "last_message_ago_ms", status.last_message_ago.count());
  out.end_object();
}

void write(json_writer& out, const client_status& status) {
  out.begin_object();
  add(out, "id", status.id);
  add(out, "name", status.name);
  add(out, "url", status.url);
  add(out, "proxy", status.proxy);
  add(out, "state", to_string(status.state));
  add(out, "epoch", status.epoch);
  add(out, "attempts", status.attempts);
  add(out, "connected_for_ms", status.connected_for.count());
  add(out, "round_trip_us", status.round_trip.count());
  add(out, "missed_heartbeats", status.missed_heartbeats);
  add(out, "messages_received", status.messages_received);
  add(out, "messages_sent", status.messages_sent);
  add(out, "messages_dropped", status.messages_dropped);
  add(out, "sends_failed", status.sends_failed);
  add(out, "outbound_bytes", status.outbound_bytes);
  add(out, "subscribers", status.subscribers);
  add(out, "channels", status.channels);
  add(out, "pending_calls", status.pending_calls);
  add(out, "queued", status.queued);
  add(out, "malformed", status.malformed);
  add(out, "reading_paused", status.reading_paused);
  add(out, "last_error", status.last_error ? to_string(status.last_error) : "");
  out.key("channel_states").begin_array();
  for (auto& x : status.channel_states)
    write(out, x);
  out.end_array();
  out.end_object();
}

void write(json_writer& out, const heartbeat_health& health) {
  out.begin_object();
  add(out, "kind", to_string(health.kind));
  add(out, "failures", health.failures);
  add(out, "last_beat_ago_ms", health.last_beat_ago.count());
  add(out, "round_trip_us", health.round_trip.count());
  out.end_object();
}

void write(json_writer& out, const state_metrics& metrics) {
  out.begin_object();
  add(out, "state", to_string(metrics.state));
  add(out, "epoch", metrics.epoch);
  write(out.key("heartbeat"), metrics.heartbeat);
  add(out, "heartbeat_active", metrics.heartbeat_active);
  add(out, "subscribers", metrics.subscribers);
  add(out, "channels", metrics.channels);
  add(out, "pending_calls", metrics.pending_calls);
  add(out, "queued", metrics.queued);
  add(out, "outbound_bytes", metrics.outbound_bytes);
  add(out, "waiting_requests", metrics.waiting_requests);
  write(out.key("call_latency"), metrics.call_latency);
  write(out.key("heartbeat_latency"), metrics.heartbeat_latency);
  out.end_object();
}

// Needs no check: none of the values can be refused.
template <class T>
std::string json_of(const T& x) {
  json_writer out;
  write(out, x);
  return *out.take();
}

} // namespace

std::string describe(const client_status& status) {
  auto result = printable(status.name) + " (";
  result += to_string(status.state);
  auto add = [&](const char* name, uint64_t value) {
    result += std::string{", "} + name + ' ' + std::to_string(value);
  };
  add("epoch", status.epoch);
  if (status.state == client_state::ready)
    result += ", up " + std::to_string(status.connected_for.count() / 1000)
              + " s";
  add("received", status.messages_received);
  add("sent", status.messages_sent);
  add("dropped", status.messages_dropped);
  add("failed", status.sends_failed);
  add("subscribers", status.subscribers);
  add("channels", status.channels);
  if (status.pending_calls > 0)
    add("pending", status.pending_calls);
  if (status.queued > 0)
    add("queued", status.queued);
  if (status.reading_paused)
    result += ", reading paused";
  if (status.last_error)
    result += ", last error " + to_string(status.last_error);
  return result + ')';
}

std::string to_json(const client_status& status) {
  return json_of(status);
}

std::string to_json(const heartbeat_health& health) {
  return json_of(health);
}

std::string to_json(const state_metrics& metrics) {
  return json_of(metrics);
}

} // namespace zenws
