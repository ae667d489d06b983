// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"
#include "zenws/nodes/node_messages.hpp"
#include "zenws/timing/backoff.hpp"

#include <caf/expected.hpp>
#include <caf/io/middleman_actor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace zenws {

/// Options of a connection to a gateway.
struct gateway_options {
  std::string host = "127.0.0.1";

  uint16_t port = 0;

  /// Name of the node at the gateway, for people.
  std::string node = "node";

  /// Flow control of messages and events.
  stream_options stream{};

  /// Passes events of the supervision trees of the gateway to watchers of this
  /// node's runtime.
  bool events = false;

  /// Time limit of `connect_gateway`; 0 does not wait for the gateway.
  std::chrono::milliseconds connect_within = std::chrono::seconds{10};

  /// Delays between attempts to reach the gateway. `max_attempts` is not used:
  /// a node never gives its gateway up.
  backoff_config backoff{.min = std::chrono::milliseconds{100},
                         .max = std::chrono::seconds{5}};
};

/// A node's connection to a gateway. Owned by one thread; the destructor
/// disconnects and stops all remote clients obtained from it. Must be destroyed
/// before the runtime.
class gateway_connection {
public:
  gateway_connection(caf::actor_system& sys, caf::io::middleman_actor transport,
                     remote_gateway_actor gateway)
    : system_(sys),
      transport_(std::move(transport)),
      gateway_(std::move(gateway)) {
    // nop
  }

  gateway_connection(const gateway_connection&) = delete;

  gateway_connection& operator=(const gateway_connection&) = delete;

  ~gateway_connection();

  /// Takes the requests of a `client_supervisor_actor`, and `get_client`. Stays
  /// valid while the gateway comes and goes, as do the clients it answers with:
  /// while it is gone, requests fail by `ec::not_connected`; those that were
  /// under way by `ec::disconnected`, which leaves their outcome unknown.
  const remote_gateway_actor& gateway() const noexcept {
    return gateway_;
  }

private:
  caf::actor_system& system_;
  caf::io::middleman_actor transport_;
  remote_gateway_actor gateway_;
};

/// Connects to a gateway of another actor system. That of `host` must have been
/// readied by `load_nodes`. Blocks: not for use by actors.
/// @returns the reason if the gateway could not be reached within
///          `gateway_options::connect_within`.
caf::expected<std::unique_ptr<gateway_connection>>
connect_gateway(runtime& host, gateway_options options);

} // namespace zenws
