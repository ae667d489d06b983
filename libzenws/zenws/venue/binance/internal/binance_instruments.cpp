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

struct filter {
  std::string kind{};
  std::optional<decimal> tick{};
  std::optional<decimal> lot{};
  std::optional<decimal> least{};
};

/// MARKET_LOT_SIZE has the members of LOT_SIZE, so that the type decides,
/// wherever it stands.
constexpr member<filter> filter_members[] = {
  {"filterType", [](auto& in, auto& to) { to.kind = in.text(); }},
  {"tickSize", into<&filter::tick>},
  {"stepSize", into<&filter::lot>},
  {"minQty", into<&filter::least>},
};

void read_filter(market_reader& in, instrument_state& to) {
  filter content;
  in.read_object<filter_members>(content);
  if (content.kind == "PRICE_FILTER") {
    to.tick = unless_zero(content.tick);
  } else if (content.kind == "LOT_SIZE") {
    to.lot = unless_zero(content.lot);
    to.min_amount = unless_zero(content.least);
  }
}

void read_filters(market_reader& in, instrument_state& to) {
  in.each_element([&] { read_filter(in, to); });
}

constexpr member<instrument_state> symbol_members[] = {
  {"symbol", into<&instrument_state::instrument>, presence::required},
  {"status", [](auto& in, auto& to) { to.state = state_of(in.text()); }},
  {"baseAsset", into<&instrument_state::base>},
  {"quoteAsset", into<&instrument_state::quote>},
  {"filters", read_filters},
};

struct answer {
  update_list* out;
  venue_time time{};
};

void read_symbols(market_reader& in, answer& to) {
  in.each_element([&] {
    auto& next = to.out->add<instrument_state>();
    next.kind = instrument_kind::spot;
    next.unit = amount_unit::base;
    in.read_object<symbol_members>(next);
  });
}

constexpr member<answer> answer_members[] = {
  {"serverTime", into<&answer::time>},
  {"symbols", read_symbols, presence::required},
};

} // namespace

void read_binance_instruments(market_reader& in, update_list& out) {
  auto first = out.size();
  answer content{&out};
  in.read_object<answer_members>(content);
  for (auto i = first; i < out.size(); ++i)
    std::get_if<instrument_state>(&out[i])->time = content.time;
}

} // namespace zenws::internal
