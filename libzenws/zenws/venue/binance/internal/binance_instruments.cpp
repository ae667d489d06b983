// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/internal/binance_instruments.hpp"

#include <optional>
#include <string>

namespace zenws::internal {

namespace {

using namespace market;

// enums.md, "Symbol status".
trading_state state_of(word name) noexcept {
  if (name == "TRADING")
    return trading_state::open;
  if (name == "HALT" || name == "BREAK" || name == "CANCEL_ONLY"
      || name == "END_OF_DAY")
    return trading_state::halted;
  return trading_state::unknown;
}

/// Returns nothing for 0, which switches a rule off (filters.md).
std::optional<decimal> unless_zero(std::optional<decimal> x) noexcept {
  return x && x->is_zero() ? std::nullopt : x;
}

/// MARKET_LOT_SIZE has the members of LOT_SIZE, so that the type decides,
/// wherever it stands.
void read_filter(market_reader& in, instrument_state& to) {
  std::string kind;
  std::optional<decimal> tick;
  std::optional<decimal> lot;
  std::optional<decimal> least;
  in.each_member([&](word name) {
    if (name == "filterType")
      kind = in.text();
    else if (name == "tickSize")
      tick = in.optional_number();
    else if (name == "stepSize")
      lot = in.optional_number();
    else if (name == "minQty")
      least = in.optional_number();
    else
      in.skip();
  });
  if (kind == "PRICE_FILTER") {
    to.tick = unless_zero(tick);
  } else if (kind == "LOT_SIZE") {
    to.lot = unless_zero(lot);
    to.min_amount = unless_zero(least);
  }
}

void read_symbol(market_reader& in, instrument_state& to) {
  to.kind = instrument_kind::spot;
  to.unit = amount_unit::base;
  in.each_member([&](word name) {
    if (name == "symbol")
      to.instrument = in.instrument();
    else if (name == "status")
      to.state = state_of(in.text());
    else if (name == "baseAsset")
      to.base = in.asset();
    else if (name == "quoteAsset")
      to.quote = in.asset();
    else if (name == "filters")
      in.each_element([&] { read_filter(in, to); });
    else
      in.skip();
  });
  in.require(!to.instrument.empty(), "symbol");
}

} // namespace

void read_binance_instruments(market_reader& in, update_list& out) {
  auto first = out.size();
  auto has_symbols = false;
  venue_time time{};
  in.each_member([&](word name) {
    if (name == "symbols") {
      has_symbols = true;
      in.each_element([&] { read_symbol(in, out.add<instrument_state>()); });
    } else if (name == "serverTime") {
      time = in.time();
    } else {
      in.skip();
    }
  });
  in.require(has_symbols, "symbols");
  for (auto i = first; i < out.size(); ++i)
    std::get_if<instrument_state>(&out[i])->time = time;
}

} // namespace zenws::internal
