// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/config_problem.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace zenws {

/// Order desks by name.
using desk_map = std::map<std::string, order_desk_actor>;

/// Settings of a `monitor`.
struct monitor_options {
  /// Address to listen at, IPv4 or IPv6. Any other than one of the loopback
  /// needs a token.
  std::string bind = "127.0.0.1";

  /// Port to listen at; 0 lets the system choose.
  uint16_t port = 0;

  /// Secret that allows actions, and reading from other machines. Without one,
  /// there are no actions. At least `min_token_size` characters.
  std::string token{};

  /// Name of the program, shown by the page.
  std::string program = "zenws";

  /// Names of the clients that must be ready for `/readyz`; empty: all
  /// supervised ones.
  std::vector<std::string> required{};

  /// Actors that answer `get_tree`, instead of the supervisors of the runtime:
  /// for a gateway, whose tree has those of its supervisor and its nodes.
  std::vector<caf::actor> trees{};

  /// Returns the order desks to show, and to halt. Called by any thread. Not
  /// needed without desks.
  std::function<desk_map()> desks{};

  /// Returns metrics in the text format of Prometheus. Called on the thread of
  /// the monitor. Without it, there is no `/metrics`.
  std::function<std::string()> metrics{};

  /// Bytes of the shortest token.
  static constexpr size_t min_token_size = 16;
};

/// Returns **every** problem, none if the options are valid. Never shows the
/// token.
std::vector<config_problem> validate(const monitor_options& options);

} // namespace zenws
