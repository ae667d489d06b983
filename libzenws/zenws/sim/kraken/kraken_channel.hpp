// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <string>

namespace zenws::sim {

/// A channel of Kraken with the parameters that a subscription gives it.
struct kraken_channel {
  /// `book`, `trade`, `ticker` or `instrument`; of an account `executions` or
  /// `balances`.
  std::string kind{};

  /// Empty for `instrument` and the channels of an account.
  std::string symbol{};

  /// Of a book: levels of each side.
  size_t depth = 0;

  /// Of a ticker: it tells changes of the best prices, not only trades.
  bool tells_quotes = false;

  /// Key of the account and the token that the channel was subscribed by.
  std::string account{};
  std::string token{};

  /// Of executions: the snapshot has open orders and the latest fills.
  bool tells_orders = true;
  bool tells_trades = false;

  /// Returns the name for people and faults, e.g. `book:BTC/USD`.
  std::string name() const {
    return symbol.empty() ? kind : kind + ':' + symbol;
  }

  /// Returns all that tells it from other channels.
  std::string text() const {
    return name() + ' ' + std::to_string(depth) + (tells_quotes ? " bbo" : "");
  }
};

} // namespace zenws::sim
