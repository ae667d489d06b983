// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace zenws {

/// Keeps SIGINT and SIGTERM from ending the process: an `interrupt_watch` is
/// to receive them. Call it before there are threads, they inherit it.
void block_interrupts();

/// Waits for SIGINT (the user) and SIGTERM (the system).
class interrupt_watch {
public:
  /// @param callback called in another thread, once per signal.
  explicit interrupt_watch(std::function<void()> callback);

  interrupt_watch(const interrupt_watch&) = delete;

  interrupt_watch& operator=(const interrupt_watch&) = delete;

  ~interrupt_watch();

private:
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

} // namespace zenws
