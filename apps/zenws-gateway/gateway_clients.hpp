// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "gateway_file/gateway_file.hpp"

#include <caf/scoped_actor.hpp>

#include <map>
#include <string>

namespace zenws {

/// The clients of a gateway's file, and the actors that keep their channels.
/// Owned by one thread, which waits for the supervisor.
class gateway_clients {
public:
  // -- constructors, destructors, and assignment operators --------------------

  gateway_clients(caf::actor_system& sys, client_supervisor_actor supervisor);

  // -- clients ----------------------------------------------------------------

  /// Starts a client with its channels, and the one for its questions if it has
  /// one.
  /// @returns an error of `start_client`.
  caf::error start(const gateway_file::client& client);

  /// Stops a client, also if it is gone already.
  void stop(const std::string& name);

  /// Changes the channels that are kept of a client.
  void change_channels(const gateway_file::client& client);

private:
  caf::expected<client_actor> start(client_spec spec, std::string name);

  caf::actor_system& system_;
  client_supervisor_actor supervisor_;
  caf::scoped_actor self_;
  std::map<std::string, caf::actor> keepers_; // by the client's name
};

} // namespace zenws
