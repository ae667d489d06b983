// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/quote.hpp"
#include "zenws/market/ticker.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace zenws {

/// Market data of Bybit, API version 5
/// (bybit-exchange.github.io/docs/v5/websocket/public).
///
/// Tickers of futures bring changed figures only, so the latest one of each
/// instrument is kept. The best prices come from books of one level, those of
/// options and spreads from their tickers. Trades have no numbers: `seq` is one
/// of the matching engine, which trades share.
class bybit_market : public market_protocol {
public:
  // -- constants --------------------------------------------------------------

  /// Instruments whose latest ticker and best prices are kept. Of others, a
  /// change shows only its own figures. More than a connection may have.
  static constexpr size_t max_instruments = 4'096;

  // -- properties -------------------------------------------------------------

  market::book_rules rules_of_books(const market_wish& wish) const override;

  trade_numbering numbering_of_trades() const noexcept override;

  // -- channels ---------------------------------------------------------------

  /// Of the depths that the venue offers for the kind of instrument, returns
  /// the least that is enough. The pace comes with the depth: 20 ms for 50
  /// levels, 200 ms for 1,000.
  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  /// Drops the latest ticker or best prices of a channel.
  void forget(std::string_view channel);

  // -- messages ---------------------------------------------------------------

  error decode(const envelope& message, market::update_list& out) override;

  void forget_values() noexcept override;

  /// Values of a ticker, in the order of `ticker_value`.
  using ticker_values = std::array<std::optional<market::decimal>, 9>;

private:
  error decode_quote(const envelope& message, market::update_list& out);

  error decode_ticker(const envelope& message, std::string_view instrument,
                      market::update_list& out);

  std::unordered_map<market::instrument_name, ticker_values> tickers_;

  std::unordered_map<market::instrument_name, market::quote> quotes_;
};

} // namespace zenws
