// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/deribit/deribit_market.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/market/internal/market_reader.hpp"
#include "zenws/market/internal/sides.hpp"

#include <optional>
#include <string>

namespace zenws {

namespace {

using namespace market;

using internal::market_reader;
using internal::side_draft;

// -- books --------------------------------------------------------------------

level_action read_action(market_reader& in) {
  auto name = in.text();
  if (name == "change")
    return level_action::change;
  if (name == "delete")
    return level_action::remove;
  if (name != "new")
    in.complain("has an unknown action");
  return level_action::create;
}

/// Reads ["new", price, amount], or [price, amount] of a grouped book.
level_change read_level(market_reader& in, book_side side) {
  level_change result{.side = side};
  in.enter_array();
  in.expect_element();
  if (in.peek() == json_kind::string) {
    result.action = read_action(in);
    in.expect_element();
  }
  result.price = in.number(result.price_places);
  in.expect_element();
  result.amount = in.number(result.amount_places);
  in.leave_array();
  return result;
}

/// @returns whether it is a snapshot.
bool read_is_snapshot(market_reader& in) {
  auto name = in.text();
  if (name != "snapshot" && name != "change")
    in.complain("is neither snapshot nor change");
  return name != "change";
}

/// Grouped books have no type: each message shows all there is to see.
void read_book(market_reader& in, update_list& out) {
  auto& to = out.add<book_change>();
  auto is_snapshot = true;
  auto has_id = false;
  auto has_bids = false;
  auto has_asks = false;
  auto read_side = [&](book_side side) {
    in.each_element([&] { out.add_level(to, read_level(in, side)); });
    return true;
  };
  in.each_member([&](internal::word name) {
    if (name == "bids") {
      has_bids = read_side(book_side::bid);
    } else if (name == "asks") {
      has_asks = read_side(book_side::ask);
    } else if (name == "change_id") {
      has_id = true;
      to.sequence = in.integer();
    } else if (name == "prev_change_id") {
      if (in.peek() != json_kind::null)
        to.previous = in.integer();
      else
        in.skip();
    } else if (name == "instrument_name") {
      to.instrument = in.instrument();
    } else if (name == "timestamp") {
      to.time = in.time();
    } else if (name == "type") {
      is_snapshot = read_is_snapshot(in);
    } else {
      in.skip();
    }
  });
  to.first_sequence = to.sequence;
  in.require(!to.instrument.empty(), "instrument_name");
  in.require(has_id, "change_id");
  in.require(has_bids, "bids");
  in.require(has_asks, "asks");
  in.require(is_snapshot || to.previous, "prev_change_id");
  if (is_snapshot)
    out.make_snapshot();
}

// -- trades -------------------------------------------------------------------

/// Reads a member that only such trades have.
void mark(market_reader& in, trade_kind as, trade& to) {
  if (in.peek() != json_kind::null)
    to.kind = as;
  in.skip();
}

void read_trade(market_reader& in, trade& to) {
  auto has_sequence = false;
  auto has_price = false;
  auto has_amount = false;
  auto has_direction = false;
  in.each_member([&](internal::word name) {
    if (name == "price") {
      has_price = true;
      to.price = in.number();
    } else if (name == "amount") {
      has_amount = true;
      to.amount = in.number();
    } else if (name == "direction") {
      has_direction = true;
      to.direction = in.direction();
    } else if (name == "trade_seq") {
      has_sequence = true;
      to.sequence = in.integer();
    } else if (name == "timestamp") {
      to.time = in.time();
    } else if (name == "instrument_name") {
      to.instrument = in.instrument();
    } else if (name == "liquidation") {
      mark(in, trade_kind::liquidation, to);
    } else if (name == "block_trade_id") {
      mark(in, trade_kind::block, to);
    } else {
      in.skip();
    }
  });
  in.require(!to.instrument.empty(), "instrument_name");
  in.require(has_sequence, "trade_seq");
  in.require(has_price, "price");
  in.require(has_amount, "amount");
  in.require(has_direction, "direction");
}

void read_trades(market_reader& in, update_list& out) {
  in.each_element([&] { read_trade(in, out.add<trade>()); });
}

/// Reads the answer of `public/get_last_trades_by_instrument`.
void read_old_trades(market_reader& in, update_list& out) {
  auto has_trades = false;
  in.each_member([&](internal::word name) {
    if (name == "trades") {
      has_trades = true;
      read_trades(in, out);
    } else {
      in.skip();
    }
  });
  in.require(has_trades, "trades");
}

// -- quotes and tickers -------------------------------------------------------

/// Reads a member of the best prices.
/// @returns `false` for any other member.
bool read_side(market_reader& in, internal::word name, side_draft& bid,
               side_draft& ask) {
  if (name == "best_bid_price")
    bid.price = in.optional_number();
  else if (name == "best_bid_amount")
    bid.amount = in.optional_number();
  else if (name == "best_ask_price")
    ask.price = in.optional_number();
  else if (name == "best_ask_amount")
    ask.amount = in.optional_number();
  else
    return false;
  return true;
}

void read_quote(market_reader& in, market::quote& to) {
  side_draft bid;
  side_draft ask;
  in.each_member([&](internal::word name) {
    if (name == "timestamp")
      to.time = in.time();
    else if (name == "instrument_name")
      to.instrument = in.instrument();
    else if (!read_side(in, name, bid, ask))
      in.skip();
  });
  to.bid = bid.finish();
  to.ask = ask.finish();
  in.require(!to.instrument.empty(), "instrument_name");
}

void read_ticker(market_reader& in, ticker& to) {
  side_draft bid;
  side_draft ask;
  in.each_member([&](internal::word name) {
    if (name == "last_price")
      to.last_price = in.optional_number();
    else if (name == "mark_price")
      to.mark_price = in.optional_number();
    else if (name == "index_price")
      to.index_price = in.optional_number();
    else if (name == "current_funding")
      to.funding_rate = in.optional_number();
    else if (name == "open_interest")
      to.open_interest = in.optional_number();
    else if (name == "timestamp")
      to.time = in.time();
    else if (name == "instrument_name")
      to.instrument = in.instrument();
    else if (!read_side(in, name, bid, ask))
      in.skip();
  });
  to.bid = bid.finish();
  to.ask = ask.finish();
  in.require(!to.instrument.empty(), "instrument_name");
}

// -- instruments --------------------------------------------------------------

// docs.deribit.com, "instrument.state.{kind}.{currency}" and
// public/get_instrument, member `state`.
trading_state state_of(internal::word name) noexcept {
  if (name == "open" || name == "started")
    return trading_state::open;
  if (name == "created")
    return trading_state::pending;
  if (name == "halted" || name == "locked" || name == "inactive")
    return trading_state::halted;
  if (name == "settled" || name == "closed" || name == "terminated"
      || name == "deactivated" || name == "archivized")
    return trading_state::closed;
  return trading_state::unknown;
}

instrument_kind kind_of(internal::word name) noexcept {
  if (name == "future")
    return instrument_kind::future;
  if (name == "option")
    return instrument_kind::option;
  if (name == "spot")
    return instrument_kind::spot;
  if (name == "future_combo" || name == "option_combo")
    return instrument_kind::combination;
  return instrument_kind::other;
}

/// Reads an instrument as `public/get_instrument` tells it, or the message of
/// its channel, which has the name and the state only.
void read_instrument(market_reader& in, instrument_state& to) {
  auto is_perpetual = false;
  std::optional<bool> is_active;
  in.each_member([&](internal::word name) {
    if (name == "instrument_name")
      to.instrument = in.instrument();
    else if (name == "timestamp")
      to.time = in.time();
    else if (name == "state")
      to.state = state_of(in.text());
    else if (name == "is_active")
      is_active = in.boolean();
    else if (name == "kind")
      to.kind = kind_of(in.text());
    else if (name == "base_currency")
      to.base = in.asset();
    else if (name == "quote_currency")
      to.quote = in.asset();
    else if (name == "settlement_currency")
      to.settlement = in.asset();
    else if (name == "instrument_type")
      to.is_inverse = in.text() == "reversed";
    else if (name == "settlement_period")
      is_perpetual = in.text() == "perpetual";
    else if (name == "tick_size")
      to.tick = in.optional_number();
    else if (name == "contract_size")
      to.contract_size = in.optional_number();
    else if (name == "min_trade_amount")
      to.min_amount = in.optional_number();
    else if (name == "strike")
      to.strike = in.optional_number();
    else if (name == "expiration_timestamp")
      to.expires = in.time();
    else
      in.skip();
  });
  if (is_perpetual) { // "expires" in the year 3000
    to.kind = instrument_kind::perpetual;
    to.expires = {};
  }
  if (to.state == trading_state::unknown && is_active)
    to.state = *is_active ? trading_state::open : trading_state::closed;
  // docs.deribit.com, public/buy: "For perpetual and inverse futures the amount
  // is in USD units. For options and linear futures it is the underlying base
  // currency coin." Amounts are multiples of the smallest one.
  auto in_quote = to.is_inverse
                  && (to.kind == instrument_kind::perpetual
                      || to.kind == instrument_kind::future);
  if (to.contract_size) {
    to.unit = in_quote ? amount_unit::quote : amount_unit::base;
    to.lot = to.min_amount;
  }
  in.require(!to.instrument.empty(), "instrument_name");
}

// -- channels -----------------------------------------------------------------

/// Kind of the data of a channel, if zenws has a type for it.
std::optional<data_kind> kind_of(const json_value& channel) {
  std::string memory;
  auto name = channel.resolved(memory);
  if (name.starts_with("book."))
    return data_kind::book;
  if (name.starts_with("trades."))
    return data_kind::trades;
  if (name.starts_with("quote."))
    return data_kind::quotes;
  if (name.starts_with("ticker."))
    return data_kind::ticker;
  if (name.starts_with("instrument.state."))
    return data_kind::instruments;
  return std::nullopt;
}

/// docs.deribit.com, "book.{instrument_name}.{group}.{depth}.{interval}".
std::string grouped(uint32_t depth) {
  for (auto offered : {1, 10, 20})
    if (depth <= static_cast<uint32_t>(offered))
      return ".none." + std::to_string(offered);
  return {};
}

} // namespace

// -- properties ---------------------------------------------------------------

book_rules deribit_market::rules_of_books(const market_wish&) const {
  return {.numbering = sequence_rule::chained};
}

trade_numbering deribit_market::numbering_of_trades() const noexcept {
  return trade_numbering::consecutive;
}

// -- channels -----------------------------------------------------------------

result<std::vector<channel_spec>>
deribit_market::channels(const market_wish& wish) const {
  if (wish.kind == data_kind::instruments)
    return std::vector<channel_spec>{{.name = "instrument.state.any.any"}};
  if (wish.instrument.empty())
    return error{ec::not_supported, "Deribit wants the instruments by name"};
  channel_spec result;
  auto is_raw = wish.pace == market_pace::fastest;
  auto interval = is_raw ? ".raw" : ".100ms";
  switch (wish.kind) {
    case data_kind::trades:
      result.name = "trades." + wish.instrument + interval;
      break;
    case data_kind::ticker:
      result.name = "ticker." + wish.instrument + interval;
      break;
    case data_kind::quotes:
      is_raw = false;
      result.name = "quote." + wish.instrument;
      break;
    default:
      if (auto group = wish.depth != 0 ? grouped(wish.depth) : std::string{};
          !group.empty()) {
        is_raw = false;
        result.name = "book." + wish.instrument + group + ".100ms";
      } else {
        result.name = "book." + wish.instrument + interval;
      }
  }
  if (is_raw)
    result.access = channel_access::authenticated_only;
  return std::vector{std::move(result)};
}

// -- messages -----------------------------------------------------------------

error deribit_market::decode(const envelope& message, update_list& out) {
  auto kind = message.method.is("subscription") ? kind_of(message.channel)
                                                : std::nullopt;
  if (!kind)
    return {};
  market_reader in{message.data};
  switch (*kind) {
    case data_kind::book:
      read_book(in, out);
      break;
    case data_kind::trades:
      read_trades(in, out);
      break;
    case data_kind::quotes:
      read_quote(in, out.add<market::quote>());
      break;
    case data_kind::ticker:
      read_ticker(in, out.add<ticker>());
      break;
    case data_kind::instruments:
      read_instrument(in, out.add<instrument_state>());
  }
  return in.problem();
}

// -- questions ----------------------------------------------------------------

result<market_query> deribit_market::ask_trades(const trade_gap& gap) const {
  internal::json_writer params;
  params.begin_object();
  params.key("instrument_name").string(gap.instrument.view());
  params.key("start_seq").number(gap.after + 1);
  params.key("end_seq").number(gap.before - 1);
  params.key("count").number(1000);
  params.key("sorting").string("asc");
  auto text = params.end_object().take();
  if (!text)
    return text.error();
  return market_query{"public/get_last_trades_by_instrument", std::move(*text)};
}

result<market_query>
deribit_market::ask_instruments(const market_wish& wish) const {
  internal::json_writer params;
  params.begin_object();
  if (wish.instrument.empty())
    params.key("currency").string("any");
  else
    params.key("instrument_name").string(wish.instrument, "the instrument");
  auto text = params.end_object().take();
  if (!text)
    return text.error();
  return market_query{wish.instrument.empty() ? "public/get_instruments"
                                              : "public/get_instrument",
                      std::move(*text)};
}

error deribit_market::read_answer(const market_query& question,
                                  std::string_view, std::string_view result,
                                  update_list& out) {
  market_reader in{result};
  if (question.method == "public/get_last_trades_by_instrument")
    read_old_trades(in, out);
  else if (question.method == "public/get_instruments")
    in.each_element([&] { read_instrument(in, out.add<instrument_state>()); });
  else
    read_instrument(in, out.add<instrument_state>());
  return in.problem();
}

} // namespace zenws
