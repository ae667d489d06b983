#pragma once

#include "zenws/actors/supervision_messages.hpp"
#include "zenws/supervision.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace zenws::detail {

/// Wakes a supervisor with `supervision_due` when its supervision wants to be.
class supervision_timer {
public:
  /// Call it after each change of the supervision.
  template <class Self>
  void arm(Self& self, const supervision& what) {
    using std::chrono::milliseconds;
    auto due = what.wake_at();
    if (!due || (due_ && *due_ <= *due))
      return;
    due_ = due;
    auto delay = std::chrono::ceil<milliseconds>(*due - self.clock().now());
    self.delayed_send(&self, std::max(delay, milliseconds{0}),
                      supervision_due{});
  }

  /// Call it when `supervision_due` has come.
  void fired() noexcept {
    due_ = std::nullopt;
  }

private:
  std::optional<supervision::time_point> due_;
};

} // namespace zenws::detail
