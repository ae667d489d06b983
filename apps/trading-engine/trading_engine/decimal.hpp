#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::engine {

/// A price or an amount as the venue writes it: a decimal with eight places.
///
/// Exact, so that prices can be compared and be keys. Holds values up to
/// about 9.2e10.
class decimal {
public:
  // -- constants --------------------------------------------------------------

  /// Decimal places.
  static constexpr int places = 8;

  /// Units in 1.
  static constexpr int64_t one = 100'000'000;

  // -- constructors, destructors, and assignment operators --------------------

  constexpr decimal() noexcept = default;

  static constexpr decimal from_units(int64_t units) noexcept {
    decimal result;
    result.units_ = units;
    return result;
  }

  /// Reads a number in the grammar of JSON. Nothing if it is none, if it is too
  /// large or if eight places are not enough for it.
  static std::optional<decimal> parse(std::string_view text);

  // -- properties -------------------------------------------------------------

  /// The value times `one`.
  constexpr int64_t units() const noexcept {
    return units_;
  }

  constexpr bool is_zero() const noexcept {
    return units_ == 0;
  }

  constexpr auto operator<=>(const decimal&) const noexcept = default;

private:
  int64_t units_ = 0;
};

/// Returns the shortest text, for example "0.0005" or "61000".
std::string to_string(decimal x);

} // namespace zenws::engine
