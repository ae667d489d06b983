// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/log/log.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

namespace zenws {

/// Limits how many log entries of a kind are written in a window of time, and
/// tells how many were left out when it has ended. Entries are of the same kind
/// if they have the same level and component, and texts that differ by numbers
/// and quoted names only.
///
/// Pure: the caller brings the time. Not thread-safe.
class log_limiter {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constants --------------------------------------------------------------

  /// Length of a window, which begins with the first entry of a kind.
  static constexpr std::chrono::seconds window{10};

  /// Kinds that are known at a time; the one with the oldest window makes room
  /// for the next.
  static constexpr size_t max_kinds = 512;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param rate entries of a kind in a window; 0 for any number.
  explicit log_limiter(size_t rate) noexcept : rate_(rate) {
    // nop
  }

  // -- entries ----------------------------------------------------------------

  /// Passes an entry to `out` unless there were enough of its kind, behind what
  /// is told about those that were left out earlier.
  void take(const log_entry& entry, time_point now, const log_sink& out);

  /// Tells of windows that have ended.
  void tell_ended(time_point now, const log_sink& out);

  /// Tells of all windows, and forgets them.
  void tell_all(const log_sink& out);

private:
  struct kind {
    time_point begin;
    size_t passed = 0;
    size_t left_out = 0;
    log_entry last_left_out{};
  };

  static void tell(const kind& ended, const log_sink& out);

  void make_room(const log_sink& out);

  size_t rate_;
  std::unordered_map<std::string, kind> kinds_;
};

} // namespace zenws
