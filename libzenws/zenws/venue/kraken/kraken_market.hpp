// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/market_protocol.hpp"

namespace zenws {

/// Market data of Kraken, spot, WebSocket API version 2 (docs.kraken.com/api,
/// "Spot WebSocket v2"), in messages that were scanned with `layouts::kraken`.
class kraken_market : public market_protocol {
public:
  /// Books have no numbers: a checksum of the ten best levels of each side
  /// proves them. Levels beyond the depth of the channel are gone without being
  /// removed.
  market::book_rules rules_of_books(const market_wish& wish) const override;

  /// By `trade_id`.
  trade_numbering numbering_of_trades() const noexcept override;

  /// "book:X" with the least depth that is enough, "trade:X", "instrument", and
  /// "ticker:X" for quotes as well as for tickers: a connection has one depth
  /// and one kind of ticker for each symbol.
  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  /// Decodes messages of these channels. One of a ticker brings a quote and a
  /// ticker. The trades of a snapshot are late.
  error decode(const envelope& message, market::update_list& out) override;
};

} // namespace zenws
