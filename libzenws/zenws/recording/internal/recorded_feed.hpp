// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/recording/recording_server.hpp"
#include "zenws/recording/recording_source.hpp"
#include "zenws/venue/dialect.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace zenws::internal {

/// The messages of a recording that a venue sends by itself, with the time at
/// which each is due. Sans-I/O but for the file; not thread-safe.
class recorded_feed {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param options outlives the feed.
  explicit recorded_feed(const recording_server_options& options);

  /// Begins to count the time.
  void start(time_point now) noexcept {
    started_ = now;
  }

  /// Returns the next message, null at the end.
  const recorded_entry* peek();

  /// Returns when it is due.
  /// @pre `peek()` has returned a message
  time_point due() const noexcept;

  void pop() noexcept;

  /// Messages left behind.
  uint64_t sent() const noexcept {
    return sent_;
  }

  const error& failure() const noexcept {
    return source_.failure();
  }

private:
  bool is_wanted(const recorded_entry& entry);

  void take_time(const recorded_entry& entry);

  const recording_server_options& options_;
  recording_source source_;
  dialect_ptr venue_; // null if it reads nothing
  uint64_t epoch_ = 0;
  bool is_shown_ = false; // the entry of the source is wanted
  uint64_t sent_ = 0;
  time_point started_{};
  std::optional<std::chrono::system_clock::time_point> last_at_;
  std::chrono::system_clock::duration played_{0};
};

} // namespace zenws::internal
