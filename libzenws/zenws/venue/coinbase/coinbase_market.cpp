// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/coinbase/coinbase_market.hpp"

#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"
#include "zenws/market/internal/time_text.hpp"
#include "zenws/venue/coinbase/coinbase_channel.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>

namespace zenws {

namespace {

using namespace market;

using internal::market_reader;
using internal::side_draft;

// -- values -------------------------------------------------------------------

enum class event_type : uint8_t { missing, snapshot, update };

event_type read_event_type(market_reader& in) {
  auto name = in.text();
  if (name == "snapshot")
    return event_type::snapshot;
  if (name != "update")
    in.complain("is neither snapshot nor update");
  return event_type::update;
}

decimal read_positive(market_reader& in, uint8_t& places) {
  auto result = in.number(places);
  if (result <= decimal{})
    in.complain("is not a positive number");
  return result;
}

decimal read_not_negative(market_reader& in, uint8_t& places) {
  auto result = in.number(places);
  if (result < decimal{})
    in.complain("is negative");
  return result;
}

/// Reads a number of which zero means that there is none.
std::optional<decimal> read_unless_zero(market_reader& in) {
  auto result = in.optional_number();
  if (result && *result < decimal{})
    in.complain("is negative");
  if (result && result->is_zero())
    return std::nullopt;
  return result;
}

/// Reads the time of the message itself.
error read_sent_time(const json_value& value, venue_time& out) {
  if (!value || value.is_null())
    return {};
  std::string memory;
  auto time = internal::parse_time(value.resolved(memory));
  if (!time)
    return {ec::invalid_data, "\"timestamp\" is not a time"};
  out = *time;
  return {};
}

// -- books --------------------------------------------------------------------

book_side read_book_side(market_reader& in) {
  auto name = in.text();
  if (name == "bid")
    return book_side::bid;
  if (name != "offer")
    in.complain("is neither bid nor offer");
  return book_side::ask;
}

/// Reads the time of a change by the venue's engine. Snapshots may have the
/// epoch there, or another time that makes no sense: it is left out then.
void keep_latest_time(market_reader& in, venue_time& latest) {
  if (in.peek() != json_kind::string)
    return in.skip();
  auto time = internal::parse_time(in.text());
  if (time && *time > latest)
    latest = *time;
}

level_change read_level(market_reader& in, venue_time& latest) {
  level_change result;
  auto has_side = false;
  auto has_price = false;
  auto has_amount = false;
  in.each_member([&](internal::word name) {
    if (name == "side") {
      has_side = true;
      result.side = read_book_side(in);
    } else if (name == "price_level") {
      has_price = true;
      result.price = read_positive(in, result.price_places);
    } else if (name == "new_quantity") {
      has_amount = true;
      result.amount = read_not_negative(in, result.amount_places);
    } else if (name == "event_time") {
      keep_latest_time(in, latest);
    } else {
      in.skip();
    }
  });
  in.require(has_side, "side");
  in.require(has_price, "price_level");
  in.require(has_amount, "new_quantity");
  return result;
}

void read_book(market_reader& in, venue_time sent, update_list& out) {
  auto& to = out.add<book_change>();
  auto type = event_type::missing;
  auto has_levels = false;
  venue_time latest{};
  in.each_member([&](internal::word name) {
    if (name == "type") {
      type = read_event_type(in);
    } else if (name == "product_id") {
      to.instrument = in.instrument();
    } else if (name == "updates") {
      has_levels = true;
      in.each_element([&] { out.add_level(to, read_level(in, latest)); });
    } else {
      in.skip();
    }
  });
  to.time = latest == venue_time{} ? sent : latest;
  in.require(type != event_type::missing, "type");
  in.require(!to.instrument.empty(), "product_id");
  in.require(has_levels, "updates");
  if (type == event_type::snapshot)
    out.make_snapshot();
}

// -- trades -------------------------------------------------------------------

/// The venue tells the side of the maker: a trade at the best ask has "SELL".
trade_direction read_maker(market_reader& in) {
  auto maker = in.text();
  if (maker == "BUY")
    return trade_direction::sell;
  if (maker == "SELL")
    return trade_direction::buy;
  // Of some trades of futures it does not tell.
  if (maker != "UNKNOWN_ORDER_SIDE")
    in.complain("is neither BUY nor SELL");
  return trade_direction::unknown;
}

/// Returns 0 for a name that is no number.
uint64_t read_number_of_trade(market_reader& in) {
  if (in.peek() != json_kind::string)
    return in.integer();
  auto text = in.text();
  uint64_t result = 0;
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, result);
  return ec == std::errc{} && end == last ? result : 0;
}

void read_market_trade(market_reader& in, trade& to) {
  uint8_t places = 0;
  auto has_id = false;
  auto has_price = false;
  auto has_amount = false;
  auto has_side = false;
  in.each_member([&](internal::word name) {
    if (name == "trade_id") {
      has_id = true;
      to.sequence = read_number_of_trade(in);
    } else if (name == "product_id") {
      to.instrument = in.instrument();
    } else if (name == "price") {
      has_price = true;
      to.price = read_positive(in, places);
    } else if (name == "size") {
      has_amount = true;
      to.amount = read_not_negative(in, places);
    } else if (name == "side") {
      has_side = true;
      to.direction = read_maker(in);
    } else if (name == "time") {
      to.time = in.time();
    } else {
      in.skip();
    }
  });
  in.require(has_id, "trade_id");
  in.require(!to.instrument.empty(), "product_id");
  in.require(has_price, "price");
  in.require(has_amount, "size");
  in.require(has_side, "side");
}

/// Puts trades in their order: the venue tells the latest first.
void put_in_order(std::span<update> trades) {
  auto of = [](const update& x) -> const trade& {
    return *std::get_if<trade>(&x);
  };
  auto is_numbered = std::ranges::all_of(trades, [&](const update& x) {
    return of(x).sequence != 0;
  });
  auto before = [&](const update& x, const update& y) {
    return is_numbered ? of(x).sequence < of(y).sequence
                       : of(x).time < of(y).time;
  };
  if (std::ranges::is_sorted(trades, before))
    return;
  std::ranges::reverse(trades);
  if (!std::ranges::is_sorted(trades, before))
    std::ranges::sort(trades, before);
}

void read_market_trades(market_reader& in, update_list& out) {
  auto first = out.size();
  auto type = event_type::missing;
  auto has_trades = false;
  in.each_member([&](internal::word name) {
    if (name == "type") {
      type = read_event_type(in);
    } else if (name == "trades") {
      has_trades = true;
      in.each_element([&] { read_market_trade(in, out.add<trade>()); });
    } else {
      in.skip();
    }
  });
  in.require(type != event_type::missing, "type");
  in.require(has_trades, "trades");
  if (out.size() == first)
    return;
  std::span<update> trades{&out[first], out.size() - first};
  if (type == event_type::snapshot)
    for (auto& x : trades)
      std::get_if<trade>(&x)->is_late = true;
  put_in_order(trades);
}

// -- tickers ------------------------------------------------------------------

/// Reads a member of the best prices.
/// @returns `false` for any other member.
bool read_best(market_reader& in, internal::word name, side_draft& bid,
               side_draft& ask) {
  if (name == "best_bid")
    bid.price = read_unless_zero(in);
  else if (name == "best_bid_quantity")
    bid.amount = read_unless_zero(in);
  else if (name == "best_ask")
    ask.price = read_unless_zero(in);
  else if (name == "best_ask_quantity")
    ask.amount = read_unless_zero(in);
  else
    return false;
  return true;
}

/// Batches of tickers tell no best prices, and so bring no quotes.
void read_ticker(market_reader& in, venue_time sent, update_list& out) {
  ticker result{.time = sent};
  side_draft bid;
  side_draft ask;
  auto has_best = false;
  in.each_member([&](internal::word name) {
    if (name == "product_id")
      result.instrument = in.instrument();
    else if (name == "price")
      result.last_price = read_unless_zero(in);
    else if (read_best(in, name, bid, ask))
      has_best = true;
    else
      in.skip();
  });
  result.bid = bid.finish();
  result.ask = ask.finish();
  in.require(!result.instrument.empty(), "product_id");
  out.add(result);
  if (has_best)
    out.add(market::quote{.instrument = result.instrument,
                          .time = sent,
                          .bid = result.bid,
                          .ask = result.ask});
}

// -- instruments --------------------------------------------------------------

trading_state state_of_product(internal::word name) noexcept {
  if (name == "online")
    return trading_state::open;
  if (name == "offline")
    return trading_state::halted;
  if (name == "internal")
    return trading_state::pending;
  if (name == "delisted")
    return trading_state::closed;
  return trading_state::unknown;
}

/// A future may be a perpetual: the channel does not tell.
void read_product_type(market_reader& in, instrument_state& to) {
  auto name = in.text();
  if (name == "SPOT") {
    to.kind = instrument_kind::spot;
    to.unit = amount_unit::base;
  } else if (name == "FUTURE") {
    to.kind = instrument_kind::future;
    to.unit = amount_unit::contracts;
  }
}

void read_product(market_reader& in, venue_time sent, instrument_state& to) {
  to.time = sent;
  in.each_member([&](internal::word name) {
    if (name == "id")
      to.instrument = in.instrument();
    else if (name == "product_type")
      read_product_type(in, to);
    else if (name == "status")
      to.state = state_of_product(in.text());
    else if (name == "base_currency")
      to.base = in.asset();
    else if (name == "quote_currency")
      to.quote = in.asset();
    else if (name == "quote_increment")
      to.tick = read_unless_zero(in);
    else if (name == "base_increment")
      to.lot = read_unless_zero(in);
    else if (name == "base_min_size")
      to.min_amount = read_unless_zero(in);
    else
      in.skip();
  });
  in.require(!to.instrument.empty(), "id");
}

// -- events -------------------------------------------------------------------

/// Reads the list of an event, whatever its type.
template <class Fun>
void each_in(market_reader& in, std::string_view list, Fun read) {
  auto has_list = false;
  in.each_member([&](internal::word name) {
    if (name == list) {
      has_list = true;
      in.each_element(read);
    } else {
      in.skip();
    }
  });
  in.require(has_list, list);
}

/// Kind of the data of a channel, if zenws has a type for it.
std::optional<data_kind> kind_of_channel(const json_value& channel) {
  std::string memory;
  auto name = coinbase_kind_of(channel.resolved(memory));
  if (name == "level2")
    return data_kind::book;
  if (name == "market_trades")
    return data_kind::trades;
  if (name == "ticker" || name == "ticker_batch")
    return data_kind::ticker;
  if (name == "status")
    return data_kind::instruments;
  return std::nullopt;
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules coinbase_market::rules_of_books(const market_wish&) const {
  return {.numbering = sequence_rule::unnumbered};
}

trade_numbering coinbase_market::numbering_of_trades() const noexcept {
  return trade_numbering::consecutive;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
coinbase_market::channels(const market_wish& wish) const {
  if (wish.instrument.empty())
    return error{ec::not_supported, "Coinbase wants the products by name"};
  if (auto problem = check_coinbase_product(wish.instrument))
    return problem;
  auto kind = [&] {
    switch (wish.kind) {
      case data_kind::trades:
        return "market_trades:";
      case data_kind::book:
        return "level2:";
      case data_kind::instruments:
        return "status:";
      default:
        return "ticker:";
    }
  }();
  return std::vector<channel_spec>{{.name = kind + wish.instrument}};
}

// -- messages -----------------------------------------------------------------

error coinbase_market::decode(const envelope& message, update_list& out) {
  auto kind = kind_of_channel(message.channel);
  if (!kind)
    return {};
  venue_time sent{};
  if (auto problem = read_sent_time(message.params, sent))
    return problem;
  market_reader in{message.data};
  in.each_element([&] {
    switch (*kind) {
      case data_kind::book:
        read_book(in, sent, out);
        break;
      case data_kind::trades:
        read_market_trades(in, out);
        break;
      case data_kind::instruments:
        each_in(in, "products",
                [&] { read_product(in, sent, out.add<instrument_state>()); });
        break;
      default:
        each_in(in, "tickers", [&] { read_ticker(in, sent, out); });
    }
  });
  return in.problem();
}

} // namespace zenws
