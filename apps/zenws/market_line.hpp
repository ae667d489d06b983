// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/order_book.hpp"
#include "zenws/market/update.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

/// @file
/// Market data, as lines.

namespace zenws::tool {

/// Returns an update as an object of JSON: "type" (trade, trade_gap,
/// book_snapshot, book_change, book_lost, quote, ticker or instrument), then
/// its members. Prices and amounts are strings, which keeps all digits; `null`
/// is nothing.
std::string to_json(const market::update& update, uint64_t epoch);

/// Makes lines for people: trades and so on as they are; of a book the best
/// prices, whenever they change.
class market_text {
public:
  /// Returns a line; nothing for what does not change anything that is shown.
  std::optional<std::string> line_of(const market::update& update);

private:
  std::optional<std::string> line_of_book(const market::update& update);

  struct shown_book {
    market::order_book book;
    std::string line;
  };

  std::map<std::string, shown_book, std::less<>> books_;
};

} // namespace zenws::tool
