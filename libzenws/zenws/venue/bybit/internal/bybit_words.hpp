// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/instrument_state.hpp"
#include "zenws/trading/order_request.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// @file
/// Words of Bybit's requests and messages (bybit-exchange.github.io/docs/v5/
/// enum).

namespace zenws::internal {

/// Product of an instrument: the venue's `category`.
enum class bybit_category : uint8_t { linear, inverse, spot, option };

/// In the order of the enumerators.
inline constexpr std::array<std::string_view, 4> bybit_categories{
  "linear", "inverse", "spot", "option"};

constexpr std::string_view bybit_name(bybit_category x) noexcept {
  return bybit_categories[static_cast<size_t>(x)];
}

/// Returns nothing for a product that zenws does not know.
constexpr std::optional<bybit_category>
bybit_category_named(std::string_view name) noexcept {
  auto i = std::ranges::find(bybit_categories, name);
  if (i == bybit_categories.end())
    return std::nullopt;
  return static_cast<bybit_category>(i - bybit_categories.begin());
}

/// Returns nothing if the terms do not tell.
constexpr std::optional<bybit_category>
bybit_category_of(const market::instrument_state& terms) noexcept {
  switch (terms.kind) {
    case market::instrument_kind::spot:
      return bybit_category::spot;
    case market::instrument_kind::option:
      return bybit_category::option;
    case market::instrument_kind::future:
    case market::instrument_kind::perpetual:
      return terms.is_inverse ? bybit_category::inverse
                              : bybit_category::linear;
    default:
      return std::nullopt;
  }
}

constexpr std::string_view bybit_name(trading::order_side x) noexcept {
  return x == trading::order_side::buy ? "Buy" : "Sell";
}

/// Returns nothing for other words, such as that of a position that is flat.
constexpr std::optional<trading::order_side>
bybit_side_named(std::string_view name) noexcept {
  if (name == "Buy")
    return trading::order_side::buy;
  if (name == "Sell")
    return trading::order_side::sell;
  return std::nullopt;
}

} // namespace zenws::internal
