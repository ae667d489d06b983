// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/market_protocol.hpp"

#include <cstddef>
#include <unordered_map>

namespace zenws {

/// Market data of Binance, spot and futures (developers.binance.com, "WebSocket
/// Streams", "WebSocket API" and "WebSocket Market Streams"), in messages that
/// were scanned with `layouts::binance`.
///
/// Both markets are decoded alike, by the members of each message: only changes
/// of futures books have a predecessor. Data that only one market has is
/// refused, or stays silent, on the other.
class binance_market : public market_protocol {
public:
  // -- constants --------------------------------------------------------------

  /// Instruments whose figures are kept for tickers. A connection has 1,024
  /// streams, of which some are about all instruments.
  static constexpr size_t max_tickers = 10'000;

  // -- properties -------------------------------------------------------------

  /// The channel of a whole book brings changes only, that of a partial one
  /// snapshots only.
  market::book_rules rules_of_books(const market_wish& wish) const override;

  /// Ids of trades, and of aggregate trades in their own channel.
  trade_numbering numbering_of_trades() const noexcept override;

  /// `x@trade`, `x@depth@100ms`, or `x@depth5@100ms` and the like if 20 levels
  /// are enough, `x@bookTicker`, and both `x@ticker` and `x@markPrice@1s`,
  /// which is of futures alone.
  ///
  /// USD-M futures bring the first four on the path `/public/stream`, the last
  /// two on `/market/stream`; a stream on the wrong path is acknowledged and
  /// brings nothing ("Important WebSocket Change Notice").
  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  // -- messages ---------------------------------------------------------------

  /// Decodes messages of these channels, of `x@aggTrade`, of any other pace,
  /// and of all tickers at once. A partial book comes whole each time.
  error decode(const envelope& message, market::update_list& out) override;

  /// Forgets the figures of tickers: they are told anew.
  void forget_values() noexcept override;

  // -- questions --------------------------------------------------------------

  /// `depth` with 1,000 levels a side, which both markets grant, or as many as
  /// are wanted: spot grants 5,000. Levels beyond are not known until they
  /// change.
  result<market_query> ask_book(const market_wish& wish) const override;

  /// `trades.historical`, as many as 1,000; spot only.
  result<market_query> ask_trades(const market::trade_gap& gap) const override;

  /// `exchangeInfo`, of one instrument or all; spot only.
  result<market_query> ask_instruments(const market_wish& wish) const override;

  /// Also reads answers to `trades.aggregate`.
  error read_answer(const market_query& question, std::string_view instrument,
                    std::string_view result, market::update_list& out) override;

private:
  std::unordered_map<market::instrument_name, market::ticker> tickers_;
};

} // namespace zenws
