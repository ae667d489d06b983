#pragma once

#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/client/durable_state.hpp"
#include "zenws/actors/delivery/event_stream.hpp"

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include <string>

namespace zenws {

/// Where supervised clients run: a `runtime`. May be called from any thread.
class client_runtime {
public:
  virtual ~client_runtime() = default;

  virtual caf::actor_system& system() noexcept = 0;

  virtual const event_stream_ptr& events() noexcept = 0;

  /// Readies a new client for its first incarnation and makes it known.
  /// @param supervisor its name.
  /// @returns `ec::already_exists` if a client, or a recording, of that name
  ///          is there.
  virtual caf::error adopt(durable_state& client, const client_actor& address,
                           const std::string& supervisor)
    = 0;

  /// Where clients that were adopted are known. May live longer than the host.
  virtual const client_registry_ptr& shared_registry() noexcept = 0;

  /// Creates an incarnation that does not run before it is given to
  /// `caf_compat::start`. It gives `state` back when it has ended, before
  /// monitors of it are told.
  virtual client_actor spawn_incarnation(durable_state_ptr state) = 0;
};

} // namespace zenws
