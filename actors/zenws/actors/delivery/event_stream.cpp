// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/delivery/event_stream.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

void event_stream::watch(const caf::actor& watcher) {
  {
    std::lock_guard guard{mtx_};
    if (std::find(watchers_.begin(), watchers_.end(), watcher)
        != watchers_.end())
      return;
    watchers_.push_back(watcher);
    watched_ = true;
  }
  watcher->attach_functor([weak = weak_from_this(), addr = watcher.address()] {
    if (auto self = weak.lock())
      self->unwatch(addr);
  });
}

void event_stream::unwatch(const caf::actor_addr& watcher) {
  caf::actor gone; // lives longer than the lock
  std::lock_guard guard{mtx_};
  auto i = std::find_if(watchers_.begin(), watchers_.end(),
                        [&](auto& x) { return x.address() == watcher; });
  if (i == watchers_.end())
    return;
  gone = std::move(*i);
  watchers_.erase(i);
  watched_ = !watchers_.empty();
}

void event_stream::clear() {
  std::vector<caf::actor> gone;
  std::lock_guard guard{mtx_};
  gone.swap(watchers_);
  watched_ = false;
}

void event_stream::publish(const supervision_event& event,
                           caf_compat::execution_unit* unit) {
  publish_to_all(event, unit);
}

void event_stream::publish(const client_event& event,
                           caf_compat::execution_unit* unit) {
  publish_to_all(event, unit);
}

template <class Event>
void event_stream::publish_to_all(const Event& event,
                                  caf_compat::execution_unit* unit) {
  if (!watched_)
    return;
  // Under the lock, so that the events of one child stay in order.
  std::lock_guard guard{mtx_};
  for (auto& x : watchers_)
    caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(x), nullptr,
                        event, unit);
}

} // namespace zenws
