// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "interrupt_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace zenws::tool {

/// Waits between the rounds of a verb that asks again and again. Create it
/// before there are other threads.
class round_clock {
public:
  round_clock()
    : watch_([this] {
        std::lock_guard guard{mtx_};
        is_over_ = true;
        ended_.notify_one();
      }) {
    // nop
  }

  /// Waits. Returns whether there is a next round: the user has not ended the
  /// program.
  bool wait(double seconds) {
    std::unique_lock guard{mtx_};
    ended_.wait_for(guard, std::chrono::duration<double>{seconds},
                    [this] { return is_over_; });
    return !is_over_;
  }

private:
  std::mutex mtx_;
  std::condition_variable ended_;
  bool is_over_ = false; // guarded by mtx_
  interrupt_watch watch_;
};

} // namespace zenws::tool
