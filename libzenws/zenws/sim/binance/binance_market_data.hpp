// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/market/market.hpp"
#include "zenws/sim/market/trade_history.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace zenws::sim {

/// A request is refused, in the words of Binance's WebSocket API.
struct binance_refusal {
  unsigned status = 400;
  int64_t code = 0;
  std::string message{};
};

/// The public requests of Binance's WebSocket API about the market: `depth`,
/// `trades.recent`, `trades.historical`, `trades.aggregate` and `exchangeInfo`
/// (github.com/binance/binance-spot-api-docs, web-socket-api.md). Each trade is
/// an aggregate of its own.
///
/// Pure: text and time in, text out.
class binance_market_data {
public:
  /// @pre both live as long as this
  binance_market_data(const market& exchange, const trade_history& history)
    : exchange_(exchange), history_(history) {
    // nop
  }

  /// Returns the weight of a request, nothing if it is about something else.
  static std::optional<size_t> weight_of(std::string_view method,
                                         const json& params);

  /// Returns the result as JSON.
  /// @pre `weight_of` returns a weight for it
  std::variant<std::string, binance_refusal>
  answer(std::string_view method, const json& params,
         std::chrono::milliseconds now) const;

private:
  using outcome = std::variant<std::string, binance_refusal>;

  const instrument* find(std::string_view symbol) const;
  outcome depth(const json& params) const;
  outcome trades(std::string_view method, const json& params) const;
  outcome exchange_info(const json& params,
                        std::chrono::milliseconds now) const;

  const market& exchange_;
  const trade_history& history_;
};

} // namespace zenws::sim
