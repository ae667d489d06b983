// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/deribit.hpp"

#include "zenws/market/internal/market_reader.hpp"

namespace zenws::market::deribit {

namespace {

using internal::market_reader;

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
  level_change result{.side = side, .action = level_action::set};
  in.enter_array();
  in.expect_element();
  if (in.peek() == json_kind::string) {
    result.action = read_action(in);
    in.expect_element();
  }
  result.price = in.number();
  in.expect_element();
  result.amount = in.number();
  in.leave_array();
  return result;
}

void read_levels(market_reader& in, book_side side,
                 std::vector<level_change>& out) {
  in.each_element([&] { out.push_back(read_level(in, side)); });
}

update_kind read_kind(market_reader& in) {
  auto name = in.text();
  if (name == "change")
    return update_kind::change;
  if (name != "snapshot")
    in.complain("is neither snapshot nor change");
  return update_kind::snapshot;
}

/// Grouped books have no type: each message shows all there is to see.
void read_book(market_reader& in, book_change& out) {
  bool has_id = false;
  bool has_bids = false;
  bool has_asks = false;
  in.each_member([&](std::string_view name) {
    if (name == "bids") {
      has_bids = true;
      read_levels(in, book_side::bid, out.levels);
    } else if (name == "asks") {
      has_asks = true;
      read_levels(in, book_side::ask, out.levels);
    } else if (name == "change_id") {
      has_id = true;
      out.change_id = in.integer();
    } else if (name == "prev_change_id") {
      out.prev_change_id = in.integer();
    } else if (name == "instrument_name") {
      out.instrument = in.instrument();
    } else if (name == "timestamp") {
      out.time = in.time();
    } else if (name == "type") {
      out.kind = read_kind(in);
    } else {
      in.skip();
    }
  });
  out.first_change_id = out.change_id;
  in.require(!out.instrument.empty(), "instrument_name");
  in.require(has_id, "change_id");
  in.require(has_bids, "bids");
  in.require(has_asks, "asks");
  in.require(out.kind == update_kind::snapshot || out.prev_change_id,
             "prev_change_id");
}

// -- trades -------------------------------------------------------------------

trade_direction read_direction(market_reader& in) {
  auto name = in.text();
  if (name == "sell")
    return trade_direction::sell;
  if (name != "buy")
    in.complain("is neither buy nor sell");
  return trade_direction::buy;
}

/// Reads a member that only such trades have.
void mark(market_reader& in, trade_kind as, trade& out) {
  if (in.peek() != json_kind::null)
    out.kind = as;
  in.skip();
}

void read_trade(market_reader& in, trade& out) {
  bool has_sequence = false;
  bool has_price = false;
  bool has_amount = false;
  bool has_direction = false;
  in.each_member([&](std::string_view name) {
    if (name == "price") {
      has_price = true;
      out.price = in.number();
    } else if (name == "amount") {
      has_amount = true;
      out.amount = in.number();
    } else if (name == "direction") {
      has_direction = true;
      out.direction = read_direction(in);
    } else if (name == "trade_seq") {
      has_sequence = true;
      out.sequence = in.integer();
    } else if (name == "timestamp") {
      out.time = in.time();
    } else if (name == "instrument_name") {
      out.instrument = in.instrument();
    } else if (name == "liquidation") {
      mark(in, trade_kind::liquidation, out);
    } else if (name == "block_trade_id") {
      mark(in, trade_kind::block, out);
    } else {
      in.skip();
    }
  });
  in.require(!out.instrument.empty(), "instrument_name");
  in.require(has_sequence, "trade_seq");
  in.require(has_price, "price");
  in.require(has_amount, "amount");
  in.require(has_direction, "direction");
}

// -- tickers ------------------------------------------------------------------

void read_ticker(market_reader& in, ticker& out) {
  in.each_member([&](std::string_view name) {
    if (name == "best_bid_price")
      out.best_bid = in.price();
    else if (name == "best_bid_amount")
      out.best_bid_amount = in.optional_number();
    else if (name == "best_ask_price")
      out.best_ask = in.price();
    else if (name == "best_ask_amount")
      out.best_ask_amount = in.optional_number();
    else if (name == "last_price")
      out.last_price = in.optional_number();
    else if (name == "mark_price")
      out.mark_price = in.optional_number();
    else if (name == "index_price")
      out.index_price = in.optional_number();
    else if (name == "timestamp")
      out.time = in.time();
    else if (name == "instrument_name")
      out.instrument = in.instrument();
    else
      in.skip();
  });
  in.require(!out.instrument.empty(), "instrument_name");
}

content kind_of(const json_value& channel) {
  std::string memory;
  auto name = channel.resolved(memory);
  if (name.starts_with("book."))
    return content::book;
  if (name.starts_with("trades."))
    return content::trades;
  if (name.starts_with("ticker."))
    return content::ticker;
  return content::none;
}

} // namespace

error decode(const envelope& message, update& out) {
  out.kind = message.method.is("subscription") ? kind_of(message.channel)
                                               : content::none;
  if (out.kind == content::none)
    return {};
  market_reader in{message.data};
  switch (out.kind) {
    case content::book:
      out.book.clear();
      read_book(in, out.book);
      break;
    case content::trades:
      out.trades.clear();
      out.placeholders.clear();
      in.each_element([&] { read_trade(in, out.trades.emplace_back()); });
      break;
    default:
      out.ticker = {};
      read_ticker(in, out.ticker);
  }
  return in.problem();
}

} // namespace zenws::market::deribit
