// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/credit_pool.hpp"

#include <algorithm>

namespace zenws::sim {

bool credit_pool::take(std::chrono::microseconds now) noexcept {
  // A clock that was set back brings nothing.
  auto passed = last_ ? std::max(now - *last_, now.zero()) : now.zero();
  last_ = now;
  auto earned = std::chrono::duration<double>{passed}.count()
                * static_cast<double>(limit_.refill_per_second);
  credits_ = std::min(credits_ + earned, static_cast<double>(limit_.pool));
  auto price = static_cast<double>(limit_.cost);
  if (credits_ < price)
    return false;
  credits_ -= price;
  return true;
}

} // namespace zenws::sim
