// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace zenws {

/// State of a client.
enum class client_state : uint8_t {
  /// Not started yet.
  disconnected,
  /// Looks up the host; also the first moment of every attempt.
  resolving,
  /// Opens a TCP connection.
  connecting,
  /// TLS handshake and HTTP upgrade.
  upgrading,
  /// Logs in.
  authenticating,
  /// Requests the channels of an earlier connection. Messages and calls of
  /// users are sent already.
  restoring,
  /// Sends and receives: login and restore are complete.
  ready,
  /// Waits for the peer's Close frame after its own.
  closing,
  /// Waits for the time of the next attempt.
  backing_off,
  /// An incarnation has ended; `event_kind::ended` follows if there is no
  /// other.
  stopped,
};

/// Returns the name of the enumerator.
std::string_view to_string(client_state state) noexcept;

/// Kind of a `client_event`.
enum class event_kind : uint8_t {
  /// The client entered `client_event::state`.
  state_changed,
  /// A subscriber was too slow: `dropped_messages` are gone, the next message
  /// has `next_sequence`. Or the venue's own numbers show that some were lost
  /// on
  /// their way, nobody knows how many (0).
  messages_dropped,
  /// A subscriber was too slow and is none any more.
  subscriber_removed,
  /// The venue does not restore a channel (`detail`) that it had granted: the
  /// subscriber does not have it any more.
  channel_revoked,
  /// The client does not verify its server (`insecure_skip_verify`).
  insecure_tls,
  /// The supervisor is about to start a new incarnation: the client is
  /// `backing_off`.
  restarting,
  /// The supervisor starts a new incarnation: the client is `disconnected`.
  restarted,
  /// The supervisor does not restart this client by itself any more.
  gave_up,
  /// The recorder cannot write for now (`reason`); it tries again, and records
  /// the number of entries that are missing.
  recorder_failed,
  /// A recording that is played again ends here.
  replay_ended,
  /// A new connection, of the next epoch, has taken over from one that was
  /// about to end; the client was `ready` all along. Messages may repeat, but
  /// none is missing.
  connection_replaced,
  /// The venue ended a channel (`detail`) that it had granted (`reason`); the
  /// client asks for it again.
  channel_lost,
  /// A channel (`detail`) that was lost is granted again.
  channel_restored,
  /// A channel (`detail`) brought nothing for longer than it may.
  channel_silent,
  /// The venue has not granted channels yet: it does not answer, or not now
  /// (`reason`, `detail`). The client asks again.
  channels_delayed,
  /// The connection is not read for now, for a subscriber (`detail`) that is
  /// too slow.
  reading_paused,
  /// The connection is read again.
  reading_resumed,
  /// The venue does not extend the login, for now; the client asks again.
  login_delayed,
  /// The connection is to be replaced, but the next one cannot be had for now
  /// (`reason`); the client tries again after `retry_in`.
  replacement_delayed,
  /// The venue sent an event (`detail`) that this version of zenws does not
  /// know; published once for each kind.
  venue_notice,
  /// The client has ended for good (`reason`): the last event of any kind of
  /// client. Only a request to its supervisor (`restart_client`,
  /// `restart_child`) starts a client again that was given up; `restarted`
  /// follows.
  ended,
};

/// Returns the name of the enumerator.
std::string_view to_string(event_kind kind) noexcept;

/// An event of a client, delivered to its subscribers in order with the data.
struct client_event {
  event_kind kind = event_kind::state_changed;

  /// State of the client when, and if `state_changed` because, it happened.
  client_state state = client_state::disconnected;

  uint64_t client_id = 0;

  /// Name of the client.
  std::string client{};

  /// Successful connections so far, over all incarnations; distinguishes data
  /// from before and after a gap.
  uint64_t epoch = 0;

  /// Number of the current attempt, or of the next one in `backing_off`,
  /// counted from the last stable connection.
  uint64_t attempt = 0;

  /// Time until the next attempt in `backing_off`, or until the next
  /// incarnation if `restarting`.
  std::chrono::milliseconds retry_in{0};

  /// Reason, or `ec::none` if there is no error.
  error reason{};

  /// Messages that the subscriber lost since the last such event.
  uint64_t dropped_messages = 0;

  /// Sequence number of the first message after the loss.
  uint64_t next_sequence = 0;

  /// Further details for people; may be empty.
  std::string detail{};

  /// Name of the gateway for events of other nodes; empty for this node.
  std::string node{};
};

/// Returns one plain English sentence for people, without secrets.
std::string describe(const client_event& event);

} // namespace zenws
