// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/exact_sum.hpp"

#include <optional>

namespace zenws::internal {

/// Returns the sum of two numbers, nothing if it cannot be kept exactly.
inline std::optional<market::decimal> sum_of(market::decimal x,
                                             market::decimal y) noexcept {
  market::exact_sum result;
  result.add(x);
  result.add(y);
  return result.value();
}

/// Same for a difference.
inline std::optional<market::decimal>
difference_of(market::decimal x, market::decimal y) noexcept {
  market::exact_sum result;
  result.add(x);
  result.subtract(y);
  return result.value();
}

} // namespace zenws::internal
