// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/desk/internal/traded_instrument.hpp"

#include "zenws/market/exact_sum.hpp"

namespace zenws::internal {

using market::decimal;

// -- constructors, destructors, and assignment operators ----------------------

traded_instrument::traded_instrument(const std::string& name,
                                     const trading::risk_limits& limits,
                                     const trading::desk_config& cfg)
  : gate(limits),
    pause(cfg.first_pause, cfg.longest_pause),
    name_(market::instrument_name::make(name).value()) {
  // nop
}

// -- properties ---------------------------------------------------------------

std::optional<decimal>
traded_instrument::position(const trading::order_ledger& ledger) const {
  auto ours = ledger.position(name_.view());
  if (!others_ || !ours)
    return std::nullopt;
  market::exact_sum sum;
  sum.add(*others_);
  sum.add(*ours);
  return sum.value();
}

trading::risk_view
traded_instrument::view(const trading::order_ledger& ledger,
                        const trading::book_view& book,
                        const trading::order* without) const {
  auto held = position(ledger);
  if (!held)
    held = ledger.position(name_.view());
  trading::risk_view result{.terms = terms ? &*terms : nullptr,
                            .book = book.book,
                            .book_time = book.time,
                            .position = held.value_or(decimal{}),
                            .is_unclear = ledger.is_unclear(name_.view())};
  market::exact_sum buys;
  market::exact_sum sells;
  for (auto* order : ledger.open_orders(name_.view())) {
    if (order == without)
      continue;
    auto is_buy = order->terms.side == trading::order_side::buy;
    auto& sum = is_buy ? buys : sells;
    sum.add(order->terms.amount);
    sum.subtract(order->filled);
    ++result.open_orders;
  }
  result.open_buys = buys.value().value_or(decimal{});
  result.open_sells = sells.value().value_or(decimal{});
  return result;
}

// -- transitions --------------------------------------------------------------

void traded_instrument::told(decimal position,
                             const std::optional<decimal>& ours) {
  market::exact_sum rest;
  rest.add(position);
  rest.subtract(ours.value_or(decimal{}));
  others_ = rest.value();
  passing_.reset();
}

void traded_instrument::told_in_passing(decimal position,
                                        const std::optional<decimal>& ours) {
  telling latest{position, ours};
  if (passing_ == latest)
    told(position, ours);
  else
    passing_ = latest;
}

} // namespace zenws::internal
