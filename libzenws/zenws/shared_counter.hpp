// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"

#include <atomic>
#include <cstdint>

namespace zenws {

/// A number that one thread changes and any thread reads, without a lock and
/// without a read-modify-write cycle of the memory bus.
///
/// What is read may be a moment old, but never torn. The thread that writes may
/// be another one later if something else orders the two.
class shared_counter {
public:
  uint64_t get() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

  void add(uint64_t count) noexcept {
    set(get() + count);
  }

  shared_counter& operator++() noexcept {
    add(1);
    return *this;
  }

  shared_counter& operator--() noexcept {
    set(get() - 1);
    return *this;
  }

  void set(uint64_t value) noexcept {
    value_.store(value, std::memory_order_relaxed);
  }

private:
  std::atomic<uint64_t> value_{0};
};

} // namespace zenws
