// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/update_list.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string_view>

/// Values of market data from their texts, for both rivals.
namespace zenws::bench {

inline market::decimal number_of(std::string_view text, uint8_t& places) {
  auto result = market::decimal::parse(text, places);
  if (!result)
    throw std::runtime_error{"no number"};
  return *result;
}

inline market::decimal number_of(std::string_view text) {
  uint8_t places = 0;
  return number_of(text, places);
}

inline uint64_t integer_of(std::string_view text) {
  uint64_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

inline market::venue_time time_of(std::string_view text) {
  std::chrono::milliseconds count{static_cast<int64_t>(integer_of(text))};
  return market::venue_time{count};
}

inline market::instrument_name name_of(std::string_view text) {
  return market::instrument_name::make(text).value();
}

inline market::trade_direction direction_of(std::string_view text) {
  return text == "buy" ? market::trade_direction::buy
                       : market::trade_direction::sell;
}

inline market::level_action action_of(std::string_view text) {
  return text == "new"      ? market::level_action::create
         : text == "change" ? market::level_action::change
                            : market::level_action::remove;
}

/// Prices of both sides while they are read.
struct touch {
  std::optional<market::decimal> bid{};
  std::optional<market::decimal> bid_amount{};
  std::optional<market::decimal> ask{};
  std::optional<market::decimal> ask_amount{};

  static std::optional<market::price_level>
  level(const std::optional<market::decimal>& price,
        const std::optional<market::decimal>& amount) {
    if (!price || !amount || amount->is_zero())
      return std::nullopt;
    return market::price_level{*price, *amount};
  }

  template <class T>
  void write(T& to) const {
    to.bid = level(bid, bid_amount);
    to.ask = level(ask, ask_amount);
  }
};

} // namespace zenws::bench
