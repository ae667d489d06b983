// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/child_spec.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/limits/shared_rate_limiter.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace zenws {

class state_keeper;

} // namespace zenws

namespace zenws::detail {

/// A client as a child of a supervisor of either kind: keeps its address, its
/// state and its name while its incarnations come and go.
class client_child : public child_hooks {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param supervisor name of the supervisor, empty for one of the user's own.
  /// @param observer receives the events of supervision; optional.
  /// @pre `validate(spec).empty()`
  client_child(client_runtime& host, client_spec spec, std::string supervisor,
               caf::actor observer);

  client_child(const client_child&) = delete;

  client_child& operator=(const client_child&) = delete;

  /// Ends the client: removes its name and closes its address.
  ~client_child() override;

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

  /// Returns its address, null before the first call of `address(sys)`.
  const client_actor& address() const noexcept {
    return address_;
  }

  /// Returns the limits that it shares with other clients.
  const std::vector<shared_rate_limiter>& shared_limits() const noexcept {
    return shared_limits_;
  }

  // -- starting ---------------------------------------------------------------

  /// Creates an incarnation that does not run before it is given to
  /// `caf_compat::start`. Tells subscribers first if it is a restart.
  /// @returns `ec::already_exists` if the last incarnation has not ended.
  caf::expected<caf::actor> make_incarnation();

  // -- implementation of child_hooks ------------------------------------------

  /// @returns the result of `client_runtime::adopt`.
  caf::expected<stable_address_handle> address(caf::actor_system& sys) override;

  caf::actor_addr predecessor() const override;

  child_death ended(const caf::error& reason) override;

  std::string describe_end(const caf::error& reason) const override;

  void observe(const supervision_event& event,
               caf_compat::execution_unit* unit) override;

  void retire(const caf::error& reason,
              caf_compat::execution_unit* unit) override;

  tree_node describe(child_state state) const override;

private:
  client_event event(event_kind kind, client_state state) const;

  // Notifies subscribers, the recording and the observer.
  void tell(const client_event& event, caf_compat::execution_unit* unit);

  void give_up(caf_compat::execution_unit* unit);

  // Notifies subscribers that the client has ended, unless they know or an
  // incarnation is still to tell them.
  void tell_end(const error& reason, caf_compat::execution_unit* unit);

  // Returns the reason of the last end as the incarnation has stated it.
  error last_error() const;

  client_runtime& host_;
  client_registry_ptr registry_;
  std::string supervisor_;
  caf::actor observer_;
  uint64_t id_;
  std::string name_;
  std::string url_;
  std::shared_ptr<client_stats> stats_;
  std::vector<shared_rate_limiter> shared_limits_;
  std::shared_ptr<state_keeper> keeper_;
  client_actor address_{};
  caf::actor_addr incarnation_{}; // the last one, which may be gone
  bool end_told_ = false;
  error reason_{};   // of the end of the last incarnation
  caf::error end_{}; // of the address, if a reason was given
};

/// Returns the specification of a client as a child; its hooks are a
/// `client_child`.
child_spec make_client_child(client_runtime& host, client_spec spec,
                             std::string supervisor = {},
                             caf::actor observer = {});

} // namespace zenws::detail
