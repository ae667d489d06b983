// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::market {

/// A price or an amount, exactly as the venue writes it: an integer of up to 63
/// bits times a power of ten.
///
/// Each value has one representation, so that prices can be compared and be
/// keys. A fixed number of places would not do: one venue lists a coin at
/// 0.000000012, another one trades 200 billion of them.
class decimal {
public:
  // -- constants --------------------------------------------------------------

  /// Largest exponent, smallest if negative.
  static constexpr int max_exponent = 64;

  // -- constructors, destructors, and assignment operators --------------------

  constexpr decimal() noexcept = default;

  /// Returns a mantissa times a power of ten. Nothing if the exponent of the
  /// result is out of range.
  static std::optional<decimal> make(int64_t mantissa, int exponent) noexcept;

  /// Reads a number in the grammar of JSON. Nothing if it is none or if it
  /// cannot be kept exactly.
  static std::optional<decimal> parse(std::string_view text) noexcept {
    uint8_t places = 0;
    return parse(text, places);
  }

  /// Same, and tells the number of digits behind the point as written: 3 for
  /// "1.500", and 8 for "5e-8".
  static std::optional<decimal> parse(std::string_view text,
                                      uint8_t& places) noexcept;

  /// Reads a number of the usual form, without an exponent and with up to 18
  /// digits, from the front of a text.
  /// @returns the end of the number; null if it has another form.
  static constexpr const char* read_usual(const char* pos, const char* end,
                                          decimal& out,
                                          uint8_t& places) noexcept;

  // -- properties -------------------------------------------------------------

  /// The digits without zeros at their end. The value is `mantissa` times ten
  /// to the power of `exponent`.
  constexpr int64_t mantissa() const noexcept {
    return mantissa_;
  }

  constexpr int exponent() const noexcept {
    return exponent_;
  }

  constexpr bool is_zero() const noexcept {
    return mantissa_ == 0;
  }

  /// Returns the value times ten to the power of `places`, for arithmetic in
  /// integers. Nothing if that is not an integer of 64 bits.
  std::optional<int64_t> units(int places) const noexcept;

  /// Returns the value for statistics and people, nearly exactly.
  double to_double() const noexcept;

  constexpr bool operator==(const decimal&) const noexcept = default;

  std::strong_ordering operator<=>(const decimal& other) const noexcept;

private:
  constexpr decimal(int64_t mantissa, int exponent) noexcept
    : mantissa_(mantissa), exponent_(static_cast<int8_t>(exponent)) {
    // nop
  }

  int64_t mantissa_ = 0;
  int8_t exponent_ = 0;
};

constexpr const char* decimal::read_usual(const char* pos, const char* end,
                                          decimal& out,
                                          uint8_t& places) noexcept {
  constexpr std::ptrdiff_t max_digits = 18; // always fit
  auto is_negative = pos != end && *pos == '-';
  pos += is_negative;
  int64_t value = 0;
  int digits = 0;
  // Up to the last digit that is not 0.
  int64_t kept_value = 0;
  int kept_digits = 0;
  auto read_digits = [&] {
    auto first = pos;
    for (; pos != end; ++pos) {
      auto digit = static_cast<unsigned char>(*pos - '0');
      if (digit > 9 || digits == max_digits)
        break;
      value = value * 10 + digit;
      ++digits;
      kept_value = digit != 0 ? value : kept_value;
      kept_digits = digit != 0 ? digits : kept_digits;
    }
    return static_cast<int>(pos - first);
  };
  auto first = pos;
  auto whole = read_digits();
  if (whole == 0 || (whole > 1 && *first == '0'))
    return nullptr;
  int fraction = 0;
  if (pos != end && *pos == '.') {
    ++pos;
    fraction = read_digits();
    if (fraction == 0)
      return nullptr;
  }
  if (pos != end
      && ((*pos >= '0' && *pos <= '9') || *pos == 'e' || *pos == 'E'))
    return nullptr;
  places = static_cast<uint8_t>(fraction);
  if (kept_digits == 0)
    out = decimal{};
  else
    out = decimal{is_negative ? -kept_value : kept_value, whole - kept_digits};
  return pos;
}

/// Returns the shortest text without an exponent, for example "0.0005" or
/// "61000".
std::string to_string(decimal x);

} // namespace zenws::market
