// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/signal_watch.hpp"

#include <pthread.h>

#include <utility>

namespace zenws {

namespace {

sigset_t set_of(std::span<const int> signals) {
  sigset_t result;
  sigemptyset(&result);
  for (auto x : signals)
    sigaddset(&result, x);
  return result;
}

} // namespace

void block_signals(std::span<const int> signals) {
  auto blocked = set_of(signals);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

signal_watch::signal_watch(std::span<const int> signals,
                           std::function<void(int)> callback)
  : first_(signals.front()) {
  thread_ = std::thread{
    [this, awaited = set_of(signals), callback = std::move(callback)] {
      for (;;) {
        int received = 0;
        sigwait(&awaited, &received);
        if (stopping_)
          return;
        callback(received);
      }
    }};
}

signal_watch::~signal_watch() {
  stopping_ = true;
  pthread_kill(thread_.native_handle(), first_);
  thread_.join();
}

} // namespace zenws
