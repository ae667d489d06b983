#pragma once

#include "zenws/actors/client_host.hpp"
#include "zenws/actors/messages.hpp"
#include "zenws/supervision.hpp"

#include <caf/expected.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace zenws {

/// What stays of a client while its incarnations come and go. Belongs to its
/// supervisor, which binds the address to each incarnation.
class supervised_client {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(spec).empty()`
  supervised_client(client_host& host, client_spec spec);

  supervised_client(const supervised_client&) = delete;

  supervised_client& operator=(const supervised_client&) = delete;

  ~supervised_client();

  // -- properties -------------------------------------------------------------

  const client_record& record() const noexcept {
    return *record_;
  }

  const std::string& name() const noexcept {
    return record_->spec.name;
  }

  const client_actor& address() const noexcept {
    return address_;
  }

  /// Tells whether an incarnation has not ended yet, perhaps one that another
  /// supervisor has started.
  bool is_running() const noexcept {
    return *runs_;
  }

  /// Why the last incarnation failed.
  const error& reason() const noexcept {
    return reason_;
  }

  // -- life and death ---------------------------------------------------------

  /// Makes a new address and makes the client known by its name.
  /// @param supervisor name of the supervisor.
  /// @returns what `client_host::adopt` returns.
  caf::error open(const std::string& supervisor);

  /// @returns `ec::already_exists` if the last incarnation still runs, which
  ///          its supervisor may not have lived to see.
  caf::expected<client_actor> start_incarnation();

  /// Tells that an incarnation has ended, and returns what to make of that.
  child_end ended(const caf::error& reason);

  /// Ends the address; the client is known no more.
  void close(const caf::error& reason);

  // -- telling ----------------------------------------------------------------

  /// Tells all subscribers that the client is to be restarted.
  client_event tell_restarting(uint64_t restarts,
                               std::chrono::milliseconds retry_in,
                               caf::execution_unit* unit);

  /// Tells all subscribers that the client is restarted.
  client_event tell_restarted(uint64_t restarts, caf::execution_unit* unit);

  /// Tells all subscribers that the client is not restarted any more, and ends
  /// the address.
  client_event give_up(uint64_t restarts, caf::execution_unit* unit);

private:
  client_event tell(client_event what, caf::execution_unit* unit);

  client_event event(event_kind kind, uint64_t restarts) const;

  void end_recording();

  client_host& host_;
  client_registry_ptr registry_;
  client_record_ptr record_;
  client_actor address_{};
  std::shared_ptr<std::atomic<bool>> runs_; // the incarnation does
  error reason_{};
};

/// Describes a client as a node of a tree.
tree_node node_of(const supervised_client& what, child_state state);

} // namespace zenws
