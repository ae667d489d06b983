#pragma once

#include "zenws/actors/messages/supervision_messages.hpp"
#include "zenws/supervision/supervisor_logic.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <random>
#include <utility>
#include <variant>

namespace zenws::detail {

/// What supervisors of all kinds have in common: does what a supervision asks
/// for, and wakes it with `supervision_due` when it wants to be.
class supervisor_driver {
public:
  supervisor_driver() : random_(std::random_device{}()) {
    // nop
  }

  /// Has `self` perform `actions`, including what they lead to.
  template <class Self>
  void
  follow(Self& self, const supervisor_logic& what, supervisor_actions actions) {
    std::move(actions.begin(), actions.end(), std::back_inserter(actions_));
    if (std::exchange(following_, true))
      return;
    // Whatever an action leads to comes after those that are due already.
    for (size_t i = 0; i < actions_.size(); ++i) {
      auto action = actions_[i];
      std::visit([&](const auto& x) { self.perform(x); }, action);
    }
    actions_.clear();
    following_ = false;
    arm(self, what);
  }

  /// Call it when `supervision_due` has come.
  void fired() noexcept {
    due_ = std::nullopt;
  }

  /// Uniform in [0, 1).
  double jitter() {
    return std::uniform_real_distribution<double>{0.0, 1.0}(random_);
  }

private:
  template <class Self>
  void arm(Self& self, const supervisor_logic& what) {
    using std::chrono::milliseconds;
    auto due = what.wake_at();
    if (!due || (due_ && *due_ <= *due))
      return;
    due_ = due;
    auto delay = std::chrono::ceil<milliseconds>(*due - self.clock().now());
    self.delayed_send(&self, std::max(delay, milliseconds{0}),
                      supervision_due{});
  }

  supervisor_actions actions_;
  bool following_ = false;
  std::optional<supervisor_logic::time_point> due_;
  std::minstd_rand random_;
};

} // namespace zenws::detail
