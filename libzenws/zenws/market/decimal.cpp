// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/decimal.hpp"

#include "zenws/market/internal/powers_of_ten.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace zenws::market {

namespace {

/// Prices are shorter.
constexpr size_t max_text = 64;

using internal::powers_of_ten;

/// @pre `exponent < powers_of_ten.size()`
constexpr uint64_t power_of_ten(size_t exponent) noexcept {
  return static_cast<uint64_t>(powers_of_ten[exponent]);
}

constexpr auto max_mantissa
  = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());

// -- reading ------------------------------------------------------------------

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

/// Digits on their way to become a number. Zeros wait until another digit
/// follows, so that those at the end only count.
class mantissa_reader {
public:
  /// Takes the digits off the front of `text` and returns their number.
  int take_digits(std::string_view& text) noexcept {
    size_t count = 0;
    for (; count < text.size(); ++count) {
      auto digit = static_cast<unsigned char>(text[count] - '0');
      if (digit > 9)
        break;
      if (digit == 0)
        ++zeros_;
      else
        append(digit);
    }
    text.remove_prefix(count);
    return static_cast<int>(count);
  }

  uint64_t value() const noexcept {
    return value_;
  }

  /// Zeros at the end, which the value does not contain.
  int zeros() const noexcept {
    return static_cast<int>(zeros_);
  }

  bool overflow() const noexcept {
    return overflow_;
  }

private:
  void append(uint64_t digit) noexcept {
    // Zeros before the first other digit are worth nothing.
    auto shift = value_ == 0 ? 1 : zeros_ + 1;
    zeros_ = 0;
    size_ += shift;
    // Up to 18 digits always fit; nearly no number has more.
    if (size_ > 18 && !fits(shift, digit)) [[unlikely]] {
      overflow_ = true;
      return;
    }
    value_ = value_ * power_of_ten(shift) + digit;
  }

  bool fits(size_t shift, uint64_t digit) const noexcept {
    return shift < powers_of_ten.size()
           && value_ <= (max_mantissa - digit) / power_of_ten(shift);
  }

  uint64_t value_ = 0;
  size_t size_ = 0;
  size_t zeros_ = 0;
  bool overflow_ = false;
};

/// Reads the exponent behind an 'e'. Nothing if it is out of range for a price.
std::optional<int> take_exponent(std::string_view& text) noexcept {
  auto negative = take(text, '-');
  if (!negative)
    take(text, '+');
  auto last = text.data() + text.size();
  int result = 0;
  auto [end, ec] = std::from_chars(text.data(), last, result);
  if (ec != std::errc{} || result < 0 || result > 1000 || text.front() == '-')
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return negative ? -result : result;
}

// -- comparing ----------------------------------------------------------------

uint64_t magnitude(int64_t x) noexcept {
  return x < 0 ? -static_cast<uint64_t>(x) : static_cast<uint64_t>(x);
}

int digits_of(uint64_t x) noexcept {
  int result = 0;
  while (result < 19 && x >= power_of_ten(static_cast<size_t>(result)))
    ++result;
  return result;
}

/// Compares positive numbers.
std::strong_ordering compare(uint64_t x, int x_exponent, uint64_t y,
                             int y_exponent) noexcept {
  if (x_exponent == y_exponent)
    return x <=> y;
  auto x_digits = digits_of(x);
  auto y_digits = digits_of(y);
  if (x_digits + x_exponent != y_digits + y_exponent)
    return x_digits + x_exponent <=> y_digits + y_exponent;
  // Equally long in digits, so the one with fewer digits can be filled
  // up with zeros.
  if (x_digits < y_digits)
    return x * power_of_ten(static_cast<size_t>(y_digits - x_digits)) <=> y;
  return x <=> y * power_of_ten(static_cast<size_t>(x_digits - y_digits));
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

std::optional<decimal> decimal::parse(std::string_view text,
                                      uint8_t& places) noexcept {
  if (text.size() > max_text)
    return std::nullopt;
  auto negative = take(text, '-');
  auto leading_zero = text.starts_with('0');
  mantissa_reader digits;
  auto count = digits.take_digits(text);
  if (count == 0 || (count > 1 && leading_zero))
    return std::nullopt;
  int exponent = 0;
  if (take(text, '.')) {
    exponent = -digits.take_digits(text);
    if (exponent == 0)
      return std::nullopt;
  }
  if (take(text, 'e') || take(text, 'E')) {
    auto shift = take_exponent(text);
    if (!shift)
      return std::nullopt;
    exponent += *shift;
  }
  if (!text.empty() || digits.overflow())
    return std::nullopt;
  places = static_cast<uint8_t>(std::clamp(-exponent, 0, 255));
  if (digits.value() == 0)
    return decimal{};
  exponent += digits.zeros();
  if (exponent > max_exponent || exponent < -max_exponent)
    return std::nullopt;
  auto mantissa = static_cast<int64_t>(digits.value());
  return decimal{negative ? -mantissa : mantissa, exponent};
}

std::optional<decimal> decimal::make(int64_t mantissa, int exponent) noexcept {
  if (mantissa == 0)
    return decimal{};
  if (exponent > max_exponent)
    return std::nullopt;
  for (; mantissa % 10 == 0; mantissa /= 10)
    ++exponent;
  if (exponent > max_exponent || exponent < -max_exponent)
    return std::nullopt;
  return decimal{mantissa, exponent};
}

// -- properties ---------------------------------------------------------------

std::optional<int64_t> decimal::units(int places) const noexcept {
  if (is_zero())
    return 0;
  auto shift = exponent_ + places;
  if (shift < 0 || shift >= static_cast<int>(powers_of_ten.size()))
    return std::nullopt;
  auto factor = power_of_ten(static_cast<size_t>(shift));
  auto value = magnitude(mantissa_);
  if (value > max_mantissa / factor)
    return std::nullopt;
  auto result = static_cast<int64_t>(value * factor);
  return mantissa_ < 0 ? -result : result;
}

double decimal::to_double() const noexcept {
  auto mantissa = static_cast<double>(mantissa_);
  auto power = std::pow(10.0, std::abs(exponent_));
  return exponent_ < 0 ? mantissa / power : mantissa * power;
}

std::strong_ordering decimal::operator<=>(const decimal& other) const noexcept {
  auto sign = [](int64_t x) { return (x > 0) - (x < 0); };
  if (sign(mantissa_) != sign(other.mantissa_) || mantissa_ == 0)
    return sign(mantissa_) <=> sign(other.mantissa_);
  auto result = compare(magnitude(mantissa_), exponent_,
                        magnitude(other.mantissa_), other.exponent_);
  return mantissa_ > 0 ? result : 0 <=> result;
}

// -- free functions -----------------------------------------------------------

std::string to_string(decimal x) {
  auto result = std::to_string(magnitude(x.mantissa()));
  if (x.exponent() >= 0) {
    result.append(static_cast<size_t>(x.exponent()), '0');
  } else {
    auto places = static_cast<size_t>(-x.exponent());
    if (result.size() <= places)
      result.insert(0, places + 1 - result.size(), '0');
    result.insert(result.size() - places, 1, '.');
  }
  return x.mantissa() < 0 ? '-' + result : result;
}

} // namespace zenws::market
