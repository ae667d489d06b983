// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests to pools.

#include "zenws/actors/messages/client_messages.hpp"
#include "zenws/actors/messages/market_messages.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// Action after a request whose outcome is unknown.
enum class if_unknown : uint8_t {
  /// Tell the sender. Right for orders.
  fail,
  /// Send it again, through another member. For requests that may be done
  /// twice.
  repeat,
};

/// Sends a message through the best member; answered like `send_text`. Another
/// member is tried if the message certainly did not reach the peer, or if the
/// sender allows to repeat it.
struct send_balanced {
  std::string payload;
  message_kind kind = message_kind::text;
  send_policy policy{};
  if_unknown on_unknown = if_unknown::fail;
};

/// Calls through the best member; answered like `call`. Otherwise as
/// `send_balanced`.
struct call_balanced {
  call request;
  if_unknown on_unknown = if_unknown::fail;
};

/// Asks for a `pool_health`.
struct get_pool_health {};

struct member_info {
  std::string name;
  client_state state = client_state::disconnected;
  uint8_t health = 0; // 0 to 100, see `member_health`
  uint32_t pending = 0;
  uint32_t errors = 0;
  std::chrono::microseconds latency{0};
  uint32_t channels = 0; // and instruments with market data
};

struct pool_health {
  std::vector<member_info> members;
  uint64_t requests = 0;   // so far
  uint64_t failovers = 0;  // requests that went to a further member
  uint64_t moved = 0;      // channels and instruments that changed their member
  uint32_t unassigned = 0; // those that no member has room for
};

/// A pool takes `subscribe_channels`, `subscribe_market` and the messages that
/// belong to them as a client does, and spreads channels and instruments over
/// its members.
///
/// An instrument that goes to another member begins anew there: its subscribers
/// receive a `market_batch` of no client (`client_id` 0) with `book_lost` and a
/// `trade_gap` without numbers, since trades may have been missed.
using pool_actor
  = caf::typed_actor<caf_compat::answers<send_balanced>,
                     caf_compat::answers<call_balanced, rpc_result>,
                     caf_compat::answers<subscribe_channels, channel_report>,
                     caf_compat::answers<unsubscribe_channels>,
                     caf_compat::answers<subscribe_market, market_report>,
                     caf_compat::answers<unsubscribe_market>,
                     caf_compat::answers<renew_market>,
                     caf_compat::answers<get_pool_health, pool_health>>;

// -- inspection -------------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, send_balanced& x) {
  auto&& payload = caf_compat::for_people(f, x.payload, [&](auto& bytes) {
    return detail::shown(bytes, x.kind);
  });
  return caf_compat::inspect_as(f, "zenws::send_balanced", "payload", payload,
                                "kind", x.kind, "policy", x.policy,
                                "on_unknown", x.on_unknown);
}

template <class Inspector>
auto inspect(Inspector& f, call_balanced& x) {
  return caf_compat::inspect_as(f, "zenws::call_balanced", "request", x.request,
                                "on_unknown", x.on_unknown);
}

template <class Inspector>
auto inspect(Inspector& f, get_pool_health&) {
  return caf_compat::inspect_as(f, "zenws::get_pool_health");
}

template <class Inspector>
auto inspect(Inspector& f, member_info& x) {
  return caf_compat::inspect_as(f, "zenws::member_info", "name", x.name,
                                "state", x.state, "health", x.health, "pending",
                                x.pending, "errors", x.errors, "latency",
                                x.latency, "channels", x.channels);
}

template <class Inspector>
auto inspect(Inspector& f, pool_health& x) {
  return caf_compat::inspect_as(f, "zenws::pool_health", "members", x.members,
                                "requests", x.requests, "failovers",
                                x.failovers, "moved", x.moved, "unassigned",
                                x.unassigned);
}

} // namespace zenws
