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
  return caf_compat::inspect_as(f, "batch", x.client_id, x.epoch, x.received_at,
                                x.first_sequence, x.count, x.span, x.bytes,
                                x.index);
}

} // namespace detail

template <class Inspector>
auto inspect(Inspector& f, header& x) {
  auto&& value = caf_compat::for_people(f, x.value, [](auto&) {
    return std::string{"[redacted]"};
  });
  return caf_compat::inspect_as(f, "header", x.name, value);
}

template <class Inspector>
auto inspect(Inspector& f, upgrade_refusal& x) {
  auto&& body = caf_compat::for_people(f, x.body,
                                       [](auto& text) { return redact(text); });
  return caf_compat::inspect_as(f, "upgrade_refusal", x.status, x.reason,
                                x.headers, body, x.received_at,
                                x.sent_credentials);
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
  return caf_compat::inspect_and_load(f, "zenws::error", restore, x.code,
                                      x.detail, x.close_code, x.is_final,
                                      refused, refusal);
}

template <class Inspector>
auto inspect(Inspector& f, client_event& x) {
  return caf_compat::inspect_as(f, "zenws::client_event", x.kind, x.state,
                                x.client_id, x.client, x.epoch, x.attempt,
                                x.retry_in, x.reason, x.dropped_messages,
                                x.next_sequence, x.detail, x.node);
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
    return caf_compat::inspect_as(f, "zenws::message_batch", size);
  } else if constexpr (caf_compat::is_saving<Inspector>) {
    return caf_compat::inspected(f, detail::save(f, x));
  } else {
    return caf_compat::inspected(f, detail::load(f, x));
  }
}

template <class Inspector>
auto inspect(Inspector& f, send_policy& x) {
  return caf_compat::inspect_as(f, "send_policy", x.wait);
}

template <class Inspector>
auto inspect(Inspector& f, channel_spec& x) {
  auto&& arguments = caf_compat::for_people(f, x.arguments, [](auto& text) {
    return redact(text);
  });
  return caf_compat::inspect_as(f, "channel_spec", x.name, arguments, x.access,
                                x.silent_after);
}

template <class Inspector>
auto inspect(Inspector& f, answer_part& x) {
  return caf_compat::inspect_as(f, "answer_part", x.meaning, x.code, x.message);
}

template <class Inspector>
auto inspect(Inspector& f, rpc_result& x) {
  auto&& json = caf_compat::for_people(f, x.json,
                                       [](auto& text) { return redact(text); });
  return caf_compat::inspect_as(f, "zenws::rpc_result", json, x.parts);
}

template <class Inspector>
auto inspect(Inspector& f, rpc_error& x) {
  auto&& data = caf_compat::for_people(f, x.data,
                                       [](auto& text) { return redact(text); });
  return caf_compat::inspect_as(f, "zenws::rpc_error", x.code, x.message, data,
                                x.parts);
}

/// Parameters may be secrets: they never show.
template <class Inspector>
auto inspect(Inspector& f, venue_call& x) {
  if constexpr (caf_compat::is_for_people<Inspector>)
    return caf_compat::inspect_as(f, "venue_call", x.method);
  else
    return caf_compat::inspect_as(f, "venue_call", x.method, x.params);
}

template <class Inspector>
auto inspect(Inspector& f, subscription_options& x) {
  return caf_compat::inspect_as(f, "subscription_options", x.policy, x.content,
                                x.budget_bytes, x.lifetime);
}

template <class Inspector>
auto inspect(Inspector& f, tls_config& x) {
  return caf_compat::inspect_as(f, "tls_config", x.ca_file, x.cert_file,
                                x.key_file, x.verify);
}

template <class Inspector>
auto inspect(Inspector& f, compression_config& x) {
  return caf_compat::inspect_as(f, "compression_config", x.offer,
                                x.client_window_bits, x.server_window_bits,
                                x.client_no_context_takeover,
                                x.server_no_context_takeover,
                                x.min_message_bytes);
}

template <class Inspector>
auto inspect(Inspector& f, proxy_config& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    std::string redacted = "[redacted]";
    return caf_compat::inspect_as(f, "proxy_config", redacted);
  } else {
    return caf_compat::inspect_as(f, "proxy_config", x.url, x.user, x.password,
                                  x.variable);
  }
}

template <class Inspector>
auto inspect(Inspector& f, backoff_config& x) {
  return caf_compat::inspect_as(f, "backoff_config", x.min, x.max, x.factor,
                                x.jitter, x.stable_after, x.max_attempts,
                                x.retry_after_ceiling);
}

template <class Inspector>
auto inspect(Inspector& f, heartbeat_config& x) {
  return caf_compat::inspect_as(f, "heartbeat_config", x.kind, x.interval,
                                x.max_missed);
}

template <class Inspector>
auto inspect(Inspector& f, venue_config& x) {
  return caf_compat::inspect_as(f, "venue_config", x.dialect, x.login,
                                x.on_login, x.request_timeout, x.idle_timeout,
                                x.max_pending_calls, x.max_channels,
                                x.max_request_bytes,
                                x.max_channels_per_request);
}

template <class Inspector>
auto inspect(Inspector& f, client_config& x) {
  if constexpr (caf_compat::is_for_people<Inspector>) {
    auto redacted = to_string(x);
    return caf_compat::inspect_as(f, "client_config", redacted);
  } else {
    return caf_compat::inspect_as(f, "client_config", x.url, x.headers,
                                  x.subprotocols, x.tls, x.compression, x.proxy,
                                  x.handshake_timeout, x.close_timeout,
                                  x.max_message_bytes, x.max_header_bytes,
                                  x.max_outbound_bytes, x.max_reading_pause,
                                  x.backoff, x.heartbeat, x.venue,
                                  x.final_close_codes);
  }
}

template <class Inspector>
auto inspect(Inspector& f, subscribe& x) {
  return caf_compat::inspect_as(f, "zenws::subscribe", x.subscriber, x.options);
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
  return caf_compat::inspect_and_load(f, "client_spec", restore, x.name, x.tag,
                                      x.config, x.subscribers, x.dial_actor,
                                      x.credentials_actor, x.account, is_bound,
                                      pinned, loop);
}

} // namespace zenws
