// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/client_status.hpp"

#include "zenws/json/json_rpc.hpp"

#include <concepts>
#include <string_view>
#include <utility>

namespace zenws {

namespace {

// Writes an object of JSON, member by member.
class object_writer {
public:
  void add_json(std::string_view name, std::string_view json) {
    text_ += std::exchange(separator_, ',');
    text_ += '"';
    text_ += name;
    text_ += "\":";
    text_ += json;
  }

  void add(std::string_view name, std::string_view text) {
    add_json(name, quoted_json(text).value_or(std::string{R"("?")"}));
  }

  void add(std::string_view name, const std::string& text) {
    add(name, std::string_view{text});
  }

  void add(std::string_view name, std::same_as<bool> auto value) {
    add_json(name, value ? "true" : "false");
  }

  template <std::integral T>
  requires(!std::same_as<T, bool>) void add(std::string_view name, T value) {
    add_json(name, std::to_string(value));
  }

  std::string finish() {
    return text_ + '}';
  }

private:
  std::string text_;
  char separator_ = '{';
};

std::string to_json(const latency_summary& summary) {
  object_writer out;
  out.add("count", summary.count);
  out.add("p50_us", summary.p50.count());
  out.add("p90_us", summary.p90.count());
  out.add("p99_us", summary.p99.count());
  out.add("p999_us", summary.p999.count());
  out.add("max_us", summary.max.count());
  return out.finish();
}

std::string to_json(const channel_status& status) {
  object_writer out;
  out.add("name", status.name);
  out.add("state", to_string(status.state));
  out.add("is_renewing", status.is_renewing);
  out.add("last_message_ago_ms", status.last_message_ago.count());
  return out.finish();
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
  object_writer out;
  out.add("id", status.id);
  out.add("name", status.name);
  out.add("url", status.url);
  out.add("state", to_string(status.state));
  out.add("epoch", status.epoch);
  out.add("attempts", status.attempts);
  out.add("connected_for_ms", status.connected_for.count());
  out.add("round_trip_us", status.round_trip.count());
  out.add("missed_heartbeats", status.missed_heartbeats);
  out.add("messages_received", status.messages_received);
  out.add("messages_sent", status.messages_sent);
  out.add("messages_dropped", status.messages_dropped);
  out.add("sends_failed", status.sends_failed);
  out.add("outbound_bytes", status.outbound_bytes);
  out.add("subscribers", status.subscribers);
  out.add("channels", status.channels);
  out.add("pending_calls", status.pending_calls);
  out.add("queued", status.queued);
  out.add("malformed", status.malformed);
  out.add("reading_paused", status.reading_paused);
  out.add("last_error", status.last_error ? to_string(status.last_error) : "");
  std::string channels;
  for (auto& x : status.channel_states)
    channels += (channels.empty() ? "" : ",") + to_json(x);
  out.add_json("channel_states", '[' + channels + ']');
  return out.finish();
}

std::string to_json(const heartbeat_health& health) {
  object_writer out;
  out.add("kind", to_string(health.kind));
  out.add("failures", health.failures);
  out.add("last_beat_ago_ms", health.last_beat_ago.count());
  out.add("round_trip_us", health.round_trip.count());
  return out.finish();
}

std::string to_json(const state_metrics& metrics) {
  object_writer out;
  out.add("state", to_string(metrics.state));
  out.add("epoch", metrics.epoch);
  out.add_json("heartbeat", to_json(metrics.heartbeat));
  out.add("heartbeat_active", metrics.heartbeat_active);
  out.add("subscribers", metrics.subscribers);
  out.add("channels", metrics.channels);
  out.add("pending_calls", metrics.pending_calls);
  out.add("queued", metrics.queued);
  out.add("outbound_bytes", metrics.outbound_bytes);
  out.add("waiting_requests", metrics.waiting_requests);
  out.add_json("call_latency", to_json(metrics.call_latency));
  out.add_json("heartbeat_latency", to_json(metrics.heartbeat_latency));
  return out.finish();
}

} // namespace zenws
