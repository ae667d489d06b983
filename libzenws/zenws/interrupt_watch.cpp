// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/interrupt_watch.hpp"

#include <pthread.h>

#include <utility>

namespace zenws {

namespace {

sigset_t interrupts() {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGINT);
  sigaddset(&result, SIGTERM);
  return result;
}

} // namespace

void block_interrupts() {
  auto signals = interrupts();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

interrupt_watch::interrupt_watch(std::function<void()> callback) {
  thread_ = std::thread{[this, callback = std::move(callback)] {
    auto signals = interrupts();
    for (;;) {
      int received = 0;
      sigwait(&signals, &received);
      if (stopping_)
        return;
      callback();
    }
  }};
}

interrupt_watch::~interrupt_watch() {
  stopping_ = true;
  pthread_kill(thread_.native_handle(), SIGINT);
  thread_.join();
}

} // namespace zenws
