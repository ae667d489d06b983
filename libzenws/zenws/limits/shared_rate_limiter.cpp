// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/limits/shared_rate_limiter.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

namespace zenws {

struct shared_rate_limiter::state {
  state(const std::vector<rate_limit>& limits, std::string name)
    : owner(std::move(name)), limiter(limits) {
    // nop
  }

  const std::string owner;

  std::mutex mtx;
  rate_limiter limiter; // guarded by mtx
};

// -- shared_rate_limiter ------------------------------------------------------

shared_rate_limiter::shared_rate_limiter(const std::vector<rate_limit>& limits,
                                         std::string owner)
  : state_(std::make_shared<state>(limits, std::move(owner))) {
  // nop
}

const std::string& shared_rate_limiter::owner() const noexcept {
  return state_->owner;
}

std::optional<rate_refusal> shared_rate_limiter::check(rate_charges charges,
                                                       time_point now) const {
  std::lock_guard guard{state_->mtx};
  return state_->limiter.check(charges, now);
}

std::vector<shared_rate_limiter::status>
shared_rate_limiter::available(time_point now) const {
  std::lock_guard guard{state_->mtx};
  return state_->limiter.available(now);
}

std::optional<rate_refusal> shared_rate_limiter::acquire(rate_charges charges,
                                                         time_point now) {
  std::lock_guard guard{state_->mtx};
  return state_->limiter.acquire(charges, now);
}

std::optional<rate_refusal> shared_rate_limiter::acquire(rate_charge charge,
                                                         time_point now) {
  return acquire(rate_charges{&charge, 1}, now);
}

void shared_rate_limiter::charge(rate_charges charges, time_point now) {
  std::lock_guard guard{state_->mtx};
  state_->limiter.charge(charges, now);
}

void shared_rate_limiter::charge(rate_charge charge, time_point now) {
  this->charge(rate_charges{&charge, 1}, now);
}

// -- rate_gate ----------------------------------------------------------------

rate_gate::rate_gate(std::vector<rate_limit> own,
                     std::vector<shared_rate_limiter> shared)
  : limits_(std::move(own)), own_(limits_), shared_(std::move(shared)) {
  // All gates lock in this order, so that none waits for another in a circle.
  auto before = [](const shared_rate_limiter& x, const shared_rate_limiter& y) {
    return std::less<>{}(x.state_.get(), y.state_.get());
  };
  auto same = [](const shared_rate_limiter& x, const shared_rate_limiter& y) {
    return x.state_ == y.state_;
  };
  std::sort(shared_.begin(), shared_.end(), before);
  shared_.erase(std::unique(shared_.begin(), shared_.end(), same),
                shared_.end());
}

void rate_gate::reconnected() {
  own_ = rate_limiter{limits_};
}

void rate_gate::slow_down() {
  for (auto& limit : limits_)
    limit = slowed(std::move(limit));
}

std::optional<rate_refusal> rate_gate::acquire(rate_charges charges,
                                               time_point now) {
  return acquire_from(0, charges, now, own_.check(charges, now));
}

void rate_gate::charge(rate_charges charges, time_point now) {
  own_.charge(charges, now);
  for (auto& x : shared_)
    x.charge(charges, now);
}

// Holds the lock of each shared limiter until the innermost call has decided.
std::optional<rate_refusal>
rate_gate::acquire_from(size_t index, rate_charges charges, time_point now,
                        std::optional<rate_refusal> refusal) {
  if (index == shared_.size()) {
    if (!refusal)
      own_.charge(charges, now);
    return refusal;
  }
  auto& [owner, mtx, limiter] = *shared_[index].state_;
  std::lock_guard guard{mtx};
  refusal = longer(std::move(refusal), limiter.check(charges, now));
  refusal = acquire_from(index + 1, charges, now, std::move(refusal));
  if (!refusal)
    limiter.charge(charges, now);
  return refusal;
}

} // namespace zenws
