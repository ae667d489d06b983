// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"

#include <optional>

namespace zenws::market {

/// Adds decimals exactly, in integers of 128 bits.
class exact_sum {
public:
  /// Adds a number, or subtracts it.
  /// @returns `false` if the result cannot be kept exactly. From then on, there
  ///          is no value.
  bool add(decimal x) noexcept;

  bool subtract(decimal x) noexcept;

  bool is_positive() const noexcept {
    return value_ > 0;
  }

  /// Nothing if the sum does not fit, or did not at any time.
  std::optional<decimal> value() const noexcept;

  /// Returns the sum nearly exactly.
  double to_double() const noexcept;

private:
  __extension__ using wide = __int128;

  /// Brings the sum and a number to the smaller of their exponents.
  bool align(wide& mantissa, int exponent) noexcept;

  /// The sum is `value_` times ten to the power of `exponent_`.
  wide value_ = 0;
  int exponent_ = decimal::max_exponent;
  bool is_exact_ = true;
};

} // namespace zenws::market
