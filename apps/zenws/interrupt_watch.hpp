// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/signal_watch.hpp"

#include <functional>
#include <span>
#include <utility>

namespace zenws::tool {

/// Receives the signals by which users end a program. The second one ends it at
/// once. Create it before there are other threads.
class interrupt_watch {
public:
  /// @param on_first called in another thread.
  explicit interrupt_watch(std::function<void()> on_first) : watch_(blocked()) {
    watch_.pass_to([call = std::move(on_first)](int) { call(); });
  }

private:
  static std::span<const int> blocked() {
    block_signals(interrupts);
    return interrupts;
  }

  signal_watch watch_;
};

} // namespace zenws::tool
