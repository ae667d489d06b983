// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace zenws::market {

/// The name of an instrument, for example "BTC-PERPETUAL".
///
/// Held in place, in one cache line: market data can be copied, kept in vectors
/// and decoded anew without any allocation.
class instrument_name {
public:
  // -- constants --------------------------------------------------------------

  /// Longest name in bytes. The longest ones known, of Deribit's combos, have
  /// about 45.
  static constexpr size_t max_size = 63;

  // -- constructors, destructors, and assignment operators --------------------

  constexpr instrument_name() noexcept = default;

  /// Nothing if the name is too long.
  static constexpr std::optional<instrument_name>
  make(std::string_view name) noexcept {
    if (name.size() > max_size)
      return std::nullopt;
    instrument_name result;
    result.size_ = static_cast<uint8_t>(name.size());
    std::copy(name.begin(), name.end(), result.chars_.begin());
    return result;
  }

  // -- properties -------------------------------------------------------------

  constexpr std::string_view view() const noexcept {
    return {chars_.data(), size_};
  }

  constexpr bool empty() const noexcept {
    return size_ == 0;
  }

  constexpr bool operator==(const instrument_name& other) const noexcept {
    return view() == other.view();
  }

  constexpr bool operator==(std::string_view other) const noexcept {
    return view() == other;
  }

  constexpr auto operator<=>(const instrument_name& other) const noexcept {
    return view() <=> other.view();
  }

private:
  std::array<char, max_size> chars_{};
  uint8_t size_ = 0;
};

} // namespace zenws::market

template <>
struct std::hash<zenws::market::instrument_name> {
  size_t operator()(const zenws::market::instrument_name& x) const noexcept {
    return std::hash<std::string_view>{}(x.view());
  }
};
