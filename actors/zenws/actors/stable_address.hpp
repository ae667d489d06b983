#pragma once

#include "zenws/actors/messages.hpp"

#include <caf/monitorable_actor.hpp>

#include <mutex>
#include <vector>

namespace zenws {

/// The address of a supervised client: passes every message on to the current
/// incarnation, in the thread of the sender, without a mailbox of its own.
///
/// While there is no incarnation, requests that concern the client as such
/// (`subscribe`, `unsubscribe`, the same for channels, `await_ready`,
/// `get_status`, `get_heartbeat_health`, `get_state_metrics`, `close_client`)
/// wait for the next one; all others are answered with `ec::not_connected`.
///
/// Links and monitors attached to the address see the end of the client, not of
/// an incarnation. Must be closed before the actor system ends.
class stable_address : public caf::monitorable_actor {
public:
  // -- constants --------------------------------------------------------------

  /// Requests that may wait for the next incarnation.
  static constexpr size_t max_waiting = 1024;

  // -- constructors, destructors, and assignment operators ------------------

  explicit stable_address(caf::actor_config& cfg);

  ~stable_address() override;

  /// Creates an address that has no incarnation yet.
  static client_actor make(caf::actor_system& sys);

  // -- incarnations -----------------------------------------------------------

  /// Passes messages on to `incarnation` from now on.
  static void bind(const client_actor& address,
                   const client_actor& incarnation);

  /// There is no incarnation at the moment.
  static void unbind(const client_actor& address);

  /// Ends the address.
  static void close(const client_actor& address, caf::error reason);

  // -- implementation of abstract_actor -------------------------------------

  using caf::monitorable_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* unit) override;

  const char* name() const override;

  std::set<std::string> message_types() const override;

  void on_destroy() override;

private:
  static stable_address& impl(const client_actor& address);

  bool may_wait(const caf::mailbox_element& what) const;

  void refuse(caf::mailbox_element_ptr what, caf::execution_unit* unit,
              const caf::error& reason);

  mutable std::mutex target_mtx_;
  caf::strong_actor_ptr target_;
  caf::error closed_;
  bool is_closed_ = false;
  std::vector<caf::mailbox_element_ptr> waiting_;
};

} // namespace zenws
