// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"

#include <cstdint>
#include <optional>

namespace zenws::engine {

/// Returns a number of steps, such as ticks or lots, as a price or an amount;
/// nothing if it is not above zero or cannot be kept.
/// @param count a whole number.
/// @pre `step` is positive.
inline std::optional<market::decimal> whole_steps(double count,
                                                  market::decimal step) {
  constexpr double max_count = 9e15; // exact in a double
  if (!(count >= 1) || count > max_count
      || step.mantissa() > INT64_MAX / static_cast<int64_t>(count))
    return std::nullopt;
  return market::decimal::make(static_cast<int64_t>(count) * step.mantissa(),
                               step.exponent());
}

} // namespace zenws::engine
