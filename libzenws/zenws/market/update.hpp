// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/book_change.hpp"
#include "zenws/market/ticker.hpp"
#include "zenws/market/trade.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace zenws::market {

/// Kind of market data in a message.
enum class content : uint8_t {
  /// None, or none that zenws has a type for.
  none,
  book,
  trades,
  ticker,
};

/// Returns the name of the enumerator.
std::string_view to_string(content value) noexcept;

/// The market data of one message. A reader of messages keeps one update and
/// has it filled again and again: once its vectors have grown, decoding does
/// not allocate.
struct update {
  /// Selects the valid member of the following.
  content kind = content::none;

  book_change book{};
  std::vector<trade> trades{};

  /// Numbers that the venue has given to no trade: Binance futures send them as
  /// trades at price 0. They matter only for finding gaps.
  std::vector<trade> placeholders{};

  market::ticker ticker{};
};

} // namespace zenws::market
