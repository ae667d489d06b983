// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <algorithm>
#include <chrono>

namespace zenws {

/// The time to let pass before the next try: it doubles from one failure to the
/// next.
class growing_pause {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::milliseconds;

  // -- constructors, destructors, and assignment operators --------------------

  constexpr growing_pause(duration first, duration most) noexcept
    : first_(first), most_(std::max(first, most)), next_(first) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  bool is_over(time_point now) const noexcept {
    return until_ <= now;
  }

  /// Returns the end of the pause.
  time_point until() const noexcept {
    return until_;
  }

  /// Returns the length of the next pause.
  duration next() const noexcept {
    return next_;
  }

  // -- transitions ------------------------------------------------------------

  /// Begins the next pause. Returns its length.
  duration begin(time_point now) noexcept {
    auto result = next_;
    until_ = now + result;
    next_ = std::min(result * 2, most_);
    return result;
  }

  /// The next pause is as short as the first.
  void reset() noexcept {
    next_ = first_;
  }

private:
  duration first_;
  duration most_;
  duration next_;
  time_point until_{};
};

} // namespace zenws
