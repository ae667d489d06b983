// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace zenws {

/// Delivers the events of all supervision trees of a runtime to watchers: a
/// `supervision_event` for each start, restart and end of a child, and a
/// `client_event` for each change of a client's state.
///
/// Thread-safe. Costs next to nothing without watchers. The events of one child
/// arrive in order.
class event_stream : public std::enable_shared_from_this<event_stream> {
public:
  /// Sends all that happens from now on to `watcher`, until it is unwatched or
  /// terminates.
  void watch(const caf::actor& watcher);

  void unwatch(const caf::actor_addr& watcher);

  /// Forgets all watchers.
  void clear();

  void publish(const supervision_event& event,
               caf_compat::execution_unit* unit);

  void publish(const client_event& event, caf_compat::execution_unit* unit);

private:
  template <class Event>
  void publish_to_all(const Event& event, caf_compat::execution_unit* unit);

  std::atomic<bool> watched_{false};
  std::mutex mtx_;
  std::vector<caf::actor> watchers_;
};

using event_stream_ptr = std::shared_ptr<event_stream>;

} // namespace zenws
