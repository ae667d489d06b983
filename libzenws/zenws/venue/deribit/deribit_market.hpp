// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/market_protocol.hpp"

namespace zenws {

/// Market data of Deribit, version 2 (docs.deribit.com, "Subscriptions"), in
/// messages that were scanned with `layouts::deribit`.
class deribit_market : public market_protocol {
public:
  /// Each change names the one before.
  market::book_rules rules_of_books(const market_wish&) const override;

  /// By `trade_seq`.
  trade_numbering numbering_of_trades() const noexcept override;

  /// `book.X.100ms`, or `book.X.none.N.100ms` if 20 levels are enough,
  /// `trades.X.100ms`, `quote.X`, `ticker.X.100ms` and
  /// `instrument.state.any.any`; at `market_pace::fastest` raw ones, which need
  /// a login.
  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  /// Decodes messages of these channels. A grouped book comes whole each time.
  error decode(const envelope& message, market::update_list& out) override;

  /// `public/get_last_trades_by_instrument`: as many as 1,000 by their numbers.
  result<market_query> ask_trades(const market::trade_gap& gap) const override;

  /// `public/get_instrument`, or `public/get_instruments` for all.
  result<market_query> ask_instruments(const market_wish& wish) const override;

  error read_answer(const market_query& question, std::string_view instrument,
                    std::string_view result, market::update_list& out) override;
};

} // namespace zenws
