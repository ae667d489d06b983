// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// Which of the venue's addresses a path is.
enum class bybit_product : uint8_t { linear, spot, private_data };

enum class bybit_data : uint8_t { book, best_prices, trades, ticker, account };

/// A topic that the simulator has, such as "orderbook.50.BTCUSDT".
struct bybit_topic {
  std::string text;
  bybit_data data = bybit_data::trades;

  /// Empty for topics of an account.
  std::string symbol{};
};

/// Reads a topic of an address; nothing if the venue has none of that name
/// there, whatever its symbol.
std::optional<bybit_topic> read_bybit_topic(bybit_product where,
                                            std::string_view text);

} // namespace zenws::sim
