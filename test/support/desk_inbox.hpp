// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "world.hpp"

#include "zenws/actors/desk/desk_messages.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

namespace zenws::test_support {

/// What a desk has told. Thread-safe.
class desk_inbox {
public:
  template <class T>
  void put(const T& x, const caf::actor_addr& from) {
    std::lock_guard guard{mtx_};
    sources_.insert(from);
    if constexpr (std::is_same_v<T, trading::order_event>)
      events_.push_back(x);
    else if constexpr (std::is_same_v<T, trading::fill>)
      fills_.push_back(x);
    else if constexpr (std::is_same_v<T, desk_state_changed>)
      states_.push_back(x);
    changed_.notify_all();
  }

  bool wait_for_state(trading::desk_state state) const {
    return wait(
      [&] { return !states_.empty() && states_.back().state == state; });
  }

  /// Number of states that were told.
  size_t count_states() const {
    std::lock_guard guard{mtx_};
    return states_.size();
  }

  /// Waits for a state, however short, after the first `n`.
  bool wait_for_state_after(size_t n, trading::desk_state state) const {
    return wait([&] {
      for (auto i = n; i < states_.size(); ++i)
        if (states_[i].state == state)
          return true;
      return false;
    });
  }

  /// Waits until an instrument has been in a state, for a reason.
  bool wait_for_state(trading::desk_state state, ec reason) const {
    return wait([&] {
      return std::ranges::any_of(states_, [&](auto& x) {
        return x.state == state && x.reason.code == reason;
      });
    });
  }

  /// Waits for an event of any order.
  std::optional<trading::order_event>
  wait_for(trading::order_event_kind kind) const {
    std::optional<trading::order_event> result;
    wait([&] {
      for (auto& x : events_)
        if (x.kind == kind)
          result = x;
      return result.has_value();
    });
    return result;
  }

  /// Waits for an event of an order.
  std::optional<trading::order_event>
  wait_for(const trading::client_order_id& id,
           trading::order_event_kind kind) const {
    std::optional<trading::order_event> result;
    wait([&] {
      for (auto& x : events_)
        if (x.content.key.id == id && x.kind == kind)
          result = x;
      return result.has_value();
    });
    return result;
  }

  std::optional<trading::fill>
  wait_for_fill(std::function<bool(const trading::fill&)> pred) const {
    std::optional<trading::fill> result;
    wait([&] {
      for (auto& x : fills_)
        if (pred(x))
          result = x;
      return result.has_value();
    });
    return result;
  }

  std::vector<trading::order_event> events() const {
    std::lock_guard guard{mtx_};
    return events_;
  }

  /// Forgets what was told so far.
  void clear() {
    std::lock_guard guard{mtx_};
    events_.clear();
    fills_.clear();
    states_.clear();
  }

  bool wait_for_fills(size_t count) const {
    return wait([&] { return fills_.size() >= count; });
  }

  std::vector<trading::fill> fills() const {
    std::lock_guard guard{mtx_};
    return fills_;
  }

  /// Those whose addresses news came from.
  std::set<caf::actor_addr> sources() const {
    std::lock_guard guard{mtx_};
    return sources_;
  }

private:
  template <class Predicate>
  bool wait(Predicate pred) const {
    std::unique_lock guard{mtx_};
    return changed_.wait_for(guard, patience, pred);
  }

  mutable std::mutex mtx_;
  mutable std::condition_variable changed_;
  std::vector<trading::order_event> events_;
  std::vector<trading::fill> fills_;
  std::vector<desk_state_changed> states_;
  std::set<caf::actor_addr> sources_;
};

using desk_inbox_ptr = std::shared_ptr<desk_inbox>;

/// Puts all that a desk tells into an inbox.
class desk_collector : public desk_watcher::base {
public:
  desk_collector(caf::actor_config& cfg, desk_inbox_ptr to)
    : desk_watcher::base(cfg), to_(std::move(to)) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [this](const trading::order_event& x) { put(x); },
      [this](const trading::fill& x) { put(x); },
      [this](const trading::position& x) { put(x); },
      [this](const trading::balance& x) { put(x); },
      [this](const desk_state_changed& x) { put(x); },
      [this](const desk_request_failed& x) { put(x); },
    };
  }

private:
  template <class T>
  void put(const T& x) {
    to_->put(x, caf::actor_cast<caf::actor_addr>(current_sender()));
  }

  desk_inbox_ptr to_;
};

} // namespace zenws::test_support
