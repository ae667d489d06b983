// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/market_protocol.hpp"

namespace zenws {

/// Market data of Coinbase Advanced Trade (docs.cdp.coinbase.com, "Advanced
/// Trade WebSocket Channels"), in messages that were scanned with
/// `layouts::coinbase`.
///
/// A message may tell of several products. Amounts are in the base currency;
/// those of futures are contracts.
class coinbase_market : public market_protocol {
public:
  /// Nothing numbers the changes but `inbound::lost_before`; levels are removed
  /// one by one.
  market::book_rules rules_of_books(const market_wish& wish) const override;

  /// By `trade_id`, within a product.
  trade_numbering numbering_of_trades() const noexcept override;

  /// `level2:X`, which is the whole book at any depth, `market_trades:X`,
  /// `ticker:X` for tickers as well as for quotes, and `status:X`.
  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  /// Decodes messages of these channels and of `ticker_batch`. A ticker brings
  /// a quote, too: the best prices at the last trade, which are not told
  /// between trades. Trades of a snapshot are late.
  error decode(const envelope& message, market::update_list& out) override;

  /// Each event of a message has a product of its own.
  bool mixes_instruments() const noexcept override {
    return true;
  }
};

} // namespace zenws
