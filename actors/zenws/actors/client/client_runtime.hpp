// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/delivery/event_stream.hpp"

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <string>

namespace zenws {

struct durable_state;

struct return_state;

class supervisor_registry;

using supervisor_registry_ptr = std::shared_ptr<supervisor_registry>;

/// State of a client in the hands of its incarnation.
using durable_state_ptr = std::unique_ptr<durable_state, return_state>;

/// Interface of a `runtime` for the supervisors of clients. May be called from
/// any thread.
class client_runtime {
public:
  virtual ~client_runtime() = default;

  virtual caf::actor_system& system() noexcept = 0;

  virtual const event_stream_ptr& events() noexcept = 0;

  /// Prepares a new client for its first incarnation and adds it to the
  /// registry.
  /// @param supervisor name of its supervisor.
  /// @returns `ec::already_exists` if there is a client, or a recording, of
  /// that
  ///          name.
  virtual caf::error adopt(durable_state& client, const client_actor& address,
                           const std::string& supervisor)
    = 0;

  /// Returns the registry of the clients that were adopted. May outlive the
  /// runtime.
  virtual const client_registry_ptr& shared_registry() noexcept = 0;

  /// Returns the list of the figures of all supervisors.
  virtual const supervisor_registry_ptr& supervisors() noexcept = 0;

  /// Creates an incarnation that does not run before it is given to
  /// `caf_compat::start`. It gives `state` back when it has ended, before
  /// monitors of it are told.
  virtual client_actor spawn_incarnation(durable_state_ptr state) = 0;
};

} // namespace zenws
