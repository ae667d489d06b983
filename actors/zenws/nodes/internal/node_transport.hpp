// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

#include <caf/io/middleman_actor.hpp>

#include <chrono>
#include <cstddef>

namespace zenws {

/// Options of one end of the connections between nodes.
struct transport_options {
  /// TLS as the actor system is configured for, see `load_nodes`.
  bool tls = false;

  /// Largest message that is taken from a peer.
  size_t max_message_bytes = size_t{64} * 1024 * 1024;

  /// Connections that may be open without having introduced themselves; the
  /// oldest of them gives way to a new one.
  size_t max_unauthenticated = 64;

  /// Time limit of connecting.
  std::chrono::milliseconds connect_within = std::chrono::seconds{5};
};

/// Largest batch that a gateway passes on.
constexpr size_t max_transfer_bytes = size_t{48} * 1024 * 1024;

/// Same for market data, which may take up to 12 times its `transfer_cost`.
constexpr size_t max_market_transfer_cost = max_transfer_bytes / 12;

/// Starts an actor that opens ports and connects to others as CAF's middleman
/// does, into the same network of nodes, but behind a `peer_guard`.
///
/// It must be killed before the actor system ends.
caf::io::middleman_actor start_transport(caf::actor_system& sys,
                                         const transport_options& opts);

/// Ends a transport and waits for it.
void stop_transport(caf::actor_system& sys,
                    const caf::io::middleman_actor& transport);

} // namespace zenws
