// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/json_value.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/venue/bybit/internal/bybit_words.hpp"

#include <optional>
#include <vector>

/// @file
/// Messages of Bybit's private channels
/// (bybit-exchange.github.io/docs/v5/websocket/private). Names of instruments
/// are unique within a product only.
///
/// All functions return `ec::invalid_data` or `ec::invalid_json` for a message
/// that cannot be read; ignore what was added in that case.

namespace zenws::internal {

/// News of a product; nothing for one that is not known.
template <class T>
struct bybit_news {
  T content{};
  std::optional<bybit_category> product{};
};

/// Reads a message of the channel "order".
error read_bybit_orders(const json_value& message,
                        std::vector<bybit_news<trading::order_report>>& out);

/// Reads a message of the channel "execution". What changes no position, such
/// as funding, is left out.
error read_bybit_fills(const json_value& message,
                       std::vector<bybit_news<trading::fill>>& out);

struct bybit_position : bybit_news<trading::position> {
  /// It is one of the two positions of an instrument in hedge mode.
  bool is_hedged = false;
};

/// Reads a message of the channel "position".
error read_bybit_positions(const json_value& message,
                           std::vector<bybit_position>& out);

/// Reads a message of the channel "wallet".
error read_bybit_balances(const json_value& message,
                          trading::account_updates& out);

} // namespace zenws::internal
