// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Market data of the instrument X, as tests write it.

#include "zenws/market/update.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zenws::engine {

inline market::instrument_name name_of(std::string_view text) {
  return market::instrument_name::make(text).value();
}

inline market::decimal number(std::string_view text) {
  return market::decimal::parse(text).value();
}

inline market::price_level level(std::string_view price,
                                 std::string_view amount) {
  return {number(price), number(amount)};
}

/// The best bid at 99.5 and the best ask at 100.5.
inline const std::array two_sides{
  market::level_change{.side = market::book_side::bid,
                       .price = number("99.5"),
                       .amount = number("10")},
  market::level_change{.side = market::book_side::ask,
                       .price = number("100.5"),
                       .amount = number("10")},
};

inline market::update snapshot(uint64_t sequence) {
  market::book_snapshot result;
  result.instrument = name_of("X");
  result.sequence = sequence;
  result.levels = two_sides;
  return result;
}

/// A change of nothing.
inline market::update change(uint64_t previous, uint64_t sequence) {
  market::book_change result;
  result.instrument = name_of("X");
  result.sequence = sequence;
  result.previous = previous;
  return result;
}

inline market::update book_lost(market::loss_cause cause) {
  return market::book_lost{.instrument = name_of("X"), .cause = cause};
}

inline market::update trade_of(std::string_view instrument) {
  return market::trade{.instrument = name_of(instrument),
                       .price = number("100"),
                       .amount = number("1")};
}

} // namespace zenws::engine
