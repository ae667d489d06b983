// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/kraken_market.hpp"

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"
#include "zenws/venue/kraken/internal/kraken_checksum.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace zenws {

namespace {

using namespace market;

using internal::into;
using internal::market_reader;
using internal::member;
using internal::side_draft;

using enum internal::presence;

/// Whether a message begins a channel.
enum class message_stage : uint8_t { snapshot, update };

// docs.kraken.com/api, "Book (Level 2)", member `depth`. Others are refused.
constexpr std::array<uint32_t, 5> offered_depths{10, 25, 100, 500, 1000};

/// Returns the least depth that is enough, the greatest for 0.
uint32_t depth_for(const market_wish& wish) {
  if (wish.depth == 0)
    return offered_depths.back();
  auto pos = std::ranges::lower_bound(offered_depths, wish.depth);
  return pos != offered_depths.end() ? *pos : offered_depths.back();
}

// -- books --------------------------------------------------------------------

/// An amount of 0 removes the price.
constexpr member<level_change> level_members[] = {
  {"price", [](auto& in, auto& to) { to.price = in.number(to.price_places); },
   required},
  {"qty", [](auto& in, auto& to) { to.amount = in.number(to.amount_places); },
   required},
};

struct book_draft {
  update_list* out;
  book_change* content;
};

template <book_side Side>
void read_side(market_reader& in, book_draft& to) {
  in.each_element([&] {
    level_change level{.side = Side};
    in.read_object<level_members>(level);
    to.out->add_level(*to.content, level);
  });
}

void read_checksum(market_reader& in, book_draft& to) {
  auto value = in.integer();
  if (value > std::numeric_limits<uint32_t>::max())
    in.complain("is not a checksum");
  to.content->checksum = static_cast<uint32_t>(value);
}

constexpr member<book_draft> book_members[] = {
  {"symbol", into<&book_draft::content, &book_change::instrument>, required},
  {"bids", read_side<book_side::bid>, required},
  {"asks", read_side<book_side::ask>, required},
  {"checksum", read_checksum, required},
  {"timestamp", into<&book_draft::content, &book_change::time>},
};

void read_book(market_reader& in, message_stage kind, update_list& out) {
  book_draft draft{&out, &out.add<book_change>()};
  in.read_object<book_members>(draft);
  if (kind == message_stage::snapshot)
    out.make_snapshot();
}

// -- trades -------------------------------------------------------------------

constexpr member<trade> trade_members[] = {
  {"symbol", into<&trade::instrument>, required},
  {"side", into<&trade::direction>, required},
  {"price", into<&trade::price>, required},
  {"qty", into<&trade::amount>, required},
  {"ord_type"},
  {"trade_id", into<&trade::sequence>, required},
  {"timestamp", into<&trade::time>},
};

void read_trade(market_reader& in, message_stage kind, trade& to) {
  to.is_late = kind == message_stage::snapshot;
  in.read_object<trade_members>(to);
}

// -- quotes and tickers -------------------------------------------------------

using ticker_draft = internal::sides_draft<ticker>;

/// Each message has all figures.
constexpr member<ticker_draft> ticker_members[] = {
  {"symbol", into<&ticker_draft::content, &ticker::instrument>, required},
  {"bid", into<&ticker_draft::bid, &side_draft::price>},
  {"bid_qty", into<&ticker_draft::bid, &side_draft::amount>},
  {"ask", into<&ticker_draft::ask, &side_draft::price>},
  {"ask_qty", into<&ticker_draft::ask, &side_draft::amount>},
  {"last", into<&ticker_draft::content, &ticker::last_price>},
  {"volume"},
  {"vwap"},
  {"low"},
  {"high"},
  {"change"},
  {"change_pct"},
  {"timestamp", into<&ticker_draft::content, &ticker::time>},
};

void read_ticker(market_reader& in, update_list& out) {
  ticker all;
  ticker_draft draft{all};
  in.read_object<ticker_members>(draft);
  draft.finish();
  // "Ticker", member `last`: only there if there was a trade within a day.
  if (all.last_price && all.last_price->is_zero())
    all.last_price.reset();
  out.add<market::quote>({.instrument = all.instrument,
                          .time = all.time,
                          .bid = all.bid,
                          .ask = all.ask});
  out.add(all);
}

// -- instruments --------------------------------------------------------------

// docs.kraken.com/api, "Instruments", member `status` of a pair. "post_only":
// nothing is matched.
trading_state state_of(internal::word name) noexcept {
  if (name == "online" || name == "limit_only" || name == "reduce_only")
    return trading_state::open;
  if (name == "cancel_only" || name == "post_only" || name == "maintenance")
    return trading_state::halted;
  if (name == "work_in_progress")
    return trading_state::pending;
  if (name == "delisted")
    return trading_state::closed;
  return trading_state::unknown;
}

constexpr member<instrument_state> pair_members[] = {
  {"symbol", into<&instrument_state::instrument>, required},
  {"base", into<&instrument_state::base>},
  {"quote", into<&instrument_state::quote>},
  {"status", [](auto& in, auto& to) { to.state = state_of(in.text()); }},
  {"qty_precision"},
  {"qty_increment", into<&instrument_state::lot>},
  {"price_precision"},
  {"cost_precision"},
  {"marginable"},
  {"has_index"},
  {"cost_min"},
  {"margin_initial"},
  {"position_limit_long"},
  {"position_limit_short"},
  {"tick_size"},
  {"price_increment", into<&instrument_state::tick>},
  {"qty_min", into<&instrument_state::min_amount>},
};

void read_pairs(market_reader& in, update_list& out) {
  in.each_element([&] {
    auto& to = out.add<instrument_state>();
    to.kind = instrument_kind::spot;
    to.unit = amount_unit::base;
    in.read_object<pair_members>(to);
  });
}

constexpr member<update_list> instruments_members[] = {
  {"assets"},
  {"pairs", read_pairs},
};

// -- channels -----------------------------------------------------------------

/// Kind of the data of a channel, if zenws has a type for it.
std::optional<data_kind> kind_of(const json_value& channel) {
  if (channel.is("book"))
    return data_kind::book;
  if (channel.is("trade"))
    return data_kind::trades;
  if (channel.is("ticker"))
    return data_kind::ticker;
  if (channel.is("instrument"))
    return data_kind::instruments;
  return std::nullopt;
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules kraken_market::rules_of_books(const market_wish& wish) const {
  return {.numbering = sequence_rule::unnumbered,
          .checksum = internal::kraken_checksum,
          .shown_depth = depth_for(wish)};
}

trade_numbering kraken_market::numbering_of_trades() const noexcept {
  return trade_numbering::consecutive;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
kraken_market::channels(const market_wish& wish) const {
  if (wish.kind == data_kind::instruments)
    return std::vector<channel_spec>{{.name = "instrument"}};
  if (wish.instrument.empty())
    return error{ec::not_supported, "Kraken wants the instruments by name"};
  channel_spec result;
  switch (wish.kind) {
    case data_kind::trades:
      result.name = "trade:" + wish.instrument;
      break;
    case data_kind::book:
      result.name = "book:" + wish.instrument;
      result.arguments = R"({"depth":)" + std::to_string(depth_for(wish)) + '}';
      break;
    default: // changes of the best prices, not only trades
      result.name = "ticker:" + wish.instrument;
      result.arguments = R"({"event_trigger":"bbo"})";
  }
  return std::vector{std::move(result)};
}

// -- messages -----------------------------------------------------------------

error kraken_market::decode(const envelope& message, update_list& out) {
  auto channel = message.method ? std::nullopt : kind_of(message.channel);
  if (!channel)
    return {};
  auto kind = message.event.is("snapshot") ? message_stage::snapshot
                                           : message_stage::update;
  if (kind == message_stage::update && !message.event.is("update"))
    return {ec::invalid_data, "\"type\" is neither snapshot nor update"};
  market_reader in{message.data};
  switch (*channel) {
    case data_kind::book:
      in.each_element([&] { read_book(in, kind, out); });
      break;
    case data_kind::trades:
      in.each_element([&] { read_trade(in, kind, out.add<trade>()); });
      break;
    case data_kind::instruments:
      in.read_object<instruments_members>(out);
      break;
    default:
      in.each_element([&] { read_ticker(in, out); });
  }
  return in.problem();
}

} // namespace zenws
