// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace zenws {

/// Number of restarts that are accepted in a period before the supervisor gives
/// up (Erlang/OTP, supervisor: intensity and period).
struct restart_limit {
  size_t max_restarts = 10;

  std::chrono::milliseconds period = std::chrono::seconds{60};
};

/// Returns a limit in words, such as "10 in 60 s".
inline std::string to_string(const restart_limit& limit) {
  auto ms = limit.period.count();
  return std::to_string(limit.max_restarts) + " in "
         + (ms % 1000 == 0 ? std::to_string(ms / 1000) + " s"
                           : std::to_string(ms) + " ms");
}

/// Counts restarts in a sliding window.
///
/// Pure: the caller brings the time. Not thread-safe.
class restart_intensity {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit restart_intensity(restart_limit limit) noexcept : limit_(limit) {
    // nop
  }

  /// Counts a death that asks for a restart. It counts from the death, not
  /// from the restart: a child that is slow to start must not escape the limit.
  /// @returns `false` if this is more than the limit allows.
  bool admit(time_point now) {
    forget(now);
    stamps_.push_back(now);
    return stamps_.size() <= limit_.max_restarts;
  }

  /// Restarts in the window that ends at `now`.
  size_t count(time_point now) {
    forget(now);
    return stamps_.size();
  }

private:
  void forget(time_point now) {
    auto is_recent = [&](time_point x) { return now - x < limit_.period; };
    stamps_.erase(stamps_.begin(),
                  std::find_if(stamps_.begin(), stamps_.end(), is_recent));
  }

  restart_limit limit_;
  std::vector<time_point> stamps_; // the oldest first
};

} // namespace zenws
