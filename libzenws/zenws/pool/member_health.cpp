// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/pool/member_health.hpp"

#include <algorithm>

namespace zenws {

using std::chrono::microseconds;

void member_health::sent(time_point now) noexcept {
  if (pending_++ == 0)
    silent_since_ = now;
}

void member_health::answered(microseconds latency, time_point now) noexcept {
  over(now);
  errors_ = 0;
  latency_ = latency_.count() == 0 ? latency
                                   : latency_ + (latency - latency_) / 8;
}

void member_health::failed(time_point now) noexcept {
  errors_ = errors(now) + 1;
  last_error_ = now;
  if (pending_ > 0)
    --pending_;
}

void member_health::withdrawn(time_point now) noexcept {
  over(now);
}

bool member_health::hangs(time_point now) const noexcept {
  return pending_ > 0 && now - silent_since_ >= cfg_.hung_after;
}

size_t member_health::errors(time_point now) const noexcept {
  return now - last_error_ < cfg_.error_memory ? errors_ : 0;
}

uint8_t member_health::score(time_point now) const noexcept {
  if (hangs(now))
    return hung;
  auto slow = static_cast<size_t>(latency_ / std::chrono::milliseconds{25});
  auto loss = std::min<size_t>(10 * pending_, 40) + std::min<size_t>(slow, 30)
              + std::min<size_t>(15 * errors(now), 20);
  return static_cast<uint8_t>(best - loss);
}

void member_health::over(time_point now) noexcept {
  if (pending_ > 0)
    --pending_;
  silent_since_ = now;
}

} // namespace zenws
