#pragma once

#include "zenws/delivery_budget.hpp"
#include "zenws/events.hpp"
#include "zenws/message_batch.hpp"
#include "zenws/subscription_options.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace zenws {

/// The subscribers of one client, each with its budget.
///
/// Belongs to the thread of the client.
class subscriber_set {
public:
  // -- member types -----------------------------------------------------------

  /// Who sends and where.
  struct origin {
    caf::strong_actor_ptr sender;
    caf::execution_unit* unit;
  };

  enum class verdict : uint8_t {
    /// All subscribers are within their budget, or lose messages as agreed.
    keep_reading,
    /// A subscriber asks for backpressure; `on_drained` will tell when it has
    /// caught up.
    stop_reading,
  };

  // -- subscribers --------------------------------------------------------------

  /// Adds a subscriber, or changes the options of one that is known.
  void add(caf::actor subscriber, subscription_options options);

  /// @returns `false` if there is no such subscriber.
  bool remove(const caf::actor_addr& subscriber);

  size_t size() const noexcept {
    return entries_.size();
  }

  /// All subscribers, to monitor them.
  std::vector<caf::actor> list() const;

  /// Sets what is called, from any thread, when a subscriber that held the
  /// reading up has caught up.
  void on_drained(std::function<void()> callback);

  /// Tells whether a subscriber still asks for backpressure.
  bool congested() const noexcept;

  // -- delivery -----------------------------------------------------------------

  verdict deliver(const slab_ptr& messages, const client_event& context,
                  const origin& from);

  void deliver(const client_event& what, const origin& from);

  /// Messages left out so far, over all subscribers.
  uint64_t dropped() const noexcept {
    return dropped_;
  }

  /// Subscribers that were removed because they were too slow, since the last
  /// call.
  std::vector<caf::actor> take_removed();

private:
  struct entry {
    caf::actor subscriber;
    subscription_options options;
    std::shared_ptr<delivery_budget> budget;
    uint64_t dropped = 0; // and not told yet
  };

  enum class outcome : uint8_t { delivered, congested, remove };

  outcome deliver_to(entry& to, const slab_ptr& messages,
                     const client_event& context, const origin& from);

  std::vector<entry> entries_;
  std::function<void()> on_drained_;
  std::vector<caf::actor> removed_;
  uint64_t dropped_ = 0;
};

} // namespace zenws
