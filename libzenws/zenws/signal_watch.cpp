// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/signal_watch.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
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

// As of a shell for a process that a signal ended.
constexpr int signal_exit_base = 128;

} // namespace

void block_signals(std::span<const int> signals) {
  auto blocked = set_of(signals);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

signal_watch::signal_watch(std::span<const int> signals)
  : first_(signals.front()) {
  thread_ = std::thread{[this, awaited = set_of(signals)] { run(awaited); }};
}

signal_watch::~signal_watch() {
  stopping_ = true;
  pthread_kill(thread_.native_handle(), first_);
  thread_.join();
}

void signal_watch::pass_to(std::function<void(int)> callback) {
  std::lock_guard guard{mtx_};
  callback_ = std::move(callback);
  if (callback_)
    for (auto x : std::exchange(kept_, {}))
      callback_(x);
}

void signal_watch::run(const sigset_t& awaited) {
  auto interrupted = false;
  for (;;) {
    int received = 0;
    sigwait(&awaited, &received);
    if (stopping_)
      return;
    if (std::ranges::find(interrupts, received) != interrupts.end()
        && std::exchange(interrupted, true))
      _exit(signal_exit_base + received);
    pass(received);
  }
}

void signal_watch::pass(int received) {
  std::lock_guard guard{mtx_};
  if (callback_)
    callback_(received);
  else
    kept_.insert(received);
}

} // namespace zenws
