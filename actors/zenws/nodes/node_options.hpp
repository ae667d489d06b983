// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"

#include <caf/fwd.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace zenws {

/// Certificates of a node. Both ends present one, and refuse a peer whose
/// certificate `ca_file` has not signed.
struct node_tls {
  /// Certificate chain of this node (PEM).
  std::string cert_file{};

  /// Its private key (PEM).
  std::string key_file{};

  /// The authority of all nodes (PEM). Whatever it signs may join: give the
  /// nodes one of their own.
  std::string ca_file{};

  bool is_set() const noexcept {
    return !cert_file.empty() || !key_file.empty() || !ca_file.empty();
  }
};

/// Options of an actor system in a system of several nodes.
struct node_options {
  /// Longest time between two messages of either end of a connection.
  std::chrono::milliseconds heartbeat = std::chrono::seconds{1};

  /// Silence after which the other end counts as lost. At least two
  /// heartbeats.
  std::chrono::milliseconds silence_limit = std::chrono::seconds{5};

  /// TLS between nodes, or nothing.
  node_tls tls{};
};

/// Returns every problem of the options. Reads the files of `tls`.
std::vector<config_problem> validate(const node_options& opts);

/// Prepares a configuration for connections to other nodes: loads the messages
/// of zenws and CAF's middleman, and the TLS module if there is TLS.
/// @pre `validate(opts).empty()`
void load_nodes(caf::actor_system_config& cfg, const node_options& opts = {});

} // namespace zenws
