// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_account.hpp"

#include "zenws/sim/orders/symbol.hpp"

namespace zenws::sim {

namespace {

const char* direction_of(const position& held) {
  if (held.size == 0)
    return "zero";
  return held.size > 0 ? "buy" : "sell";
}

} // namespace

// An instrument that is settled in its base currency counts in US dollars.
void write_instrument(json_writer& out, const instrument_terms& terms) {
  auto base = base_currency(terms.name);
  auto settlement = settlement_currency(terms.name);
  auto is_inverse = base == settlement;
  auto is_perpetual = terms.name.ends_with("-PERPETUAL");
  auto quote = is_inverse ? std::string{"USD"} : settlement;
  auto lot = static_cast<double>(terms.lot);
  out.begin_object();
  out.member("instrument_name", terms.name);
  out.member("kind", "future");
  out.member("instrument_type", is_inverse ? "reversed" : "linear");
  out.member("base_currency", base);
  out.member("quote_currency", quote);
  out.member("counter_currency", quote);
  out.member("settlement_currency", settlement);
  out.member("settlement_period", is_perpetual ? "perpetual" : "month");
  out.member("contract_size", lot);
  out.member("min_trade_amount", lot);
  out.member("tick_size", 1.0 / static_cast<double>(terms.ticks_per_unit));
  out.member("maker_commission", fee_rate(fill_role::maker));
  out.member("taker_commission", fee_rate(fill_role::taker));
  out.member("is_active", true);
  out.end_object();
}

void write_instruments(json_writer& out,
                       const std::vector<instrument_terms>& all) {
  out.begin_array();
  for (auto& x : all)
    write_instrument(out, x);
  out.end_array();
}

void write_position(json_writer& out, const position& held, double price) {
  out.begin_object();
  out.member("instrument_name", held.instrument);
  out.member("kind", "future");
  out.member("direction", direction_of(held));
  out.member("size", held.size);
  out.member("average_price", held.average_price);
  out.member("mark_price", price);
  out.end_object();
}

} // namespace zenws::sim
