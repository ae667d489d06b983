#pragma once

#include "zenws/actors/caf_seam.hpp"

#include <caf/actor_cast.hpp>
#include <caf/monitorable_actor.hpp>

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace zenws {

/// The address of a child of a supervisor: passes every message on to the
/// current incarnation, in the thread of the sender, without a mailbox of its
/// own.
///
/// Links and monitors attached to the address see the end of the child, not of
/// an incarnation. Must be closed before the actor system ends.
class stable_address : public caf::monitorable_actor {
public:
  // -- member types -----------------------------------------------------------

  /// What those who share an address have in common.
  struct role {
    const char* name = "zenws.child_address";

    /// What the middleman may let others send; null for all.
    std::set<std::string> (*interface)(caf::actor_system&) = nullptr;

    /// Tells which messages may wait for the next incarnation; null for none.
    bool (*may_wait)(const caf::mailbox_element&) = nullptr;

    /// What all other requests are answered with meanwhile.
    ec while_down = ec::child_down;
  };

  // -- constants --------------------------------------------------------------

  /// Messages that may wait for the next incarnation.
  static constexpr size_t max_waiting = 1024;

  // -- constructors, destructors, and assignment operators ------------------

  stable_address(caf::actor_config& cfg, const role& of);

  ~stable_address() override;

  /// Creates an address that has no incarnation yet.
  template <class Handle>
  static Handle make(caf::actor_system& sys, const role& of) {
    caf::actor_config cfg;
    return caf::make_actor<stable_address, Handle>(sys.next_actor_id(),
                                                   sys.node(), &sys, cfg, of);
  }

  template <class Handle>
  static Handle make(caf::actor_system& sys) {
    return make<Handle>(sys, role{});
  }

  // -- incarnations -----------------------------------------------------------

  /// Passes messages on to `incarnation` from now on.
  template <class Handle>
  static void bind(const Handle& address, const Handle& incarnation) {
    impl(address).bind_to(caf::actor_cast<caf::strong_actor_ptr>(incarnation));
  }

  /// There is no incarnation at the moment.
  template <class Handle>
  static void unbind(const Handle& address) {
    impl(address).unbind();
  }

  /// Ends the address; does nothing if it has ended.
  template <class Handle>
  static void close(const Handle& address, caf::error reason) {
    impl(address).close(std::move(reason));
  }

  template <class Handle>
  static bool is_closed(const Handle& address) {
    return impl(address).is_closed();
  }

  // -- implementation of abstract_actor -------------------------------------

  using caf::monitorable_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* unit) override;

  const char* name() const override;

  std::set<std::string> message_types() const override;

  void on_destroy() override;

private:
  template <class Handle>
  static stable_address& impl(const Handle& address) {
    return static_cast<stable_address&>(
      *caf::actor_cast<caf::abstract_actor*>(address));
  }

  void bind_to(caf::strong_actor_ptr incarnation);

  void unbind();

  void close(caf::error reason);

  bool is_closed() const;

  bool may_wait(const caf::mailbox_element& what) const;

  void refuse(caf::mailbox_element_ptr what, caf::execution_unit* unit,
              const caf::error& reason);

  role role_;
  mutable std::mutex target_mtx_;
  caf::strong_actor_ptr target_;
  caf::error closed_;
  bool is_closed_ = false;
  std::vector<caf::mailbox_element_ptr> waiting_;
};

} // namespace zenws
