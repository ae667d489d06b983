// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/book_update.hpp"
#include "zenws/market/data_kind.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/market/quote.hpp"
#include "zenws/market/ticker.hpp"
#include "zenws/market/trade.hpp"

#include <variant>

namespace zenws::market {

/// One piece of market data.
///
///     if (auto* x = std::get_if<zenws::market::trade>(&update))
///       std::cout << to_string(x->price);
using update = std::variant<trade, trade_gap, book_snapshot, book_change,
                            book_lost, quote, ticker, instrument_state>;

/// Returns the kind that a subscriber asks for to receive this.
data_kind kind_of(const update& x) noexcept;

/// Returns the instrument of an update.
inline const instrument_name& instrument_of(const update& x) noexcept {
  return std::visit(
    [](auto& y) -> auto& { return y.instrument; }, x);
}

/// Returns the snapshot or change of a book, null for anything else.
inline const book_update* book_update_of(const update& x) noexcept {
  if (auto* change = std::get_if<book_change>(&x))
    return change;
  return std::get_if<book_snapshot>(&x);
}

} // namespace zenws::market
