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

using internal::market_reader;
using internal::side_draft;

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

/// Reads {"price":1.5,"qty":2.0}. An amount of 0 removes the price.
level_change read_level(market_reader& in, book_side side) {
  level_change result{.side = side};
  auto has_price = false;
  auto has_amount = false;
  in.each_member([&](internal::word name) {
    if (name == "price") {
      has_price = true;
      result.price = in.number(result.price_places);
    } else if (name == "qty") {
      has_amount = true;
      result.amount = in.number(result.amount_places);
    } else {
      in.skip();
    }
  });
  in.require(has_price, "price");
  in.require(has_amount, "qty");
  return result;
}

uint32_t read_checksum(market_reader& in) {
  auto value = in.integer();
  if (value > std::numeric_limits<uint32_t>::max())
    in.complain("is not a checksum");
  return static_cast<uint32_t>(value);
}

void read_book(market_reader& in, message_stage kind, update_list& out) {
  auto& to = out.add<book_change>();
  auto has_bids = false;
  auto has_asks = false;
  auto read_side = [&](book_side side) {
    in.each_element([&] { out.add_level(to, read_level(in, side)); });
    return true;
  };
  in.each_member([&](internal::word name) {
    if (name == "symbol")
      to.instrument = in.instrument();
    else if (name == "bids")
      has_bids = read_side(book_side::bid);
    else if (name == "asks")
      has_asks = read_side(book_side::ask);
    else if (name == "checksum")
      to.checksum = read_checksum(in);
    else if (name == "timestamp")
      to.time = in.time();
    else
      in.skip();
  });
  in.require(!to.instrument.empty(), "symbol");
  in.require(has_bids, "bids");
  in.require(has_asks, "asks");
  in.require(to.checksum.has_value(), "checksum");
  if (kind == message_stage::snapshot)
    out.make_snapshot();
}

// -- trades -------------------------------------------------------------------

void read_trade(market_reader& in, message_stage kind, trade& to) {
  auto has_id = false;
  auto has_price = false;
  auto has_amount = false;
  auto has_direction = false;
  to.is_late = kind == message_stage::snapshot;
  in.each_member([&](internal::word name) {
    if (name == "symbol") {
      to.instrument = in.instrument();
    } else if (name == "side") {
      has_direction = true;
      to.direction = in.direction();
    } else if (name == "price") {
      has_price = true;
      to.price = in.number();
    } else if (name == "qty") {
      has_amount = true;
      to.amount = in.number();
    } else if (name == "trade_id") {
      has_id = true;
      to.sequence = in.integer();
    } else if (name == "timestamp") {
      to.time = in.time();
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "symbol");
  in.require(has_id, "trade_id");
  in.require(has_price, "price");
  in.require(has_amount, "qty");
  in.require(has_direction, "side");
}

// -- quotes and tickers -------------------------------------------------------

/// Each message has all figures.
void read_ticker(market_reader& in, update_list& out) {
  ticker all;
  side_draft bid;
  side_draft ask;
  in.each_member([&](internal::word name) {
    if (name == "symbol")
      all.instrument = in.instrument();
    else if (name == "bid")
      bid.price = in.optional_number();
    else if (name == "bid_qty")
      bid.amount = in.optional_number();
    else if (name == "ask")
      ask.price = in.optional_number();
    else if (name == "ask_qty")
      ask.amount = in.optional_number();
    else if (name == "last")
      all.last_price = in.optional_number();
    else if (name == "timestamp")
      all.time = in.time();
    else
      in.skip();
  });
  in.require(!all.instrument.empty(), "symbol");
  // "Ticker", member `last`: only there if there was a trade within a day.
  if (all.last_price && all.last_price->is_zero())
    all.last_price.reset();
  all.bid = bid.finish();
  all.ask = ask.finish();
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

void read_pair(market_reader& in, instrument_state& to) {
  to.kind = instrument_kind::spot;
  to.unit = amount_unit::base;
  in.each_member([&](internal::word name) {
    if (name == "symbol")
      to.instrument = in.instrument();
    else if (name == "base")
      to.base = in.asset();
    else if (name == "quote")
      to.quote = in.asset();
    else if (name == "status")
      to.state = state_of(in.text());
    else if (name == "price_increment")
      to.tick = in.optional_number();
    else if (name == "qty_increment")
      to.lot = in.optional_number();
    else if (name == "qty_min")
      to.min_amount = in.optional_number();
    else
      in.skip();
  });
  in.require(!to.instrument.empty(), "symbol");
}

void read_instruments(market_reader& in, update_list& out) {
  auto has_pairs = false;
  in.each_member([&](internal::word name) {
    if (name == "pairs") {
      has_pairs = true;
      in.each_element([&] { read_pair(in, out.add<instrument_state>()); });
    } else {
      in.skip();
    }
  });
  in.require(has_pairs, "pairs");
}

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
      read_instruments(in, out);
      break;
    default:
      in.each_element([&] { read_ticker(in, out); });
  }
  return in.problem();
}

} // namespace zenws
