// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace zenws::sim {

/// Admits so many events in any stretch of time. Pure: the caller brings the
/// time.
class sliding_window {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param limit 0 for any number
  sliding_window(size_t limit, std::chrono::milliseconds length)
    : limit_(limit), length_(length) {
    // nop
  }

  /// Counts an event. Returns false, and does not count it, if it is one too
  /// many.
  /// @param weight the number of events that it counts for
  bool admit(time_point now, size_t weight = 1) {
    if (limit_ == 0)
      return true;
    while (!events_.empty() && events_.front() + length_ <= now)
      events_.pop_front();
    if (events_.size() + weight > limit_)
      return false;
    events_.insert(events_.end(), weight, now);
    return true;
  }

private:
  size_t limit_;
  std::chrono::milliseconds length_;
  std::deque<time_point> events_;
};

} // namespace zenws::sim
