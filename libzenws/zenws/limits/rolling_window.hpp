// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace zenws {

/// A limit of the kind "at most `limit` in any time of length `period`".
struct rolling_window_config {
  /// Units in a window, 1 to `rolling_window::ceiling`.
  uint64_t limit = 1;

  /// Length of the window, at most `defaults::rate_period_ceiling`.
  std::chrono::nanoseconds period = std::chrono::seconds{1};

  bool operator==(const rolling_window_config&) const = default;
};

/// Units that return one period after they were taken, and may be overdrawn.
///
/// Exact: no window of length `period` ever contains more than `limit` units,
/// wherever it begins. A window includes its begin and excludes its end: units
/// taken at t are back at t + `period`, not earlier.
///
/// Debt is booked onto the units that return next, so the average rate holds
/// too: after 7 of 5 were taken, 3 are back after one period. Before that is
/// paid, nothing can be taken.
///
/// Memory: one entry of 16 bytes for each distinct time at which units were
/// taken during the last period, so at most `limit` of them however much is
/// overdrawn, and no more dead ones than living ones. Does not allocate once it
/// has grown to its size. Asking and taking cost O(log(entries)), amortized.
///
/// Pure: the caller brings the time, not before the epoch of the clock. A time
/// before the latest one counts as the latest one: threads read the clock
/// before they wait for a lock. Not thread-safe. Out-of-range values are
/// clamped; use `validate` to reject them.
class rolling_window {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constants --------------------------------------------------------------

  /// Largest limit, which bounds the memory to some 10 MB.
  static constexpr uint64_t ceiling = 1'000'000;

  /// Largest cost of one charge; a larger one counts as this.
  static constexpr uint64_t cost_ceiling = 1'000'000'000'000;

  // -- constructors, destructors, and assignment operators --------------------

  explicit rolling_window(const rolling_window_config& cfg) noexcept;

  // -- properties -------------------------------------------------------------

  /// The most that one request can ever take.
  uint64_t capacity() const noexcept {
    return limit_;
  }

  /// Returns the units that can be taken; negative in debt.
  int64_t available(time_point now);

  /// Returns the earliest time, `now` at the earliest, at which `cost` units
  /// can be taken if none are taken before. Exact to the nanosecond, the one
  /// before is too early. Beyond the range of the clock it is the end of it.
  /// @pre `cost <= capacity()`
  time_point ready_at(uint64_t cost, time_point now);

  // -- transitions ------------------------------------------------------------

  /// Takes `cost` units, even into debt.
  void charge(uint64_t cost, time_point now);

private:
  struct entry {
    time_point at;
    uint64_t total; // units ever booked, up to and including this entry
  };

  uint64_t booked() const noexcept;

  uint64_t size_of_first() const noexcept;

  void book(uint64_t units, time_point at);

  void drop_first();

  void advance(time_point now);

  void repay_whole_periods();

  uint64_t limit_;
  std::chrono::nanoseconds period_;
  std::vector<entry> entries_; // the oldest first; gone up to `first_`
  size_t first_ = 0;
  uint64_t forgotten_ = 0; // units ever booked before `first_`
  uint64_t debt_ = 0;      // if there is any, the window is full
  time_point last_{};
};

} // namespace zenws
