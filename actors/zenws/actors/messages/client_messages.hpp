// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests to clients.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/actors/messages/client_status.hpp"
#include "zenws/actors/messages/market_messages.hpp"
#include "zenws/delivery/subscription_options.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/json/redaction.hpp"
#include "zenws/message.hpp"
#include "zenws/session/deferred_sends.hpp"
#include "zenws/subscription/subscription.hpp"

#include <caf/actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Sends a text message. Answered when it has been written to the socket, or
/// with an error: `ec::not_connected`, `ec::rate_limited`, `ec::send_expired`,
/// `ec::outbound_full`, `ec::outbound_too_big`, `ec::request_too_big`,
/// `ec::invalid_message` (not UTF-8, or with the id of a call under way), all
/// of which mean that nothing was sent, or `ec::disconnected`: the link broke
/// before the write was done, the outcome is unknown.
///
/// An answer to a text settles no `call`, whatever id the text has: it is data.
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
/// `ec::not_supported`, which mean that nothing was sent. The dialect decides
/// the meaning of an error of the venue (see `rpc_error_of` for its text):
/// `ec::request_refused` and `ec::try_later` mean that nothing happened,
/// `ec::partly_done` that part of it did; `ec::outcome_unknown`,
/// `ec::disconnected` and `ec::request_timeout` leave it open. Nothing is ever
/// sent twice.
struct call {
  std::string method;

  /// JSON: an object or an array, or nothing.
  std::string params{};

  /// Time to wait for the answer once the request is sent.
  std::chrono::milliseconds answer_within = defaults::answer_within;

  send_policy policy{};
};

/// Subscribes an actor to channels of the venue: it receives the messages of
/// these channels only, across reconnects and restarts, until it unsubscribes
/// or terminates. A subscriber that is known keeps its options. Without
/// channels it receives events, and messages once it has channels.
///
/// Answered with a `channel_report` once the venue has answered for all of the
/// channels; or with an error: `ec::not_supported`, `ec::too_many_channels`,
/// `ec::already_exists`, in which case nothing has changed, or
/// `ec::disconnected`: this incarnation of the client ended before the venue
/// had answered for all, and the next one goes on asking.
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

/// Makes the venue begin channels anew, for all their subscribers: after a gap,
/// for the snapshot that venues begin with. Answered at once; channels that are
/// not subscribed, or about to be, are ignored, and so are those whose renewal
/// is under way (`channel_status::is_renewing`): asking often does no harm.
struct renew_channels {
  std::vector<std::string> channels;
};

/// Outcome of a request for one channel.
struct channel_outcome {
  std::string channel;
  outcome_kind kind = outcome_kind::granted;
  error reason{};
};

/// Outcomes of the channels of one request.
struct channel_report {
  std::vector<channel_outcome> outcomes;

  bool all_granted() const noexcept {
    return std::all_of(outcomes.begin(), outcomes.end(),
                       [](auto& x) { return x.kind == outcome_kind::granted; });
  }
};

/// Answered with the epoch once the client is ready, or with the error that
/// ended it. Any number of actors may wait.
struct await_ready {};

/// Closes the connection for good: after all messages sent before, with a
/// closing handshake. Answered when it is done; the client ends normally and is
/// not restarted.
struct close_client {
  uint16_t code = 1000;
  std::string reason;

  /// Time for calls under way to be answered before the connection is
  /// closed; new ones are refused meanwhile. 0: their outcome is unknown.
  std::chrono::milliseconds drain{0};
};

/// Answered with `ec::not_found` if there is no such subscriber.
struct unsubscribe {
  caf::actor subscriber;
};

/// A WebSocket client.
using client_actor = caf::typed_actor<
  caf_compat::answers<send_text>, caf_compat::answers<send_binary>,
  caf_compat::answers<get_status, client_status>,
  caf_compat::answers<await_ready, uint64_t>, caf_compat::answers<close_client>,
  caf_compat::answers<subscribe>, caf_compat::answers<unsubscribe>,
  caf_compat::answers<call, rpc_result>,
  caf_compat::answers<subscribe_channels, channel_report>,
  caf_compat::answers<unsubscribe_channels>,
  caf_compat::answers<renew_channels>,
  caf_compat::answers<subscribe_market, market_report>,
  caf_compat::answers<unsubscribe_market>, caf_compat::answers<renew_market>,
  caf_compat::answers<get_books, book_report>,
  caf_compat::answers<get_heartbeat_health, heartbeat_health>,
  caf_compat::answers<get_state_metrics, state_metrics>>;

// -- inspection -------------------------------------------------------------------

namespace detail {

/// Describes a message for people: text without its secrets, and of anything
/// else, where none can be found, the size.
inline std::string shown(std::string_view payload, message_kind kind) {
  return kind == message_kind::text ? redact(payload)
                                    : std::to_string(payload.size()) + " bytes";
}

} // namespace detail

template <class Inspector>
auto inspect(Inspector& f, send_text& x) {
  auto&& payload = caf_compat::for_people(f, x.payload, [](auto& text) {
    return detail::shown(text, message_kind::text);
  });
  return caf_compat::inspect_as(f, "zenws::send_text", "payload", payload,
                                "policy", x.policy);
}

template <class Inspector>
auto inspect(Inspector& f, send_binary& x) {
  auto&& payload = caf_compat::for_people(f, x.payload, [](auto& bytes) {
    return detail::shown(bytes, message_kind::binary);
  });
  return caf_compat::inspect_as(f, "zenws::send_binary", "payload", payload,
                                "policy", x.policy);
}

/// Parameters may be secrets: they never show.
template <class Inspector>
auto inspect(Inspector& f, call& x) {
  if constexpr (caf_compat::is_for_people<Inspector>)
    return caf_compat::inspect_as(f, "zenws::call", "method", x.method);
  else
    return caf_compat::inspect_as(f, "zenws::call", "method", x.method,
                                  "params", x.params, "answer_within",
                                  x.answer_within, "policy", x.policy);
}

template <class Inspector>
auto inspect(Inspector& f, subscribe_channels& x) {
  return caf_compat::inspect_as(f, "zenws::subscribe_channels", "channels",
                                x.channels, "subscriber", x.subscriber,
                                "options", x.options);
}

template <class Inspector>
auto inspect(Inspector& f, unsubscribe_channels& x) {
  return caf_compat::inspect_as(f, "zenws::unsubscribe_channels", "channels",
                                x.channels, "subscriber", x.subscriber);
}

template <class Inspector>
auto inspect(Inspector& f, renew_channels& x) {
  return caf_compat::inspect_as(f, "zenws::renew_channels", "channels",
                                x.channels);
}

template <class Inspector>
auto inspect(Inspector& f, channel_outcome& x) {
  return caf_compat::inspect_as(f, "channel_outcome", "channel", x.channel,
                                "kind", x.kind, "reason", x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, channel_report& x) {
  return caf_compat::inspect_as(f, "zenws::channel_report", "outcomes",
                                x.outcomes);
}

template <class Inspector>
auto inspect(Inspector& f, await_ready&) {
  return caf_compat::inspect_as(f, "zenws::await_ready");
}

template <class Inspector>
auto inspect(Inspector& f, close_client& x) {
  return caf_compat::inspect_as(f, "zenws::close_client", "code", x.code,
                                "reason", x.reason, "drain", x.drain);
}

template <class Inspector>
auto inspect(Inspector& f, unsubscribe& x) {
  return caf_compat::inspect_as(f, "zenws::unsubscribe", "subscriber",
                                x.subscriber);
}

} // namespace zenws
