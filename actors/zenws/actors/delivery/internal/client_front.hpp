// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/delivery/internal/subscriber_set.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/events.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// Identity of a client, its state, and its position in its messages.
struct client_position {
  /// Returns an event of the client.
  client_event event(event_kind kind) const;

  /// Gives messages their place after all that came before.
  void assign_sequence(slab& messages);

  /// Unique in this process.
  uint64_t id = 0;

  std::string name{};

  client_state state = client_state::disconnected;

  /// Attempts to connect since the last stable connection.
  uint64_t attempts = 0;

  /// Connections so far.
  uint64_t epoch = 0;

  /// Sequence number of the next message.
  uint64_t next_sequence = 1;
};

/// The side of a client that its subscribers see: its position, the subscribers
/// themselves, and the requests that wait for it to be ready.
///
/// Serves clients of every kind. Used by one actor at a time, which attaches
/// itself when it starts.
class client_front {
public:
  // -- constructors, destructors, and assignment operators --------------------

  client_front() = default;

  /// Assigns an id, and a name if `name` is empty.
  explicit client_front(std::string name,
                        std::vector<subscribe> subscribers = {});

  // -- the actor --------------------------------------------------------------

  /// Monitors all subscribers in the name of `self`, and delivers and answers
  /// in its name until `detach`.
  void attach(caf::local_actor& self);

  /// Attaches `self` and sends it a `Drained` when a subscriber that held the
  /// reading up has caught up.
  template <class Drained>
  void attach(caf::local_actor& self) {
    subscribers.on_drained([weak = caf::weak_actor_ptr{self.ctrl()}] {
      if (auto ptr = weak.lock())
        caf_compat::deliver(ptr, nullptr, Drained{}, nullptr);
    });
    attach(self);
  }

  void detach();

  /// Returns the sender and the execution unit for deliveries.
  /// @pre an actor is attached
  subscriber_set::origin origin() const;

  // -- subscribers ------------------------------------------------------------

  /// Adds a subscriber and delivers `first_events` to it.
  /// @returns the number of the subscriber.
  uint64_t admit(const caf::actor& subscriber,
                 const subscription_options& options,
                 subscriber_set::interest interest);

  /// Returns the number of a subscriber of some channels or market data; it is
  /// admitted unless it is known.
  uint64_t number_of(const caf::actor& subscriber,
                     const subscription_options& options);

  /// Answers `subscribe`.
  caf::result<void> add_subscriber(const subscribe& request);

  /// Returns the number of the subscriber of a request for channels, which is
  /// admitted unless it is known.
  caf::expected<uint64_t> subscriber_of(const subscribe_channels& request);

  /// Removes a subscriber.
  /// @returns its number, 0 if there is no such subscriber.
  uint64_t remove(const caf::actor_addr& subscriber);

  /// Returns the numbers of those that were removed because they were too slow,
  /// since the last call.
  std::vector<uint64_t> take_removed();

  // -- delivery ---------------------------------------------------------------

  /// Delivers an event to all subscribers.
  void deliver(const client_event& event) const;

  /// Delivers an event to one subscriber.
  void deliver(const caf::actor& subscriber, client_event event) const;

  /// Delivers messages to subscribers of everything.
  subscriber_set::verdict deliver(const shared_slab_ptr& messages);

  /// Delivers the messages that were marked in `subscribers`.
  subscriber_set::verdict deliver_selected(const shared_slab_ptr& messages);

  /// Notifies subscribers of their losses, as far as they have room by now.
  void tell_dropped();

  /// Delivers the last event, and ends the subscribers that end with the
  /// client.
  /// @returns the event.
  client_event end(const error& reason, const subscriber_set::origin& from);

  // -- waiting ----------------------------------------------------------------

  /// Answers `await_ready` by the epoch, now or once the client is ready.
  caf::result<uint64_t> wait_until_ready();

  /// Answers all that wait by the epoch.
  void tell_ready();

  /// Answers all that wait by an error.
  void fail_waiting(const caf::error& reason);

  // -- member variables -------------------------------------------------------

  client_position position;

  subscriber_set subscribers;

  /// Events that a new subscriber gets first.
  std::vector<event_kind> first_events{event_kind::state_changed};

  /// Address that stays while actors come and go; null if there is none.
  caf::strong_actor_ptr address;

private:
  caf::local_actor* self_ = nullptr;
  std::vector<caf::response_promise> waiting_;
};

} // namespace zenws
