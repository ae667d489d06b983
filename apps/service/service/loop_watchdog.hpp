// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace zenws {

class service_manager;

/// Tells again and again that all I/O loops of a runtime turn, for as long as
/// they do: one that is stuck makes it silent.
///
/// Declare it after the runtime.
class loop_watchdog {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param alive called by the thread of a loop; must not block.
  loop_watchdog(runtime& rt, std::function<void()> alive);

  loop_watchdog(const loop_watchdog&) = delete;

  loop_watchdog& operator=(const loop_watchdog&) = delete;

  /// Calls `alive` no more, except that a call that runs goes on.
  ~loop_watchdog();

  // -- asking -----------------------------------------------------------------

  /// Has each loop turn, and calls `alive` once all have. Does nothing while
  /// the earlier ones have not.
  void ask();

  /// Asks whenever `period` has passed, by a timer on the first loop.
  void ask_every(std::chrono::microseconds period);

private:
  class state;

  std::shared_ptr<state> state_;
};

/// Feeds the watchdog of `manager` by the turns of the loops, twice as often as
/// it demands.
/// @returns null if it has none.
std::unique_ptr<loop_watchdog> feed_watchdog(const service_manager& manager,
                                             runtime& rt);

} // namespace zenws
