// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/exact_sum.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace zenws::market {

namespace {

/// Multiplies by a power of ten.
template <class Int>
bool scale_up(Int& value, int power) noexcept {
  for (; power > 0 && value != 0; --power)
    if (__builtin_mul_overflow(value, Int{10}, &value))
      return false;
  return true;
}

} // namespace

bool exact_sum::align(wide& mantissa, int exponent) noexcept {
  if (exponent >= exponent_)
    return scale_up(mantissa, exponent - exponent_);
  auto power = exponent_ - exponent;
  exponent_ = exponent;
  return scale_up(value_, power);
}

bool exact_sum::add(decimal x) noexcept {
  wide mantissa = x.mantissa();
  is_exact_ &= x.is_zero()
               || (align(mantissa, x.exponent())
                   && !__builtin_add_overflow(value_, mantissa, &value_));
  return is_exact_;
}

bool exact_sum::subtract(decimal x) noexcept {
  wide mantissa = x.mantissa();
  is_exact_ &= x.is_zero()
               || (align(mantissa, x.exponent())
                   && !__builtin_sub_overflow(value_, mantissa, &value_));
  return is_exact_;
}

std::optional<decimal> exact_sum::value() const noexcept {
  if (!is_exact_)
    return std::nullopt;
  auto mantissa = value_;
  auto exponent = exponent_;
  for (; mantissa != 0 && mantissa % 10 == 0; mantissa /= 10)
    ++exponent;
  if (mantissa > std::numeric_limits<int64_t>::max()
      || mantissa < std::numeric_limits<int64_t>::min())
    return std::nullopt;
  return decimal::make(static_cast<int64_t>(mantissa), exponent);
}

double exact_sum::to_double() const noexcept {
  auto mantissa = static_cast<double>(value_);
  auto power = std::pow(10.0, std::abs(exponent_));
  return exponent_ < 0 ? mantissa / power : mantissa * power;
}

} // namespace zenws::market
