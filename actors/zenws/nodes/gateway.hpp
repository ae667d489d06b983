// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"
#include "zenws/nodes/gateway_stats.hpp"
#include "zenws/nodes/node_messages.hpp"

#include <caf/expected.hpp>
#include <caf/io/middleman_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace zenws {

struct gateway_config {
  /// Shown in the tree, and in the events of its clients elsewhere. Not empty.
  std::string name = "gateway";

  /// Address to listen at.
  std::string bind = "127.0.0.1";

  /// Port to listen at; 0 lets the system choose.
  uint16_t port = 0;

  /// Listens at an address that other machines reach without TLS: **anyone with
  /// access to the port can trade with the credentials of the gateway**.
  bool insecure_plaintext = false;

  /// Silence of a node after which its channels are given up.
  std::chrono::milliseconds silence_limit = std::chrono::seconds{5};

  /// Lets nodes ask for `overflow_policy::backpressure`: a slow one then slows
  /// the venue's messages down for all others.
  bool allow_backpressure = false;

  /// Nodes at a time.
  size_t max_nodes = 1024;

  /// Upper limit of window and budget of a node's stream: memory for a node
  /// that does not read, see `stream_options`.
  size_t max_stream_bytes = 64 * 1024 * 1024;

  /// Desks that nodes may use, by name (`get_desk`). What ends a desk and
  /// starts it again is not the gateway's business: see `make_child`.
  std::map<std::string, order_desk_actor> desks{};
};

/// Returns every problem of a configuration.
/// @param tls whether connections are encrypted.
std::vector<config_problem> validate(const gateway_config& cfg, bool tls);

/// Offers the clients of a supervisor, and desks, to other nodes: passes
/// requests on to it, and starts a relay for each node that joins.
class gateway : public gateway_actor::base {
public:
  // -- member types -----------------------------------------------------------

  using super = gateway_actor::base;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param host must live longer than the gateway.
  gateway(caf::actor_config& cfg, gateway_config options, runtime& host,
          client_supervisor_actor supervisor,
          std::shared_ptr<gateway_stats> stats);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

private:
  struct node {
    std::string name;
    node_relay_actor relay;
    std::shared_ptr<relay_stats> stats;
  };

  caf::result<gateway_session> join(const join_gateway& request);

  caf::result<tree_node> tree();

  // Ends all relays, then the gateway.
  void shut_down(const caf::error& reason);

  gateway_config options_;
  runtime& host_;
  client_supervisor_actor supervisor_;
  std::shared_ptr<gateway_stats> stats_;
  std::vector<node> nodes_;
  size_t joined_ = 0;
  bool leaving_ = false;
  caf::error exit_reason_;
};

/// A gateway that listens. Owned by one thread; its destructor stops it.
class gateway_server {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Starts a gateway for the clients of `supervisor`. The actor system must
  /// have been readied by `load_nodes`.
  /// @returns `ec::invalid_config` naming every problem, or the reason if the
  ///          port cannot be opened.
  static caf::expected<std::unique_ptr<gateway_server>>
  start(runtime& host, client_supervisor_actor supervisor, gateway_config cfg);

  gateway_server(const gateway_server&) = delete;

  gateway_server& operator=(const gateway_server&) = delete;

  ~gateway_server();

  // -- properties -------------------------------------------------------------

  /// The port it listens at.
  uint16_t port() const noexcept {
    return port_;
  }

  const gateway_actor& address() const noexcept {
    return gateway_;
  }

  /// Returns its figures, which may outlive it.
  std::shared_ptr<const gateway_stats> stats() const noexcept {
    return stats_;
  }

  // -- stopping ---------------------------------------------------------------

  /// Closes the port and tells all nodes that the gateway goes away; they keep
  /// their subscriptions for the next one. Its clients stay.
  void stop();

private:
  gateway_server(caf::actor_system& sys, caf::io::middleman_actor transport,
                 gateway_actor gateway, std::shared_ptr<gateway_stats> stats)
    : system_(sys),
      transport_(std::move(transport)),
      gateway_(std::move(gateway)),
      stats_(std::move(stats)) {
    // nop
  }

  caf::error listen(const gateway_config& cfg);

  caf::actor_system& system_;
  caf::io::middleman_actor transport_;
  gateway_actor gateway_;
  std::shared_ptr<gateway_stats> stats_;
  uint16_t port_ = 0;
};

/// Returns whether the actor system encrypts the connections between nodes, see
/// `load_nodes`.
bool has_node_tls(caf::actor_system& sys);

} // namespace zenws
