// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Messages between gateways and other nodes, beyond the messages of
/// clients and supervisors.
///
///     node                                      gateway
///     gateway_connector   -- join_gateway -->        gateway
///                    -- node_heartbeat -->           node_relay, one for each
///                    node
///     remote_client  -- open_stream, … -->      node_relay
///                    <-- stream_transfer, client_event --
///                    -- grant_credit -->
///     remote_desk    -- open_desk -->           node_relay
///                    <-- order_event, … --      desk_relay, one for each desk
///                    -- grant_desk_credit -->   of a node
///                    -- place_order, … -->      order desk

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/messages/messages.hpp"

#include <caf/actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// Version of this protocol. Nodes of different versions refuse each other.
constexpr uint32_t node_protocol = 3;

// -- streams ------------------------------------------------------------------

/// Flow-control options of one stream.
struct stream_options {
  /// Action of the gateway when the node does not keep up: `drop_newest`, or
  /// `backpressure` where the gateway allows that.
  overflow_policy policy = overflow_policy::drop_newest;

  /// Bytes in flight without an acknowledgment.
  size_t window_bytes = 4 * 1024 * 1024;

  /// Bytes that may wait at the gateway before the policy applies.
  size_t budget_bytes = 4 * 1024 * 1024;
};

/// Returns the bytes that a batch takes of a stream's window. Both ends use
/// this function.
size_t transfer_cost(const message_batch& batch) noexcept;

size_t transfer_cost(const market_batch& batch) noexcept;

/// Messages of a client that a node receives.
enum class stream_interest : uint8_t {
  /// Events, and messages of channels that are added to the stream.
  channels,
  /// All messages and events.
  everything,
};

/// Delivers a client's messages and events to `receiver`. Errors:
/// `ec::not_found`, `ec::invalid_config`.
struct open_stream {
  std::string client;
  caf::actor receiver;
  stream_interest interest = stream_interest::channels;
  stream_options options{};
};

/// Starts a client and delivers its messages and events, from the first on, to
/// `receiver`. Errors: those of `start_client`.
struct start_stream {
  client_spec spec;
  caf::actor receiver;
  stream_interest interest = stream_interest::channels;
  stream_options options{};
};

struct opened_stream {
  uint64_t stream = 0;
  client_actor client;
  std::string dialect;
};

/// Requests all messages of the client from now on.
struct widen_stream {
  uint64_t stream = 0;
};

/// Adds channels to a stream; answered as `subscribe_channels`.
struct add_stream_channels {
  uint64_t stream = 0;
  std::vector<channel_spec> channels;
};

/// Takes channels from a stream.
struct remove_stream_channels {
  uint64_t stream = 0;
  std::vector<std::string> channels;
};

/// Adds market data to a stream; answered as `subscribe_market`. Data that the
/// stream has already is told once more, as far as it is known.
struct add_stream_market {
  uint64_t stream = 0;
  std::vector<std::string> instruments;
  market::data_kinds kinds;
  uint32_t depth = 0;
  market_pace pace = market_pace::usual;
};

/// Takes market data from a stream.
struct remove_stream_market {
  uint64_t stream = 0;
  std::vector<std::string> instruments;
  market::data_kinds kinds;
};

struct close_stream {
  uint64_t stream = 0;
};

/// Batches of a stream, several at once if the node is behind. Messages are in
/// their order, and so is market data.
struct stream_transfer {
  std::vector<message_batch> batches;
  std::vector<market_batch> market{};
};

/// Notifies a receiver, in order with the batches, that market data was left
/// out since the node did not keep up.
struct stream_market_dropped {
  uint64_t updates = 0;
};

/// Gives back a part of the window.
struct grant_credit {
  uint64_t stream = 0;
  uint64_t bytes = 0;
};

/// Notifies a receiver that its stream has ended: the node did not keep up with
/// the events, or the gateway ends.
struct stream_ended {
  error reason;
};

// -- desks --------------------------------------------------------------------

/// Delivers the news of a desk to `receiver`, as far as it gives credit: the
/// messages of a `desk_watcher`, beginning as for `watch_desk`, then what
/// became of the orders in question, and `desk_told`. Errors: `ec::not_found`,
/// `ec::invalid_config`.
struct open_desk {
  std::string desk;
  caf::actor receiver;

  /// Orders that the node holds for open, and the newest that it knows, as in
  /// `find_orders`.
  std::vector<trading::client_order_id> open{};
  trading::client_order_id last{};
};

struct opened_desk {
  /// Takes `grant_desk_credit`.
  caf::actor stream;

  order_desk_actor desk;
};

/// Notifies a receiver that it has been told how things stand: the desk does
/// not know any other order of those in question.
struct desk_told {};

/// Lets so many more news be on their way.
struct grant_desk_credit {
  uint64_t news = 0;
};

// -- nodes --------------------------------------------------------------------

/// Heartbeat request between node and relay.
struct node_heartbeat {};

/// Serves one node.
using node_relay_actor = caf::typed_actor<
  caf_compat::answers<open_stream, opened_stream>,
  caf_compat::answers<start_stream, opened_stream>,
  caf_compat::takes<widen_stream>,
  caf_compat::answers<add_stream_channels, channel_report>,
  caf_compat::takes<remove_stream_channels>,
  caf_compat::answers<add_stream_market, market_report>,
  caf_compat::takes<remove_stream_market>, caf_compat::takes<close_stream>,
  caf_compat::takes<grant_credit>, caf_compat::answers<node_heartbeat>,
  caf_compat::answers<open_desk, opened_desk>>;

/// Makes a node known to a gateway.
struct join_gateway {
  uint32_t protocol = node_protocol;

  /// For people.
  std::string node;

  /// The actor that is monitored for the end of the node. Receives, if
  /// `events`, the `client_event`s and `supervision_event`s of the gateway.
  caf::actor connector;

  bool events = false;
};

struct gateway_session {
  /// For people.
  std::string gateway;

  node_relay_actor relay;

  /// Silence after which either side counts as lost.
  std::chrono::milliseconds silence_limit{0};
};

/// Interface of a gateway: that of its supervisor, and `join_gateway`.
using gateway_actor = client_supervisor_actor::extend<
  caf_compat::answers<join_gateway, gateway_session>>;

/// Asks for the address of a client of the gateway, see `connect_gateway`.
struct get_client {
  std::string name;
};

/// Asks for the address of a desk of the gateway. Errors: `ec::not_found`,
/// `ec::not_connected`.
struct get_desk {
  std::string name;
};

/// Interface of a gateway on its nodes.
using remote_gateway_actor = client_supervisor_actor::extend<
  caf_compat::answers<get_client, client_actor>,
  caf_compat::answers<get_desk, order_desk_actor>>;

// -- inspection -----------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, stream_options& x) {
  return caf_compat::inspect_as(f, "stream_options", "policy", x.policy,
                                "window_bytes", x.window_bytes, "budget_bytes",
                                x.budget_bytes);
}

template <class Inspector>
auto inspect(Inspector& f, open_stream& x) {
  return caf_compat::inspect_as(f, "zenws::open_stream", "client", x.client,
                                "receiver", x.receiver, "interest", x.interest,
                                "options", x.options);
}

template <class Inspector>
auto inspect(Inspector& f, start_stream& x) {
  return caf_compat::inspect_as(f, "zenws::start_stream", "spec", x.spec,
                                "receiver", x.receiver, "interest", x.interest,
                                "options", x.options);
}

template <class Inspector>
auto inspect(Inspector& f, opened_stream& x) {
  return caf_compat::inspect_as(f, "zenws::opened_stream", "stream", x.stream,
                                "client", x.client, "dialect", x.dialect);
}

template <class Inspector>
auto inspect(Inspector& f, widen_stream& x) {
  return caf_compat::inspect_as(f, "zenws::widen_stream", "stream", x.stream);
}

template <class Inspector>
auto inspect(Inspector& f, add_stream_channels& x) {
  return caf_compat::inspect_as(f, "zenws::add_stream_channels", "stream",
                                x.stream, "channels", x.channels);
}

template <class Inspector>
auto inspect(Inspector& f, remove_stream_channels& x) {
  return caf_compat::inspect_as(f, "zenws::remove_stream_channels", "stream",
                                x.stream, "channels", x.channels);
}

template <class Inspector>
auto inspect(Inspector& f, add_stream_market& x) {
  return caf_compat::inspect_as(f, "zenws::add_stream_market", "stream",
                                x.stream, "instruments", x.instruments, "kinds",
                                x.kinds, "depth", x.depth, "pace", x.pace);
}

template <class Inspector>
auto inspect(Inspector& f, remove_stream_market& x) {
  return caf_compat::inspect_as(f, "zenws::remove_stream_market", "stream",
                                x.stream, "instruments", x.instruments, "kinds",
                                x.kinds);
}

template <class Inspector>
auto inspect(Inspector& f, close_stream& x) {
  return caf_compat::inspect_as(f, "zenws::close_stream", "stream", x.stream);
}

template <class Inspector>
auto inspect(Inspector& f, stream_transfer& x) {
  return caf_compat::inspect_as(f, "zenws::stream_transfer", "batches",
                                x.batches, "market", x.market);
}

template <class Inspector>
auto inspect(Inspector& f, stream_market_dropped& x) {
  return caf_compat::inspect_as(f, "zenws::stream_market_dropped", "updates",
                                x.updates);
}

template <class Inspector>
auto inspect(Inspector& f, grant_credit& x) {
  return caf_compat::inspect_as(f, "zenws::grant_credit", "stream", x.stream,
                                "bytes", x.bytes);
}

template <class Inspector>
auto inspect(Inspector& f, stream_ended& x) {
  return caf_compat::inspect_as(f, "zenws::stream_ended", "reason", x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, node_heartbeat&) {
  return caf_compat::inspect_as(f, "zenws::node_heartbeat");
}

template <class Inspector>
auto inspect(Inspector& f, join_gateway& x) {
  return caf_compat::inspect_as(f, "zenws::join_gateway", "protocol",
                                x.protocol, "node", x.node, "connector",
                                x.connector, "events", x.events);
}

template <class Inspector>
auto inspect(Inspector& f, gateway_session& x) {
  return caf_compat::inspect_as(f, "zenws::gateway_session", "gateway",
                                x.gateway, "relay", x.relay, "silence_limit",
                                x.silence_limit);
}

template <class Inspector>
auto inspect(Inspector& f, get_client& x) {
  return caf_compat::inspect_as(f, "zenws::get_client", "name", x.name);
}

template <class Inspector>
auto inspect(Inspector& f, open_desk& x) {
  return caf_compat::inspect_as(f, "zenws::open_desk", "desk", x.desk,
                                "receiver", x.receiver, "open", x.open, "last",
                                x.last);
}

template <class Inspector>
auto inspect(Inspector& f, opened_desk& x) {
  return caf_compat::inspect_as(f, "zenws::opened_desk", "stream", x.stream,
                                "desk", x.desk);
}

template <class Inspector>
auto inspect(Inspector& f, desk_told&) {
  return caf_compat::inspect_as(f, "zenws::desk_told");
}

template <class Inspector>
auto inspect(Inspector& f, grant_desk_credit& x) {
  return caf_compat::inspect_as(f, "zenws::grant_desk_credit", "news", x.news);
}

template <class Inspector>
auto inspect(Inspector& f, get_desk& x) {
  return caf_compat::inspect_as(f, "zenws::get_desk", "name", x.name);
}

} // namespace zenws

// IDs are part of the protocol between nodes: add at the end, never reorder.
CAF_BEGIN_TYPE_ID_BLOCK(zenws_nodes, 2600)

  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::open_stream))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::start_stream))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::opened_stream))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::widen_stream))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::add_stream_channels))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::remove_stream_channels))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::close_stream))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::stream_transfer))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::grant_credit))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::stream_ended))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::node_heartbeat))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::node_relay_actor))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::join_gateway))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::gateway_session))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::gateway_actor))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::get_client))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::add_stream_market))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::remove_stream_market))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::stream_market_dropped))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::open_desk))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::opened_desk))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::desk_told))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::grant_desk_credit))
  CAF_ADD_TYPE_ID(zenws_nodes, (zenws::get_desk))

CAF_END_TYPE_ID_BLOCK(zenws_nodes)
