// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <span>
#include <thread>

namespace zenws {

/// The signals by which users and systems end a program.
inline constexpr std::array interrupts{SIGINT, SIGTERM};

/// Keeps signals from having their usual effect: a `signal_watch` is to receive
/// them. Call it before there are threads, they inherit it.
void block_signals(std::span<const int> signals);

/// Waits for signals that are blocked.
class signal_watch {
public:
  /// @param callback called in another thread, once per signal.
  signal_watch(std::span<const int> signals, std::function<void(int)> callback);

  signal_watch(const signal_watch&) = delete;

  signal_watch& operator=(const signal_watch&) = delete;

  ~signal_watch();

private:
  std::atomic<bool> stopping_ = false;
  int first_;
  std::thread thread_;
};

} // namespace zenws
