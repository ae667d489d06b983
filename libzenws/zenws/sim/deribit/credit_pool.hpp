// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace zenws::sim {

/// Credits that requests consume and time brings back.
///
/// Pure: the caller brings the time.
class credit_pool {
public:
  explicit credit_pool(const credit_limit& limit) noexcept
    : limit_(limit), credits_(static_cast<double>(limit.pool)) {
    // nop
  }

  /// Takes the price of one request. Returns false, and takes nothing, if the
  /// pool does not hold that much.
  bool take(std::chrono::microseconds now) noexcept;

private:
  credit_limit limit_;
  double credits_;
  std::optional<std::chrono::microseconds> last_;
};

} // namespace zenws::sim
