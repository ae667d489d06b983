// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/order_market.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_matcher.hpp"

namespace zenws::sim {

order_market::order_market(market_feed& feed, order_store& orders,
                           order_feed& events)
  : feed_(feed), orders_(orders), events_(events) {
  feed_.add(*this);
}

void order_market::orders_changed() {
  if (busy())
    feed_.wake();
}

bool order_market::busy() const {
  return !is_over_ && orders_.follows_market() && orders_.has_alive();
}

void order_market::report(const instrument& item, const market_update&,
                          book_news) {
  if (!busy())
    return;
  order_matcher matcher{orders_};
  events_.publish(
    matcher.advance(item.terms().name, quote_of(item), wall_clock()));
}

void order_market::stop() {
  is_over_ = true;
}

} // namespace zenws::sim
