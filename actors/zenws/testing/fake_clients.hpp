// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/supervision/supervisor_stats.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace zenws::testing {

/// Answers a call to a fake client; a string is the result.
using call_responder = std::function<result<std::string>(const call& request)>;

/// Clients without sockets, threads or time: the test decides about their
/// messages. They run in any actor system, CAF's `test_coordinator` with its
/// virtual clock among them. Supervisors take this for a runtime:
///
///     fake_clients fakes{sys};
///     auto uut = sys.spawn<client_supervisor>(client_supervisor_config{},
///     fakes);
///
/// It must live longer than they do. A client is `connecting` until the test
/// makes it `ready`. Not thread-safe: for systems whose threads are the test's.
class fake_clients : public client_runtime {
public:
  explicit fake_clients(caf::actor_system& sys);

  ~fake_clients() override;

  // -- starting ---------------------------------------------------------------

  /// Starts a client without a supervisor.
  client_actor connect(client_spec spec);

  // -- events of a client -----------------------------------------------

  // Clients go by their names; there must be one of that name that runs.

  /// Enters a state, and tells the subscribers. Each `ready` is a new epoch.
  void enter(const std::string& name, client_state state, error reason = {});

  /// The client receives these messages.
  void receive(const std::string& name, const std::vector<std::string>& texts);

  /// The client ends in error.
  void fail(const std::string& name, const error& reason);

  /// Sets the function that answers calls; default: `ec::not_supported`.
  void answer_calls(call_responder handler);

  // -- received requests ---------------------------------------------------

  /// Returns all messages sent by clients of that name.
  std::vector<std::string> sent(const std::string& name) const;

  /// Channels that subscribers of that client have.
  std::vector<std::string> channels(const std::string& name) const;

  /// Incarnations so far.
  size_t incarnations(const std::string& name) const;

  bool is_running(const std::string& name) const;

  // -- implementation of client_runtime ------------------------------------------

  caf::actor_system& system() noexcept override;

  const event_stream_ptr& events() noexcept override;

  caf::error adopt(durable_state& client, const client_actor& address,
                   const std::string& supervisor) override;

  const client_registry_ptr& shared_registry() noexcept override;

  const supervisor_registry_ptr& supervisors() noexcept override;

  client_actor spawn_incarnation(durable_state_ptr state) override;

  /// All clients of supervisors.
  const client_registry& registry() const noexcept {
    return *registry_;
  }

private:
  class incarnation;

  struct fake;

  fake& running(const std::string& name);

  caf::actor_system& system_;
  client_registry_ptr registry_ = std::make_shared<client_registry>();
  supervisor_registry_ptr supervisors_
    = std::make_shared<supervisor_registry>();
  event_stream_ptr events_;
  call_responder answer_call_;
  std::map<std::string, std::shared_ptr<fake>> fakes_;
};

} // namespace zenws::testing
