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

std::string to_json(const latency_summary& what) {
  object_writer out;
  out.add("count", what.count);
  out.add("p50_us", what.p50.count());
  out.add("p90_us", what.p90.count());
  out.add("p99_us", what.p99.count());
  out.add("p999_us", what.p999.count());
  out.add("max_us", what.max.count());
  return out.finish();
}

std::string to_json(const channel_status& what) {
  object_writer out;
  out.add("name", what.name);
  out.add("state", to_string(what.state));
  out.add("is_renewing", what.is_renewing);
  out.add("last_message_ago_ms", what.last_message_ago.count());
  return out.finish();
}

} // namespace

std::string describe(const client_status& what) {
  auto result = printable(what.name) + " (";
  result += to_string(what.state);
  auto add = [&](const char* name, uint64_t value) {
    result += std::string{", "} + name + ' ' + std::to_string(value);
  };
  add("epoch", what.epoch);
  if (what.state == client_state::ready)
    result += ", up " + std::to_string(what.connected_for.count() / 1000)
              + " s";
  add("received", what.messages_received);
  add("sent", what.messages_sent);
  add("dropped", what.messages_dropped);
  add("failed", what.sends_failed);
  add("subscribers", what.subscribers);
  add("channels", what.channels);
  if (what.pending_calls > 0)
    add("pending", what.pending_calls);
  if (what.queued > 0)
    add("queued", what.queued);
  if (what.reading_paused)
    result += ", reading paused";
  if (what.last_error)
    result += ", last error " + to_string(what.last_error);
  return result + ')';
}

std::string to_json(const client_status& what) {
  object_writer out;
  out.add("id", what.id);
  out.add("name", what.name);
  out.add("url", what.url);
  out.add("state", to_string(what.state));
  out.add("epoch", what.epoch);
  out.add("attempts", what.attempts);
  out.add("connected_for_ms", what.connected_for.count());
  out.add("round_trip_us", what.round_trip.count());
  out.add("missed_heartbeats", what.missed_heartbeats);
  out.add("messages_received", what.messages_received);
  out.add("messages_sent", what.messages_sent);
  out.add("messages_dropped", what.messages_dropped);
  out.add("sends_failed", what.sends_failed);
  out.add("outbound_bytes", what.outbound_bytes);
  out.add("subscribers", what.subscribers);
  out.add("channels", what.channels);
  out.add("pending_calls", what.pending_calls);
  out.add("queued", what.queued);
  out.add("malformed", what.malformed);
  out.add("reading_paused", what.reading_paused);
  out.add("last_error", what.last_error ? to_string(what.last_error) : "");
  std::string channels;
  for (auto& x : what.channel_states)
    channels += (channels.empty() ? "" : ",") + to_json(x);
  out.add_json("channel_states", '[' + channels + ']');
  return out.finish();
}

std::string to_json(const heartbeat_health& what) {
  object_writer out;
  out.add("kind", to_string(what.kind));
  out.add("failures", what.failures);
  out.add("last_beat_ago_ms", what.last_beat_ago.count());
  out.add("round_trip_us", what.round_trip.count());
  return out.finish();
}

std::string to_json(const state_metrics& what) {
  object_writer out;
  out.add("state", to_string(what.state));
  out.add("epoch", what.epoch);
  out.add_json("heartbeat", to_json(what.heartbeat));
  out.add("heartbeat_active", what.heartbeat_active);
  out.add("subscribers", what.subscribers);
  out.add("channels", what.channels);
  out.add("pending_calls", what.pending_calls);
  out.add("queued", what.queued);
  out.add("outbound_bytes", what.outbound_bytes);
  out.add("waiting_requests", what.waiting_requests);
  out.add_json("call_latency", to_json(what.call_latency));
  out.add_json("heartbeat_latency", to_json(what.heartbeat_latency));
  return out.finish();
}

} // namespace zenws
