// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/client/merge_config.hpp"
#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/pool/pool_config.hpp"
#include "zenws/actors/supervision/client_supervisor.hpp"
#include "zenws/actors/supervision/make_child.hpp"
#include "zenws/actors/supervision/supervisor.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

class limit_registry;
class loop_balancer;
class recorder_registry;

/// Makes CAF know the messages and error codes of zenws. Call it on the
/// configuration of each actor system that uses them.
void load_types(caf::actor_system_config& cfg);

/// A configuration that knows zenws: its types, its log (see `log_config`), and
/// the options `zenws.io-threads`, `zenws.busy-poll` and `zenws.end-notice`.
/// CAF's scheduler has the policy `sharing` unless another one is set.
class system_config : public caf::actor_system_config, public log_config {
public:
  system_config();
};

/// Owner of the I/O loops of an actor system, and of the actors on them.
///
/// Declare it after the `actor_system`: its destructor ends all clients and
/// supervisors (closing connections with code 1001) and then the loops. If that
/// takes longer than `zenws.end-notice` (default: 5 s), it logs the names
/// of the actors that it waits for. All member functions may be called
/// from any thread.
class runtime : public client_runtime {
public:
  // -- constants --------------------------------------------------------------

  /// Time in which clients must complete their closing handshakes when the
  /// runtime ends.
  static constexpr std::chrono::milliseconds shutdown_patience
    = std::chrono::seconds{10};

  // -- constructors, destructors, and assignment operators ------------------

  /// Starts as many loops as `zenws.io-threads` says (default: 1), each as
  /// `zenws.busy-poll` says.
  explicit runtime(caf::actor_system& sys);

  runtime(caf::actor_system& sys, size_t num_loops);

  runtime(const runtime&) = delete;

  runtime& operator=(const runtime&) = delete;

  ~runtime() override;

  // -- properties -------------------------------------------------------------

  caf::actor_system& system() noexcept override {
    return system_;
  }

  size_t num_loops() const noexcept {
    return loops_.size();
  }

  /// @pre `index < num_loops()`
  io_loop& loop(size_t index) noexcept {
    return *loops_[index];
  }

  // -- clients ----------------------------------------------------------------

  /// Starts a client without a supervisor. It reconnects by itself, and exits
  /// when it cannot; link to it to live and die with it.
  /// @returns the client, or `ec::invalid_config` naming every problem, or an
  ///          error of `start_recorder`.
  caf::expected<client_actor> connect(client_spec spec);

  // -- supervision ------------------------------------------------------------

  /// Starts a supervisor for clients.
  client_supervisor_actor supervise(client_supervisor_config cfg = {});

  /// Starts a supervisor for actors of any kind and waits until its children
  /// have been started (blocks: not for use by actors, which have `child` and
  /// `zenws::supervise`). It ends with the runtime; watchers receive its
  /// events.
  /// @returns `ec::invalid_config` naming every problem, or the error of the
  ///          child that could not be started.
  caf::expected<supervisor_actor> start_supervisor(supervisor_config cfg);

  /// Returns the supervisors that `supervise` and `start_supervisor` have
  /// started and that run.
  std::vector<caf::actor> root_supervisors() const;

  /// Makes a client a child of a supervisor, see `make_child`.
  child_spec child(client_spec spec);

  /// Makes a supervisor of clients a child of another one, see `make_child`.
  child_spec child(client_supervisor_config cfg);

  /// Makes a supervisor a child of another one, see `make_child`.
  child_spec child(supervisor_config cfg);

  // -- pools ------------------------------------------------------------------

  /// Starts a pool of supervised clients. It ends with the runtime.
  /// @returns `ec::invalid_config` naming every problem.
  caf::expected<pool_actor> start_pool(pool_config cfg);

  // -- merging ----------------------------------------------------------------

  /// Makes one client of several of the same venue. It ends with the runtime.
  /// @returns `ec::invalid_config` naming every problem.
  caf::expected<client_actor> merge(merge_config cfg);

  // -- limits -----------------------------------------------------------------

  /// Returns the levels of all limits that clients of this runtime share, by
  /// owner and name.
  limit_levels limits() const;

  // -- finding and watching ---------------------------------------------------

  /// Returns a supervised client by its name, or `ec::not_found`.
  caf::expected<client_actor> find_client(std::string_view name) const;

  /// Returns the supervised clients.
  const client_registry& clients() const noexcept {
    return *clients_;
  }

  /// Sends all events to `watcher` from now on, see `event_stream`.
  void watch(const caf::actor& watcher);

  /// Sends no more events to `watcher`.
  void unwatch(const caf::actor& watcher);

  // -- implementation of client_runtime ------------------------------------------

  const event_stream_ptr& events() noexcept override;

  caf::error adopt(durable_state& client, const client_actor& address,
                   const std::string& supervisor) override;

  const client_registry_ptr& shared_registry() noexcept override;

  const supervisor_registry_ptr& supervisors() noexcept override;

  client_actor spawn_incarnation(durable_state_ptr state) override;

  // -- co-located subscribers -------------------------------------------------

  /// Starts a class-based actor on a loop, next to the clients there. It must
  /// not block.
  template <class Impl, class... Ts>
  auto spawn_on_loop(size_t index, Ts&&... xs) {
    return caf_compat::spawn_on<loop_actor<Impl>>(system_, loop(index),
                                                  std::forward<Ts>(xs)...);
  }

  /// Starts a function-based actor on a loop; see above.
  template <class F, class... Ts>
  auto spawn_function_on_loop(size_t index, F fun, Ts&&... xs) {
    return caf_compat::spawn_function_on<loop_actor>(
      system_, loop(index), std::move(fun), std::forward<Ts>(xs)...);
  }

private:
  // Ends actors and waits for them; names those that take long.
  void end(std::vector<caf::actor> whom);

  size_t choose_loop();

  // Starts the recorder that the spec of a client asks for, if any.
  caf::error start_recorder(durable_state& client);

  class owned_actors;

  // Ends an actor with the runtime, and keeps it until then.
  template <class Handle>
  Handle own(Handle owned);

  caf::actor_system& system_;
  std::vector<std::unique_ptr<io_loop>> loops_;
  std::unique_ptr<loop_balancer> balancer_;
  std::unique_ptr<limit_registry> limits_;
  client_registry_ptr clients_ = std::make_shared<client_registry>();
  supervisor_registry_ptr supervisors_
    = std::make_shared<supervisor_registry>();
  event_stream_ptr events_ = std::make_shared<event_stream>();
  std::unique_ptr<recorder_registry> recorders_;
  std::shared_ptr<owned_actors> owned_;
};

} // namespace zenws
