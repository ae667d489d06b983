// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"

#include <optional>

namespace zenws::internal {

/// Adds decimals exactly, in integers of 128 bits.
class exact_sum {
public:
  /// Adds a number, or subtracts it. Returns false if the result cannot be
  /// kept exactly; the sum is useless then.
  bool add(market::decimal x) noexcept;

  bool subtract(market::decimal x) noexcept;

  bool is_positive() const noexcept {
    return value_ > 0;
  }

  /// Nothing if the sum does not fit.
  std::optional<market::decimal> value() const noexcept;

  /// Returns the sum nearly exactly.
  double to_double() const noexcept;

private:
  __extension__ using wide = __int128;

  /// Brings the sum and a number to the smaller of their exponents.
  bool align(wide& mantissa, int exponent) noexcept;

  /// The sum is `value_` times ten to the power of `exponent_`.
  wide value_ = 0;
  int exponent_ = market::decimal::max_exponent;
};

} // namespace zenws::internal
