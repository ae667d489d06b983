#pragma once

#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/supervision/supervisor_logic.hpp"

#include <caf/actor_addr.hpp>
#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace zenws {

class state_keeper;

/// What stays of a client while its incarnations come and go. Belongs to its
/// supervisor, which binds the address to each incarnation, or to the child
/// specification that its supervisor is made from: then it outlives that one.
class supervised_client {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(spec).empty()`
  supervised_client(client_runtime& host, client_spec spec);

  supervised_client(const supervised_client&) = delete;

  supervised_client& operator=(const supervised_client&) = delete;

  /// Closes the client.
  ~supervised_client();

  // -- properties -------------------------------------------------------------

  uint64_t id() const noexcept {
    return id_;
  }

  const std::string& name() const noexcept {
    return name_;
  }

  /// Returns its URL without secrets.
  const std::string& url() const noexcept {
    return url_;
  }

  const client_stats& stats() const noexcept {
    return *stats_;
  }

  const client_actor& address() const noexcept {
    return address_;
  }

  /// Returns whether an incarnation has not ended yet, perhaps one that another
  /// supervisor has started.
  bool is_running() const;

  /// Returns the last incarnation, which may be gone.
  const caf::actor_addr& incarnation() const noexcept {
    return incarnation_;
  }

  /// Why the last incarnation failed.
  const error& reason() const noexcept {
    return reason_;
  }

  // -- life and death ---------------------------------------------------------

  /// Makes the address, unless there is one already, and makes the client known
  /// by its name.
  /// @param supervisor name of the supervisor.
  /// @returns what `client_runtime::adopt` returns.
  caf::error open(const std::string& supervisor);

  /// Makes an incarnation that does not run before it is given to
  /// `caf_compat::start`.
  /// @returns `ec::already_exists` if the last incarnation still runs, which
  ///          its supervisor may not have lived to see.
  caf::expected<client_actor> make_incarnation();

  /// Tells that an incarnation has ended, and returns what to make of that.
  child_death ended(const caf::error& reason);

  /// Ends the client unless its supervisor is asked to start it again: tells
  /// all subscribers so, and refuses requests.
  void retire(const caf::error& reason, caf::execution_unit* unit);

  /// Ends the client for good: it is known no more, and its address ends.
  void close(const caf::error& reason);

  // -- telling ----------------------------------------------------------------

  /// Tells all subscribers that the client is to be restarted.
  client_event tell_restarting(uint64_t restarts,
                               std::chrono::milliseconds retry_in,
                               caf::execution_unit* unit);

  /// Tells all subscribers that the client is restarted.
  client_event tell_restarted(uint64_t restarts, caf::execution_unit* unit);

  /// Tells all subscribers that the client is not restarted any more, and
  /// retires it.
  client_event give_up(uint64_t restarts, caf::execution_unit* unit);

private:
  client_event tell(client_event what, caf::execution_unit* unit);

  client_event event(event_kind kind, client_state state,
                     uint64_t restarts) const;

  // Tells subscribers that the client has ended, unless they know or an
  // incarnation is still to tell them.
  void tell_end(const error& reason, caf::execution_unit* unit);

  // What the last incarnation said of its end.
  error last_error() const;

  client_runtime& host_;
  client_registry_ptr registry_;
  uint64_t id_;
  std::string name_;
  std::string url_;
  std::shared_ptr<client_stats> stats_;
  std::shared_ptr<state_keeper> keeper_;
  client_actor address_{};
  caf::actor_addr incarnation_{};
  bool end_told_ = false;
  error reason_{};
};

/// Describes a client as a node of a tree.
tree_node node_of(const supervised_client& what, child_state state);

} // namespace zenws
