// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/market_quote.hpp"

namespace zenws::sim {

market_quote quote_of(const instrument& item) {
  const auto& book = item.book();
  market_quote result;
  result.bid = item.price_of(book.best_price(book_side::bid));
  result.bid_amount = item.amount_of(book.best_amount(book_side::bid));
  result.ask = item.price_of(book.best_price(book_side::ask));
  result.ask_amount = item.amount_of(book.best_amount(book_side::ask));
  result.last = item.price_of(item.last_price());
  result.tick = 1.0 / static_cast<double>(item.terms().ticks_per_unit);
  result.lot = static_cast<double>(item.terms().lot);
  return result;
}

} // namespace zenws::sim
