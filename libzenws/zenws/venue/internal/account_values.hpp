// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/trading/order_request.hpp"

#include <type_traits>

/// @file
/// Values of private messages that are written alike by several venues.

namespace zenws::internal {

/// Reads a name that the venue has given, empty if it is null.
template <auto... Path>
inline constexpr auto into_name = [](market_reader& in, auto& to) {
  auto& target = value_at<Path...>(to);
  using name = std::remove_reference_t<decltype(target)>;
  if (auto text = name::make(in.optional_text()))
    target = *text;
  else
    in.complain("is too long");
};

/// Reads the client's id of an order, empty if it is null. One that is too long
/// is none of ours.
template <auto... Path>
inline constexpr auto into_client_id = [](market_reader& in, auto& to) {
  using trading::client_order_id;
  value_at<Path...>(to)
    = client_order_id::make(in.optional_text()).value_or(client_order_id{});
};

/// Reads "buy" or "sell".
template <auto... Path>
inline constexpr auto into_side = [](market_reader& in, auto& to) {
  using trading::order_side;
  auto is_sell = in.direction() == market::trade_direction::sell;
  value_at<Path...>(to) = is_sell ? order_side::sell : order_side::buy;
};

/// Returns `-x`.
inline market::decimal negative(market::decimal x) noexcept {
  // A mantissa has 63 bits and a sign.
  return market::decimal::make(-x.mantissa(), x.exponent())
    .value_or(market::decimal{});
}

} // namespace zenws::internal
