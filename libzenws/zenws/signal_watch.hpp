// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <mutex>
#include <set>
#include <span>
#include <thread>

namespace zenws {

/// The signals by which users and systems end a program.
inline constexpr std::array interrupts{SIGINT, SIGTERM};

/// Keeps signals from having their usual effect: a `signal_watch` is to receive
/// them. Call it before there are threads, they inherit it.
void block_signals(std::span<const int> signals);

/// Waits for signals that are blocked. Declare it before whatever takes time to
/// end: the second of `interrupts` ends the process at once, without
/// destructors, with the exit code 128 + its number (130 for SIGINT).
class signal_watch {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Receives signals from now on, and keeps one of each for `pass_to`.
  explicit signal_watch(std::span<const int> signals);

  signal_watch(const signal_watch&) = delete;

  signal_watch& operator=(const signal_watch&) = delete;

  ~signal_watch();

  // -- receiving --------------------------------------------------------------

  /// Passes signals to `callback` from now on, those that were kept first. An
  /// empty one has them kept; the earlier one is not running any more then.
  /// @param callback called by one thread at a time, once per signal; must not
  ///                 block.
  void pass_to(std::function<void(int)> callback);

private:
  void run(const sigset_t& awaited);

  void pass(int received);

  std::atomic<bool> stopping_ = false;
  int first_;
  std::mutex mtx_;
  std::function<void(int)> callback_; // guarded by mtx_
  std::set<int> kept_;                // guarded by mtx_
  std::thread thread_;
};

} // namespace zenws
