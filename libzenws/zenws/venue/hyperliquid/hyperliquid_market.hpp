// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/market_protocol.hpp"

namespace zenws {

/// Market data of Hyperliquid (hyperliquid.gitbook.io, "Subscriptions"), in
/// messages that `hyperliquid_dialect` has read.
///
/// Instruments are named as the venue names coins: "BTC" for a perpetual,
/// "xyz:SP500" for one of another dex, "PURR/USDC" or "@107" on the spot market
/// ("Asset IDs", "Notation"). Amounts are in units of the base currency.
class hyperliquid_market : public market_protocol {
public:
  /// Each message has the whole book; there are neither numbers nor checksums.
  market::book_rules rules_of_books(const market_wish& wish) const override;

  /// None: `trade::sequence` is `tid`, a hash of the two orders.
  trade_numbering numbering_of_trades() const noexcept override;

  /// `l2Book:X`, `trades:X`, `bbo:X` and `activeAssetCtx:X`. A book has 20
  /// levels a side; or 5 and more often, as `l2Book:X:fast`, if 5 are enough or
  /// if it shall be the fastest and no depth is asked for. The two books of a
  /// coin cannot share a connection.
  result<std::vector<channel_spec>>
  channels(const market_wish& wish) const override;

  /// Decodes messages of these channels.
  error decode(const envelope& message, market::update_list& out) override;

  /// Has the next message mark its trades as late: the first one after a
  /// subscription repeats trades from before it.
  void next_trades_are_late(bool value) noexcept {
    trades_are_late_ = value;
  }

  /// `meta` or `spotMeta`, by the name of the instrument, for the whole list;
  /// the perpetuals of the first dex without one.
  result<market_query> ask_instruments(const market_wish& wish) const override;

  /// Tells one instrument only if the question was about one. Prices have no
  /// fixed step ("Tick and lot size": five significant figures).
  error read_answer(const market_query& question, std::string_view instrument,
                    std::string_view result, market::update_list& out) override;

private:
  bool trades_are_late_ = false;
};

} // namespace zenws
