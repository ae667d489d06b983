// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/delivery/delivery_budget.hpp"

#include <utility>

namespace zenws {

delivery_budget::delivery_budget(size_t limit) : limit_(limit) {
  // nop
}

void delivery_budget::release(size_t bytes) noexcept {
  // Sequential consistency: either we see `waiting_`, or `wait_for_drain` sees
  // the bytes given back.
  auto before = outstanding_.fetch_sub(bytes);
  if (!drained(before - bytes) || !waiting_.load())
    return;
  if (!waiting_.exchange(false))
    return;
  std::lock_guard guard{mtx_};
  if (on_drained_)
    on_drained_();
}

bool delivery_budget::wait_for_drain() noexcept {
  waiting_.store(true);
  return !(drained(outstanding_.load()) && waiting_.exchange(false));
}

void delivery_budget::on_drained(std::function<void()> callback) {
  std::lock_guard guard{mtx_};
  on_drained_ = std::move(callback);
}

} // namespace zenws
