// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/delivery/delivery_budget.hpp"
#include "zenws/delivery/market_batch.hpp"
#include "zenws/delivery/message_batch.hpp"
#include "zenws/delivery/subscription_options.hpp"
#include "zenws/events.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace zenws {

/// The subscribers of one client, each with its budget.
///
/// Belongs to the thread of the client.
class subscriber_set {
public:
  // -- member types -----------------------------------------------------------

  /// Sender of deliveries and its execution unit.
  struct origin {
    caf::strong_actor_ptr sender;
    caf_compat::execution_unit* unit;
  };

  enum class verdict : uint8_t {
    /// All subscribers are within their budget, or lose messages as agreed.
    keep_reading,
    /// A subscriber asks for backpressure; `on_drained` will tell when it has
    /// caught up.
    stop_reading,
  };

  // -- subscribers --------------------------------------------------------------

  /// Messages that a subscriber receives.
  enum class interest : uint8_t {
    /// Every message that is not for the client itself.
    all_messages,
    /// Messages of its channels.
    channels,
  };

  /// Adds a subscriber, or changes the options of one that is known. An
  /// interest in everything does not become one in channels.
  /// @returns the number of the subscriber, never used for another one.
  uint64_t add(caf::actor subscriber, subscription_options options,
               interest wanted = interest::all_messages);

  /// Returns the number of a subscriber, 0 if there is no such subscriber.
  uint64_t number_of(const caf::actor_addr& subscriber) const noexcept;

  /// Returns the subscriber of a number, null if it is gone.
  caf::actor find(uint64_t number) const;

  /// @returns `false` if there is no such subscriber.
  bool remove(const caf::actor_addr& subscriber);

  size_t size() const noexcept {
    return entries_.size();
  }

  /// All subscribers, to monitor them.
  std::vector<caf::actor> list() const;

  /// Sets the function to call, from any thread, when a subscriber that held
  /// the reading up has caught up.
  void on_drained(std::function<void()> callback);

  /// Returns whether a subscriber still asks for backpressure.
  bool congested() const noexcept;

  /// Returns a subscriber that does, or null.
  caf::actor congested_one() const;

  /// Makes subscribers with backpressure lose messages instead, until they have
  /// caught up.
  void shed_congested();

  // -- delivery -----------------------------------------------------------------

  /// Delivers all messages to subscribers of everything.
  verdict deliver(const shared_slab_ptr& messages, const client_event& context,
                  const origin& from);

  /// Marks a message for subscribers of everything and for the
  /// subscribers of these numbers.
  void select(uint32_t index, std::span<const uint64_t> numbers);

  /// Marks a message for the subscribers of these numbers only, since the
  /// others have it already.
  void select_late(uint32_t index, std::span<const uint64_t> numbers);

  /// Delivers the marked messages.
  verdict deliver_selected(const shared_slab_ptr& messages,
                           const client_event& context, const origin& from);

  /// Delivers market data. Subscribers that lost some are notified by
  /// `tell_dropped`: a book without its last change is wrong, even if no other
  /// change comes.
  /// @param numbers of the subscribers, in ascending order.
  verdict deliver(std::span<const uint64_t> numbers,
                  const market_block_ptr& updates,
                  const market_selection& selection,
                  const client_event& context, const origin& from);

  void deliver(const client_event& event, const origin& from) const;

  /// Notifies subscribers that lost something and have room again. To be called
  /// after `on_drained`.
  void tell_dropped(const client_event& context, const origin& from);

  /// Delivers the last event, and ends those that end with the client.
  void end(const client_event& last, const origin& from);

  /// Messages left out so far, over all subscribers.
  uint64_t dropped() const noexcept {
    return dropped_;
  }

  /// A subscriber that is none any more.
  struct removed {
    caf::actor subscriber;
    uint64_t number;
  };

  /// Subscribers that were removed because they were too slow, since the last
  /// call.
  std::vector<removed> take_removed();

private:
  struct entry {
    caf::actor subscriber;
    subscription_options options;
    std::shared_ptr<delivery_budget> budget;
    uint64_t number = 0;
    interest wants = interest::all_messages;
    uint64_t dropped = 0;           // and not told yet
    bool sheds = false;             // loses messages in place of backpressure
    std::vector<uint32_t> selected; // messages, see `select`
  };

  enum class outcome : uint8_t { delivered, congested, remove };

  static bool holds_up(const entry& x) noexcept;

  template <class F>
  verdict deliver_to_each(F deliver);

  // When a subscriber is notified of a loss.
  enum class notice : uint8_t { with_next, when_drained };

  // Messages, or updates, on their way to one subscriber.
  struct portion {
    size_t count;
    uint64_t first_sequence;
    notice of_loss = notice::with_next;
  };

  static void tell_gap(entry& to, uint64_t next_sequence,
                       const client_event& context, const origin& from);

  template <class MakeBatch>
  outcome deliver_to(entry& to, const portion& part,
                     const client_event& context, const origin& from,
                     MakeBatch make_batch);

  std::vector<entry> entries_;
  std::function<void()> on_drained_;
  std::vector<removed> removed_;
  uint64_t dropped_ = 0;
  uint64_t last_number_ = 0;
};

} // namespace zenws
