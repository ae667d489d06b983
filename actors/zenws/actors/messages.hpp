#pragma once

#include "zenws/actors/caf_seam.hpp"
#include "zenws/actors/client_spec.hpp"
#include "zenws/actors/inspect.hpp"
#include "zenws/events.hpp"
#include "zenws/heartbeat.hpp"
#include "zenws/json_rpc.hpp"
#include "zenws/message_batch.hpp"
#include "zenws/outbox.hpp"
#include "zenws/restart_intensity.hpp"
#include "zenws/subscription.hpp"
#include "zenws/subscription_options.hpp"

#include <caf/actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

// -- requests to a client ---------------------------------------------------------

/// Sends a text message. Answered when it has been written to the socket, or
/// with an error: `ec::not_connected`, `ec::rate_limited`, `ec::send_expired`,
/// `ec::outbound_full`, `ec::outbound_too_big`, `ec::invalid_message` (not
/// UTF-8), all of which mean that nothing was sent, or `ec::disconnected`: the
/// link broke before the write was done, the outcome is unknown.
struct send_text {
  std::string payload;
  send_policy policy{};
};

/// Sends a binary message; answered like `send_text`.
struct send_binary {
  std::string payload;
  send_policy policy{};
};

/// Sends a request in the manner of the client's dialect. Answered with the
/// result, or with an error: those of `send_text`, `ec::too_many_pending` and
/// `ec::not_supported`, which mean that nothing was sent; `ec::request_refused`
/// if the peer answered by an error, see `rpc_error_of`; `ec::disconnected` and
/// `ec::request_timeout`, which leave the outcome unknown. Nothing is ever sent
/// twice.
struct call {
  std::string method;

  /// JSON: an object or an array, or nothing.
  std::string params{};

  /// How long to wait for the answer once the request is sent.
  std::chrono::milliseconds answer_within = defaults::answer_within;

  send_policy policy{};
};

/// Subscribes an actor to channels of the venue: it receives the messages of
/// these channels only, across reconnects and restarts, until it unsubscribes
/// or terminates. A subscriber that is known keeps its options.
///
/// Answered with a `channel_report` once the venue has answered for all of the
/// channels; or with an error: `ec::not_supported`, `ec::too_many_channels`,
/// `ec::already_exists`, in which case nothing has changed.
struct subscribe_channels {
  std::vector<channel_spec> channels;
  caf::actor subscriber;
  subscription_options options{};
};

/// Gives channels up; those that the subscriber does not have are ignored. The
/// venue is told when the last subscriber leaves.
struct unsubscribe_channels {
  std::vector<std::string> channels;
  caf::actor subscriber;
};

/// What became of one channel.
struct channel_outcome {
  std::string channel;
  outcome_kind what = outcome_kind::granted;
  error reason{};
};

/// What became of the channels of one request.
struct channel_report {
  std::vector<channel_outcome> outcomes;

  bool all_granted() const noexcept {
    return std::all_of(outcomes.begin(), outcomes.end(),
                       [](auto& x) { return x.what == outcome_kind::granted; });
  }
};

/// Asks for a `client_status`.
struct get_status {};

/// Answered with the epoch once the client is ready, or with the error that
/// ended it. Any number of actors may wait.
struct await_ready {};

/// Closes the connection for good: after what was sent before, with a closing
/// handshake. Answered when it is done; the client ends normally and is not
/// restarted.
struct close_client {
  uint16_t code = 1000;
  std::string reason;
};

/// Answered with `ec::not_found` if there is no such subscriber.
struct unsubscribe {
  caf::actor subscriber;
};

/// Asks for a `heartbeat_health`.
struct get_heartbeat_health {};

/// How a client finds out whether its peer is alive, and what it found.
struct heartbeat_health {
  heartbeat_kind kind = heartbeat_kind::none;

  /// Heartbeats in a row that were missed.
  uint32_t failures = 0;

  /// Time since the last one; negative if there was none.
  std::chrono::milliseconds last_beat_ago{-1};

  /// Of the last ping that was answered, 0 if none was.
  std::chrono::microseconds round_trip{0};
};

/// How a client is doing.
struct client_status {
  uint64_t id = 0;
  std::string name;
  std::string url; // without secrets
  client_state state = client_state::disconnected;
  uint64_t epoch = 0;
  uint64_t attempts = 0;
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
};

/// A WebSocket client.
using client_actor
  = caf::typed_actor<seam::answers<send_text>, seam::answers<send_binary>,
                     seam::answers<get_status, client_status>,
                     seam::answers<await_ready, uint64_t>,
                     seam::answers<close_client>, seam::answers<subscribe>,
                     seam::answers<unsubscribe>,
                     seam::answers<call, rpc_result>,
                     seam::answers<subscribe_channels, channel_report>,
                     seam::answers<unsubscribe_channels>,
                     seam::answers<get_heartbeat_health, heartbeat_health>>;

// -- requests to a supervisor -------------------------------------------------------

/// Starts a client and answers with its address, which stays valid across
/// restarts. Does not wait for the connection, see `await_ready`. Errors:
/// `ec::invalid_config` (naming every problem), `ec::already_exists`,
/// `ec::child_limit`.
struct start_client {
  client_spec spec;
};

/// Closes a client and forgets it; answered when it is gone.
struct stop_client {
  std::string name;
};

/// Asks for a `client_list`.
struct list_clients {};

/// Asks for the supervision tree as text.
struct get_tree {};

/// What a supervisor does about a client.
enum class child_state : uint8_t { running, restarting, stopping, gave_up };

std::string_view to_string(child_state state) noexcept;

/// One client of a supervisor.
struct client_info {
  uint64_t id = 0;
  std::string name;
  std::string url; // without secrets
  child_state child = child_state::running;
  client_state state = client_state::disconnected;
  uint64_t epoch = 0;
  uint64_t messages = 0;
  uint64_t restarts = 0;           // since it was started
  uint32_t restarts_in_window = 0; // that count against the limit
  client_actor address;
};

struct client_list {
  std::vector<client_info> clients;
};

/// Plays a recording from its beginning; answered with a `replay_summary` when
/// all of it has been delivered, or with `ec::recording_failed`,
/// `ec::already_exists` if it is being played already.
struct start_replay {};

/// What was found in a recording.
struct replay_summary {
  uint64_t messages = 0; // received ones, delivered
  uint64_t events = 0;   // delivered
  uint64_t skipped = 0;  // sent messages, control frames, answers

  /// Lines that are no entries, and what is wrong with the first of them.
  uint64_t corrupt = 0;
  std::vector<std::string> problems;

  /// The last line of a file was cut off, as by a crash.
  bool torn = false;
};

/// Plays a recording to subscribers.
using replay_actor
  = caf::typed_actor<seam::answers<subscribe>, seam::answers<unsubscribe>,
                     seam::answers<start_replay, replay_summary>>;

/// Supervises clients.
using client_supervisor_actor
  = caf::typed_actor<seam::answers<start_client, client_actor>,
                     seam::answers<stop_client>,
                     seam::answers<list_clients, client_list>,
                     seam::answers<get_tree, std::string>>;

// -- what subscribers receive -----------------------------------------------------

/// An actor that may subscribe. Any dynamically typed actor may, too.
using subscriber_actor
  = caf::typed_actor<seam::takes<message_batch>, seam::takes<client_event>>;

// -- inspection -------------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, send_text& x) {
  return seam::inspect_as(f, "zenws::send_text", x.payload, x.policy);
}

template <class Inspector>
auto inspect(Inspector& f, send_binary& x) {
  return seam::inspect_as(f, "zenws::send_binary", x.payload, x.policy);
}

/// Parameters may be secrets: they never show.
template <class Inspector>
auto inspect(Inspector& f, call& x) {
  if constexpr (seam::is_for_people<Inspector>)
    return seam::inspect_as(f, "zenws::call", x.method);
  else
    return seam::inspect_as(f, "zenws::call", x.method, x.params,
                            x.answer_within, x.policy);
}

template <class Inspector>
auto inspect(Inspector& f, subscribe_channels& x) {
  return seam::inspect_as(f, "zenws::subscribe_channels", x.channels,
                          x.subscriber, x.options);
}

template <class Inspector>
auto inspect(Inspector& f, unsubscribe_channels& x) {
  return seam::inspect_as(f, "zenws::unsubscribe_channels", x.channels,
                          x.subscriber);
}

template <class Inspector>
auto inspect(Inspector& f, channel_outcome& x) {
  return seam::inspect_as(f, "channel_outcome", x.channel, x.what, x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, channel_report& x) {
  return seam::inspect_as(f, "zenws::channel_report", x.outcomes);
}

template <class Inspector>
auto inspect(Inspector& f, get_heartbeat_health&) {
  return seam::inspect_as(f, "zenws::get_heartbeat_health");
}

template <class Inspector>
auto inspect(Inspector& f, heartbeat_health& x) {
  return seam::inspect_as(f, "zenws::heartbeat_health", x.kind, x.failures,
                          x.last_beat_ago, x.round_trip);
}

template <class Inspector>
auto inspect(Inspector& f, get_status&) {
  return seam::inspect_as(f, "zenws::get_status");
}

template <class Inspector>
auto inspect(Inspector& f, await_ready&) {
  return seam::inspect_as(f, "zenws::await_ready");
}

template <class Inspector>
auto inspect(Inspector& f, close_client& x) {
  return seam::inspect_as(f, "zenws::close_client", x.code, x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, unsubscribe& x) {
  return seam::inspect_as(f, "zenws::unsubscribe", x.subscriber);
}

template <class Inspector>
auto inspect(Inspector& f, client_status& x) {
  return seam::inspect_as(f, "zenws::client_status", x.id, x.name, x.url,
                          x.state, x.epoch, x.attempts, x.connected_for,
                          x.round_trip, x.missed_heartbeats,
                          x.messages_received, x.messages_sent,
                          x.messages_dropped, x.sends_failed, x.outbound_bytes,
                          x.subscribers, x.channels, x.pending_calls, x.queued,
                          x.malformed, x.reading_paused, x.last_error);
}

template <class Inspector>
auto inspect(Inspector& f, start_client& x) {
  return seam::inspect_as(f, "zenws::start_client", x.spec);
}

template <class Inspector>
auto inspect(Inspector& f, stop_client& x) {
  return seam::inspect_as(f, "zenws::stop_client", x.name);
}

template <class Inspector>
auto inspect(Inspector& f, list_clients&) {
  return seam::inspect_as(f, "zenws::list_clients");
}

template <class Inspector>
auto inspect(Inspector& f, get_tree&) {
  return seam::inspect_as(f, "zenws::get_tree");
}

template <class Inspector>
auto inspect(Inspector& f, client_info& x) {
  return seam::inspect_as(f, "zenws::client_info", x.id, x.name, x.url, x.child,
                          x.state, x.epoch, x.messages, x.restarts,
                          x.restarts_in_window, x.address);
}

template <class Inspector>
auto inspect(Inspector& f, start_replay&) {
  return seam::inspect_as(f, "zenws::start_replay");
}

template <class Inspector>
auto inspect(Inspector& f, replay_summary& x) {
  return seam::inspect_as(f, "zenws::replay_summary", x.messages, x.events,
                          x.skipped, x.corrupt, x.problems, x.torn);
}

template <class Inspector>
auto inspect(Inspector& f, client_list& x) {
  return seam::inspect_as(f, "zenws::client_list", x.clients);
}

} // namespace zenws

// IDs are part of what nodes agree on: add at the end, never reorder.
CAF_BEGIN_TYPE_ID_BLOCK(zenws, 2400)

  CAF_ADD_TYPE_ID(zenws, (zenws::message_batch))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_event))
  CAF_ADD_TYPE_ID(zenws, (zenws::send_text))
  CAF_ADD_TYPE_ID(zenws, (zenws::send_binary))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_status))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_status))
  CAF_ADD_TYPE_ID(zenws, (zenws::await_ready))
  CAF_ADD_TYPE_ID(zenws, (zenws::close_client))
  CAF_ADD_TYPE_ID(zenws, (zenws::subscribe))
  CAF_ADD_TYPE_ID(zenws, (zenws::unsubscribe))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::start_client))
  CAF_ADD_TYPE_ID(zenws, (zenws::stop_client))
  CAF_ADD_TYPE_ID(zenws, (zenws::list_clients))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_list))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_tree))
  CAF_ADD_TYPE_ID(zenws, (zenws::client_supervisor_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::subscriber_actor))
  CAF_ADD_TYPE_ID(zenws, (zenws::call))
  CAF_ADD_TYPE_ID(zenws, (zenws::rpc_result))
  CAF_ADD_TYPE_ID(zenws, (zenws::rpc_error))
  CAF_ADD_TYPE_ID(zenws, (zenws::subscribe_channels))
  CAF_ADD_TYPE_ID(zenws, (zenws::unsubscribe_channels))
  CAF_ADD_TYPE_ID(zenws, (zenws::channel_report))
  CAF_ADD_TYPE_ID(zenws, (zenws::get_heartbeat_health))
  CAF_ADD_TYPE_ID(zenws, (zenws::heartbeat_health))
  CAF_ADD_TYPE_ID(zenws, (zenws::start_replay))
  CAF_ADD_TYPE_ID(zenws, (zenws::replay_summary))
  CAF_ADD_TYPE_ID(zenws, (zenws::replay_actor))

CAF_END_TYPE_ID_BLOCK(zenws)

namespace zenws {

/// Returns `ec::request_refused` with what the peer said, for `rpc_error_of`.
inline caf::error make_error(const rpc_error& what) {
  return seam::error_with(ec::request_refused, to_error(what).detail, what);
}

/// What the peer answered instead of a result, if `what` is the error of a
/// `call` that was refused.
inline std::optional<rpc_error> rpc_error_of(const caf::error& what) {
  return seam::value_of<rpc_error>(what);
}

} // namespace zenws
