// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>

namespace zenws {

/// Number of bytes that one subscriber may hold before its overflow policy
/// applies. Counts everything that is delivered and still referenced.
///
/// `charge`, `exhausted` and `wait_for_drain` belong to the thread that
/// delivers; `release` may be called from any thread.
class delivery_budget {
public:
  // -- constructors, destructors, and assignment operators ------------------

  /// @param limit bytes that may be outstanding.
  explicit delivery_budget(size_t limit);

  delivery_budget(const delivery_budget&) = delete;

  delivery_budget& operator=(const delivery_budget&) = delete;

  // -- properties -------------------------------------------------------------

  size_t limit() const noexcept {
    return limit_;
  }

  size_t outstanding() const noexcept {
    return outstanding_.load(std::memory_order_acquire);
  }

  bool exhausted() const noexcept {
    return outstanding() >= limit_;
  }

  // -- accounting -------------------------------------------------------------

  void charge(size_t bytes) noexcept {
    outstanding_.fetch_add(bytes, std::memory_order_relaxed);
  }

  void release(size_t bytes) noexcept;

  /// Sets the function that is called, on the thread that gives the bytes back,
  /// once half of the limit is free again after `wait_for_drain`. Null to stop
  /// the calls.
  void on_drained(std::function<void()> callback);

  /// Asks for one call of `on_drained`.
  /// @returns `false` if there is nothing to wait for.
  bool wait_for_drain() noexcept;

private:
  bool drained(size_t outstanding) const noexcept {
    return outstanding <= limit_ / 2;
  }

  size_t limit_;
  std::atomic<size_t> outstanding_{0};
  std::atomic<bool> waiting_{false};
  std::mutex mtx_;
  std::function<void()> on_drained_;
};

} // namespace zenws
