// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/market_protocol.hpp"

namespace zenws {

/// Market data of Binance, spot and futures (developers.binance.com, "WebSocket
/// Market Streams").
class binance_market : public market_protocol {
public:
  market::book_rules rules_of_books(const market_wish&) const override;

  trade_numbering numbering_of_trades() const noexcept override;

  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  error decode(const envelope& message, market::update_list& out) override;
};

} // namespace zenws
