// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "venue_world.hpp"

#include "zenws/nodes/all.hpp"

#include <memory>
#include <string>
#include <utility>

namespace zenws::test_support {

/// Returns options with heartbeats and a limit of silence that suit a test.
inline node_options lively() {
  return {.heartbeat = 50ms, .silence_limit = 500ms};
}

/// An actor system that can connect to others.
struct node_world : venue_world {
  explicit node_world(node_options opts = lively())
    : venue_world(1, [opts](caf::actor_system_config& to) {
        load_nodes(to, opts);
      }) {
    // nop
  }
};

/// A node that owns the clients.
struct gateway_world : node_world {
  explicit gateway_world(gateway_config cfg = {}, node_options opts = lively())
    : node_world(opts) {
    cfg.silence_limit = opts.silence_limit;
    auto started = gateway_server::start(rt, supervisor, cfg);
    if (!started)
      CAF_FAIL("no gateway: " << caf_compat::to_text(started.error()));
    gateway = std::move(*started);
  }

  client_supervisor_actor supervisor = rt.supervise();
  std::unique_ptr<gateway_server> gateway;
};

/// A node that uses the clients of a gateway.
struct subscriber_world : node_world {
  explicit subscriber_world(uint16_t port, gateway_options gateway = {},
                            node_options opts = lively())
    : node_world(opts) {
    gateway.port = port;
    gateway.backoff = {.min = 10ms, .max = 100ms};
    auto connected = connect_gateway(rt, gateway);
    if (!connected)
      CAF_FAIL("no gateway: " << caf_compat::to_text(connected.error()));
    link = std::move(*connected);
  }

  client_actor client(const std::string& name) {
    auto result = ask<client_actor>(link->gateway(), get_client{name});
    if (!result)
      CAF_FAIL("no client: " << caf_compat::to_text(result.error()));
    return *result;
  }

  std::unique_ptr<gateway_connection> link;
};

/// Returns the specification of a client of the simulator's Deribit.
inline client_spec deribit_at(const sim::server& server,
                              std::string name = "desk") {
  client_spec result{.name = std::move(name), .config = quick(server.url())};
  result.config.venue.dialect = "deribit";
  return result;
}

} // namespace zenws::test_support
