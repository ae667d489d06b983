// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

#include <caf/actor_cast.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace zenws {

class stable_address;

/// Handle to a `stable_address`. Only `stable_address` creates it: no other
/// actor can be passed for an address.
class stable_address_handle {
public:
  template <class Handle>
  Handle as() const {
    return caf::actor_cast<Handle>(address_);
  }

private:
  friend class stable_address;

  explicit stable_address_handle(caf::strong_actor_ptr address)
    : address_(std::move(address)) {
    // nop
  }

  caf::strong_actor_ptr address_;
};

/// The address of a child of a supervisor: passes every message on to the
/// current incarnation, in the thread of the sender, without a mailbox of its
/// own.
///
/// Links and monitors attached to the address see the end of the child, not of
/// an incarnation: when it is retired, because no incarnation follows without a
/// request, or closed. A retired address can be bound again. Must be closed
/// before the actor system ends. Thread-safe.
class stable_address : public caf_compat::bare_actor {
public:
  // -- member types -----------------------------------------------------------

  /// Properties of all addresses of one kind.
  struct role {
    const char* name = "zenws.child_address";

    /// Returns the messages that the middleman accepts; null for all.
    std::set<std::string> (*interface)(caf::actor_system&) = nullptr;

    /// Checks whether a message may wait for the next incarnation; null for
    /// none.
    bool (*may_wait)(const caf::mailbox_element&) = nullptr;

    /// Answer to all other requests without an incarnation.
    ec down_error = ec::child_down;

    /// Answer to all requests once the address is retired or closed; the
    /// detail is the reason.
    ec gone_error = ec::child_down;
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
    auto cfg = caf_compat::plain_config();
    return caf::make_actor<stable_address, Handle>(sys.next_actor_id(),
                                                   sys.node(), &sys, cfg, of);
  }

  template <class Handle>
  static Handle make(caf::actor_system& sys) {
    return make<Handle>(sys, role{});
  }

  /// Returns the handle that `child_hooks` need.
  /// @throws std::invalid_argument if `address` is no `stable_address`.
  template <class Handle>
  static stable_address_handle handle_to(const Handle& address) {
    require_address(caf::actor_cast<caf::abstract_actor*>(address));
    return stable_address_handle{
      caf::actor_cast<caf::strong_actor_ptr>(address)};
  }

  // -- incarnations -----------------------------------------------------------

  /// Passes messages on to `incarnation` from now on.
  template <class Handle>
  static void bind(const Handle& address, const Handle& incarnation) {
    impl(address).bind_to(caf::actor_cast<caf::strong_actor_ptr>(incarnation));
  }

  /// Ends the binding to an incarnation.
  template <class Handle>
  static void unbind(const Handle& address) {
    impl(address).unbind();
  }

  /// Ends the binding to `incarnation`, which is about to end. Messages that it
  /// has not processed wait for the next one, or are refused.
  /// @param close_mailbox called under the lock of the address: nothing that
  ///                      goes through it gets lost in between.
  template <class F>
  static void take_back(const caf::strong_actor_ptr& address,
                        const caf::actor_control_block* incarnation,
                        F close_mailbox) {
    impl(address).take_back_from(incarnation, close_mailbox);
  }

  /// Refuses all requests, until the address is bound again.
  template <class Handle>
  static void refuse_requests(const Handle& address, const caf::error& reason) {
    impl(address).refuse_all(reason);
  }

  /// Refuses all requests and notifies links and monitors, until the address is
  /// bound again.
  template <class Handle>
  static void retire(const Handle& address, const caf::error& reason) {
    impl(address).retire(reason);
  }

  /// Ends the address; does nothing if it has ended.
  template <class Handle>
  static void close(const Handle& address, caf::error reason) {
    impl(address).close(std::move(reason));
  }

  // -- implementation of abstract_actor -------------------------------------

  using caf_compat::bare_actor::enqueue;

  caf_compat::enqueued enqueue(caf::mailbox_element_ptr element,
                               caf_compat::execution_unit* unit) override;

  const char* name() const override;

  std::set<std::string> message_types() const override;

private:
  template <class Handle>
  static stable_address& impl(const Handle& address) {
    return static_cast<stable_address&>(
      *caf::actor_cast<caf::abstract_actor*>(address));
  }

  static void require_address(const caf::abstract_actor* actor);

  void bind_to(caf::strong_actor_ptr incarnation);

  void unbind();

  void
  take_back_from(const caf::actor_control_block* incarnation,
                 const std::function<caf_compat::unread_messages()>& unread);

  void retire(const caf::error& reason);

  void close(caf::error reason);

  // Unbinds the incarnation and refuses messages that wait for one.
  void refuse_all(const caf::error& reason);

  struct refused_message {
    caf::mailbox_element_ptr element;
    caf::error reason;
  };

  // Passes a message on or keeps it; otherwise returns it. Call it under the
  // lock.
  std::optional<refused_message> accept(caf::mailbox_element_ptr element,
                                        caf_compat::execution_unit* unit);

  bool may_wait(const caf::mailbox_element& element) const;

  void refuse(const caf::mailbox_element& element,
              caf_compat::execution_unit* unit, const caf::error& reason);

  role role_;
  mutable std::mutex target_mtx_;
  caf::strong_actor_ptr target_;
  caf::error gone_; // answer to requests if retired or closed
  bool is_closed_ = false;
  caf_compat::unread_messages waiting_;
};

} // namespace zenws
