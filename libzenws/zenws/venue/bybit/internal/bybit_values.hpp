// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/bybit/internal/bybit_words.hpp"
#include "zenws/venue/internal/account_values.hpp"

#include <optional>
#include <string>

/// @file
/// Values of Bybit's private messages: an empty text often stands for nothing.

namespace zenws::internal {

inline void read_bybit(market_reader& in, std::string& to) {
  to = in.optional_text();
}

inline void read_bybit(market_reader& in, std::optional<bybit_category>& to) {
  to = bybit_category_named(in.text());
}

inline void read_bybit(market_reader& in,
                       std::optional<trading::order_side>& to) {
  to = bybit_side_named(in.text());
}

inline void read_bybit(market_reader& in, market::venue_time& to) {
  to = in.optional_time();
}

/// Reads a value by its type.
template <auto... Path>
inline constexpr auto into_bybit
  = [](auto& in, auto& to) { read_bybit(in, value_at<Path...>(to)); };

} // namespace zenws::internal
