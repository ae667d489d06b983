// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

namespace zenws {

/// A line at a terminal that shows how far work has come, and goes away with
/// it. Work that is over soon shows none. Not thread-safe.
class progress_bar {
public:
  using clock = std::chrono::steady_clock;
  using write_fun = std::function<void(std::string_view)>;
  using now_fun = std::function<clock::time_point()>;

  // -- constants --------------------------------------------------------------

  /// Work that takes less shows no bar.
  static constexpr std::chrono::milliseconds patience{500};

  static constexpr std::chrono::milliseconds interval{100};

  // -- constructors, destructors, and assignment operators --------------------

  /// Writes to the standard error stream if that is a terminal, else nowhere.
  progress_bar();

  progress_bar(write_fun write, now_fun now);

  progress_bar(const progress_bar&) = delete;

  progress_bar& operator=(const progress_bar&) = delete;

  /// Takes the bar away.
  ~progress_bar();

  // -- transitions ------------------------------------------------------------

  /// Shows that `done` of `total` are done.
  void show(uint64_t done, uint64_t total);

private:
  write_fun write_;
  now_fun now_;
  clock::time_point next_;
  bool is_shown_ = false;
};

} // namespace zenws
