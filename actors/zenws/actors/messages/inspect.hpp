// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Serialization of the values of libzenws: each type's fields, in the order in
/// which they travel. Secrets are left out where an inspector writes logs.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/delivery/message_batch.hpp"
#include "zenws/delivery/subscription_options.hpp"
#include "zenws/events.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/json/redaction.hpp"
#include "zenws/session/deferred_sends.hpp"

#include <string>

namespace zenws {

namespace detail {

/// Header of a batch, sent before its bytes.
struct batch_header {
  uint64_t client_id = 0;
  uint64_t epoch = 0;
  int64_t received_at = 0; // nanoseconds since the Unix epoch

  uint64_t first_sequence = 0;

  uint64_t count = 0; // messages
  uint64_t span = 0;  // sequence numbers, up to that of the last message
  uint64_t bytes = 0; // that follow

  /// For each message its size and kind, and where it lies.
  std::string index{};
};

/// A batch as it travels: its header, and the memory that follows. Messages
/// that were received one after the other are written in one piece.
struct batch_parcel {
  batch_header header{};
  std::vector<std::string_view> runs{};
};

/// Describes a batch, which must outlive the result.
batch_parcel parcel_of(const message_batch& batch);

/// A batch whose bytes have not been read yet.
struct batch_draft {
  slab_ptr content{};
  std::vector<uint32_t> selection{};
};

/// Makes room for the batch that a header describes.
/// @returns `ec::invalid_data` for an impossible header.
result<batch_draft> draft_of(const batch_header& header);

/// The largest batch that is read from another node.
constexpr size_t max_batch_bytes = size_t{64} * 1024 * 1024;

template <class Inspector>
auto inspect(Inspector& f, batch_header& x) {
  return caf_compat::inspect_as(f, "batch", "client_id", x.client_id, "epoch",
                                x.epoch, "received_at", x.received_at,
                                "first_sequence", x.first_sequence, "count",
                                x.count, "span", x.span, "bytes", x.bytes,
                                "index", x.index);
}

} // namespace detail

template <class Inspector>
auto inspect(Inspector& f, header& x) {
  auto&& value = caf_compat::for_people(f, x.value, [](auto&) {
    return std::string{"[redacted]"};
  });
  return caf_compat::inspect_as(f, "header", "name", x.name, "value", value);
}

template <class Inspector>
auto inspect(Inspector& f, upgrade_refusal& x) {
  auto&& body = caf_compat::for_people(f, x.body,
                                       [](auto& text) { return redact(text); });
  return caf_compat::inspect_as(f, "upgrade_refusal", "status", x.status,
                                "reason", x.reason, "headers", x.headers,
                                "body", body, "received_at", x.received_at,
                                "sent_credentials", x.sent_credentials);
}

template <class Inspector>
auto inspect(Inspector& f, error& x) {
  auto refused = x.refusal != nullptr;
  auto refusal = refused ? *x.refusal : upgrade_refusal{};
  auto restore = [&]() -> caf::error {
    x.refusal = nullptr;
    if (refused)
      x.refusal = std::make_shared<upgrade_refusal>(std::move(refusal));
    return {};
  };
  return caf_compat::inspect_and_load(f, "zenws::error", restore, "code",
                                      x.code, "detail", x.detail, "close_code",
                                      x.close_code, "is_final", x.is_final,
                                      "refused", refused, "refusal", refusal);
}

template <class Inspector>
auto inspect(Inspector& f, client_event& x) {
  return caf_compat::inspect_as(
    f, "zenws::client_event", "kind", x.kind, "state", x.state, "client_id",
    x.client_id, "client", x.client, "epoch", x.epoch, "attempt", x.attempt,
    "retry_in", x.retry_in, "reason", x.reason, "dropped_messages",
    x.dropped_messages, "next_sequence", x.next_sequence, "detail", x.detail,
    "node", x.node);
}

namespace detail {

template <class Inspector>
caf::error save(Inspector& f, const message_batch& x) {
  auto parcel = parcel_of(x);
  if (auto failure = caf_compat::apply(f, parcel.header))
    return failure;
  for (auto run : parcel.runs)
    if (auto failure = caf_compat::save_bytes(f, run))
      return failure;
  return {};
}

template <class Inspector>
caf::error load(Inspector& f, message_batch& x) {
  batch_header header;
  if (auto failure = caf_compat::apply(f, header))
    return failure;
  auto draft = draft_of(header);
  if (!draft)
    return make_error(draft.error());
  x = {};
  if (!draft->content)
    return {};
  if (auto failure = caf_compat::load_bytes(f, draft->content->data(),
                                            header.bytes))
    return failure;
  x = message_batch{std::move(draft->content), nullptr,
                    std::move(draft->selection)};
  return {};
}

} // namespace detail

/// A header, then the bytes: written without a copy, and read into their final
/// place.
template <class Inspector>
auto inspect(Inspector& f, message_batch& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    auto size = x.size();
    return caf_compat::inspect_as(f, "zenws::message_batch", "size", size);
  } else if constexpr (caf_compat::is_saving<Inspector>) {
    return caf_compat::inspected(f, detail::save(f, x));
  } else {
    return caf_compat::inspected(f, detail::load(f, x));
  }
}

template <class Inspector>
auto inspect(Inspector& f, send_policy& x) {
  return caf_compat::inspect_as(f, "send_policy", "wait", x.wait);
}

template <class Inspector>
auto inspect(Inspector& f, channel_spec& x) {
  auto&& arguments = caf_compat::for_people(f, x.arguments, [](auto& text) {
    return redact(text);
  });
  return caf_compat::inspect_as(f, "channel_spec", "name", x.name, "arguments",
                                arguments, "access", x.access, "silent_after",
                                x.silent_after);
}

template <class Inspector>
auto inspect(Inspector& f, answer_part& x) {
  return caf_compat::inspect_as(f, "answer_part", "meaning", x.meaning, "code",
                                x.code, "message", x.message);
}

template <class Inspector>
auto inspect(Inspector& f, rpc_result& x) {
  auto&& json = caf_compat::for_people(f, x.json,
                                       [](auto& text) { return redact(text); });
  return caf_compat::inspect_as(f, "zenws::rpc_result", "json", json, "parts",
                                x.parts);
}

template <class Inspector>
auto inspect(Inspector& f, rpc_error& x) {
  auto&& data = caf_compat::for_people(f, x.data,
                                       [](auto& text) { return redact(text); });
  return caf_compat::inspect_as(f, "zenws::rpc_error", "code", x.code,
                                "message", x.message, "data", data, "parts",
                                x.parts);
}

/// Parameters may be secrets: they never show.
template <class Inspector>
auto inspect(Inspector& f, venue_call& x) {
  if constexpr (caf_compat::is_for_people<Inspector>)
    return caf_compat::inspect_as(f, "venue_call", "method", x.method);
  else
    return caf_compat::inspect_as(f, "venue_call", "method", x.method, "params",
                                  x.params);
}

template <class Inspector>
auto inspect(Inspector& f, subscription_options& x) {
  return caf_compat::inspect_as(f, "subscription_options", "policy", x.policy,
                                "content", x.content, "budget_bytes",
                                x.budget_bytes, "lifetime", x.lifetime);
}

template <class Inspector>
auto inspect(Inspector& f, tls_config& x) {
  return caf_compat::inspect_as(f, "tls_config", "ca_file", x.ca_file,
                                "cert_file", x.cert_file, "key_file",
                                x.key_file, "verify", x.verify);
}

template <class Inspector>
auto inspect(Inspector& f, compression_config& x) {
  return caf_compat::inspect_as(
    f, "compression_config", "offer", x.offer, "client_window_bits",
    x.client_window_bits, "server_window_bits", x.server_window_bits,
    "client_no_context_takeover", x.client_no_context_takeover,
    "server_no_context_takeover", x.server_no_context_takeover,
    "min_message_bytes", x.min_message_bytes);
}

template <class Inspector>
auto inspect(Inspector& f, proxy_config& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    std::string redacted = "[redacted]";
    return caf_compat::inspect_as(f, "proxy_config", "redacted", redacted);
  } else {
    return caf_compat::inspect_as(f, "proxy_config", "url", x.url, "user",
                                  x.user, "password", x.password, "variable",
                                  x.variable);
  }
}

template <class Inspector>
auto inspect(Inspector& f, backoff_config& x) {
  return caf_compat::inspect_as(f, "backoff_config", "min", x.min, "max", x.max,
                                "factor", x.factor, "jitter", x.jitter,
                                "stable_after", x.stable_after, "max_attempts",
                                x.max_attempts, "retry_after_ceiling",
                                x.retry_after_ceiling);
}

template <class Inspector>
auto inspect(Inspector& f, heartbeat_config& x) {
  return caf_compat::inspect_as(f, "heartbeat_config", "kind", x.kind,
                                "interval", x.interval, "max_missed",
                                x.max_missed);
}

template <class Inspector>
auto inspect(Inspector& f, venue_config& x) {
  return caf_compat::inspect_as(
    f, "venue_config", "dialect", x.dialect, "login", x.login, "on_login",
    x.on_login, "request_timeout", x.request_timeout, "idle_timeout",
    x.idle_timeout, "max_pending_calls", x.max_pending_calls, "max_channels",
    x.max_channels, "max_request_bytes", x.max_request_bytes,
    "max_channels_per_request", x.max_channels_per_request);
}

template <class Inspector>
auto inspect(Inspector& f, client_config& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    auto redacted = to_string(x);
    return caf_compat::inspect_as(f, "client_config", "redacted", redacted);
  } else {
    return caf_compat::inspect_as(
      f, "client_config", "url", x.url, "headers", x.headers, "subprotocols",
      x.subprotocols, "tls", x.tls, "compression", x.compression, "proxy",
      x.proxy, "handshake_timeout", x.handshake_timeout, "close_timeout",
      x.close_timeout, "max_message_bytes", x.max_message_bytes,
      "max_header_bytes", x.max_header_bytes, "max_outbound_bytes",
      x.max_outbound_bytes, "max_reading_pause", x.max_reading_pause, "backoff",
      x.backoff, "heartbeat", x.heartbeat, "venue", x.venue,
      "final_close_codes", x.final_close_codes);
  }
}

template <class Inspector>
auto inspect(Inspector& f, subscribe& x) {
  return caf_compat::inspect_as(f, "zenws::subscribe", "subscriber",
                                x.subscriber, "options", x.options);
}

template <class Inspector>
auto inspect(Inspector& f, client_spec& x) {
  auto pinned = x.loop.has_value();
  auto loop = x.loop.value_or(0);
  auto is_bound = static_cast<bool>(check_portable(x));
  auto restore = [&]() -> caf::error {
    // Without the rest it would be another client.
    if (is_bound)
      return make_error(error{ec::invalid_config,
                              "this client_spec cannot be sent to another "
                              "node"});
    if (pinned)
      x.loop = loop;
    return {};
  };
  return caf_compat::inspect_and_load(
    f, "client_spec", restore, "name", x.name, "tag", x.tag, "config", x.config,
    "subscribers", x.subscribers, "dial_actor", x.dial_actor,
    "credentials_actor", x.credentials_actor, "account", x.account, "is_bound",
    is_bound, "pinned", pinned, "loop", loop);
}

} // namespace zenws
