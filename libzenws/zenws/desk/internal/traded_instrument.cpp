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
  auto open = ledger.open_amounts_of(name_.view());
  if (without != nullptr)
    open.remove(*without);
  auto buys = open.buys();
  auto sells = open.sells();
  // Amounts that cannot be added up are as unclear as orders are.
  auto is_unclear = ledger.is_unclear(name_.view()) || !buys || !sells;
  return {.terms = terms ? &*terms : nullptr,
          .book = book.book,
          .book_time = book.time,
          .position = held.value_or(decimal{}),
          .open_buys = buys.value_or(decimal{}),
          .open_sells = sells.value_or(decimal{}),
          .open_orders = open.orders(),
          .is_unclear = is_unclear};
}

// -- transitions --------------------------------------------------------------

void traded_instrument::told(decimal position,
                             const std::optional<decimal>& ours) {
  market::exact_sum rest;
  rest.add(position);
  rest.subtract(ours.value_or(decimal{}));
  others_ = rest.value();
}

} // namespace zenws::internal
