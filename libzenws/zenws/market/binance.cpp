// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/binance.hpp"

#include "zenws/market/internal/market_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace zenws::market::binance {

namespace {

using internal::market_reader;

// -- topics -------------------------------------------------------------------

enum class topic : uint8_t {
  other,
  depth,
  partial_depth,
  trade,
  agg_trade,
  ticker
};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Reads the part behind the symbol in the name of a stream: "depth5@100ms".
topic topic_of_stream(std::string_view name) noexcept {
  name = name.substr(0, name.find('@'));
  if (name.starts_with("depth")) {
    name.remove_prefix(5);
    if (name.empty())
      return topic::depth;
    return is_digit(name.front()) ? topic::partial_depth : topic::other;
  }
  if (name == "bookTicker" || name == "!bookTicker" || name == "ticker")
    return topic::ticker;
  if (name == "aggTrade")
    return topic::agg_trade;
  return name == "trade" ? topic::trade : topic::other;
}

topic topic_of_event(std::string_view name) noexcept {
  if (name == "depthUpdate")
    return topic::depth;
  if (name == "bookTicker" || name == "24hrTicker")
    return topic::ticker;
  if (name == "aggTrade")
    return topic::agg_trade;
  return name == "trade" ? topic::trade : topic::other;
}

topic topic_of(const envelope& message) {
  std::string memory;
  if (message.channel) {
    auto stream = message.channel.resolved(memory);
    auto at = stream.find('@');
    return topic_of_stream(at != stream.npos ? stream.substr(at + 1) : stream);
  }
  if (message.event)
    return topic_of_event(message.event.resolved(memory));
  // The book tickers of the spot market have no event.
  return message.instrument ? topic::ticker : topic::other;
}

/// Returns the symbol of a stream: "btcusdt@depth5" is about "BTCUSDT".
instrument_name instrument_of(const json_value& stream) {
  std::array<char, instrument_name::max_size> symbol;
  std::string memory;
  auto name = stream.resolved(memory);
  name = name.substr(0, name.find('@'));
  if (name.size() > symbol.size())
    return {};
  auto to_upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  std::transform(name.begin(), name.end(), symbol.begin(), to_upper);
  return instrument_name::make({symbol.data(), name.size()}).value();
}

// -- members ------------------------------------------------------------------

/// Picks the time of the matching engine (T) rather than that of sending (E).
class time_reader {
public:
  bool read(market_reader& in, std::string_view name, venue_time& out) {
    if (name == "T") {
      out = in.time();
      final_ = true;
      return true;
    }
    if (name != "E")
      return false;
    auto sent = in.time();
    if (!final_)
      out = sent;
    return true;
  }

private:
  bool final_ = false;
};

void read_levels(market_reader& in, book_side side,
                 std::vector<level_change>& out) {
  in.each_element([&] {
    auto& level = out.emplace_back();
    level.side = side;
    level.action = level_action::set;
    in.enter_array();
    in.expect_element();
    level.price = in.number();
    in.expect_element();
    level.amount = in.number();
    in.leave_array();
  });
}

/// Partial books of the spot market have other names for the same.
void read_book(market_reader& in, book_change& out) {
  time_reader time;
  bool has_id = false;
  bool has_first_id = false;
  bool has_bids = false;
  bool has_asks = false;
  in.each_member([&](std::string_view name) {
    if (name == "b" || name == "bids") {
      has_bids = true;
      read_levels(in, book_side::bid, out.levels);
    } else if (name == "a" || name == "asks") {
      has_asks = true;
      read_levels(in, book_side::ask, out.levels);
    } else if (name == "u" || name == "lastUpdateId") {
      has_id = true;
      out.change_id = in.integer();
    } else if (name == "U") {
      has_first_id = true;
      out.first_change_id = in.integer();
    } else if (name == "pu") {
      out.prev_change_id = in.integer();
    } else if (name == "s") {
      out.instrument = in.instrument();
    } else if (!time.read(in, name, out.time)) {
      in.skip();
    }
  });
  in.require(!out.instrument.empty(), "s");
  in.require(has_id, "u");
  in.require(has_first_id || out.kind == update_kind::snapshot, "U");
  in.require(has_bids, "b");
  in.require(has_asks, "a");
  if (!has_first_id)
    out.first_change_id = out.change_id;
}

/// Reads the kind of a trade (member X of USD-M futures). Returns nothing for a
/// placeholder, which is no trade but has a number.
std::optional<trade_kind> read_kind(market_reader& in) {
  auto name = in.text();
  if (name == "MARKET")
    return trade_kind::regular;
  if (name == "INSURANCE_FUND")
    return trade_kind::insurance_fund;
  if (name == "NA")
    return std::nullopt;
  return trade_kind::other;
}

/// @param id the name that the number of the trade has.
/// @returns `false` if it is a number without a trade.
bool read_trade(market_reader& in, std::string_view id, trade& out) {
  time_reader time;
  bool has_id = false;
  bool has_price = false;
  bool has_amount = false;
  bool has_direction = false;
  std::optional<trade_kind> kind{trade_kind::regular};
  in.each_member([&](std::string_view name) {
    if (name == "p") {
      has_price = true;
      out.price = in.number();
    } else if (name == "q") {
      has_amount = true;
      out.amount = in.number();
    } else if (name == "m") {
      // The buyer was there first, so the seller took.
      has_direction = true;
      out.direction = in.boolean() ? trade_direction::sell
                                   : trade_direction::buy;
    } else if (name == id) {
      has_id = true;
      out.sequence = in.integer();
    } else if (name == "X") {
      kind = read_kind(in);
    } else if (name == "s") {
      out.instrument = in.instrument();
    } else if (!time.read(in, name, out.time)) {
      in.skip();
    }
  });
  in.require(!out.instrument.empty(), "s");
  in.require(has_id, id);
  in.require(has_price, "p");
  in.require(has_amount, "q");
  in.require(has_direction, "m");
  out.kind = kind.value_or(trade_kind::other);
  return kind && !out.price.is_zero() && !out.amount.is_zero();
}

/// Reads book tickers and those of 24 hours, of which futures have no book.
void read_ticker(market_reader& in, ticker& out) {
  time_reader time;
  in.each_member([&](std::string_view name) {
    if (name == "b")
      out.best_bid = in.price();
    else if (name == "B")
      out.best_bid_amount = in.optional_number();
    else if (name == "a")
      out.best_ask = in.price();
    else if (name == "A")
      out.best_ask_amount = in.optional_number();
    else if (name == "c")
      out.last_price = in.optional_number();
    else if (name == "u")
      out.change_id = in.integer();
    else if (name == "s")
      out.instrument = in.instrument();
    else if (!time.read(in, name, out.time))
      in.skip();
  });
  in.require(!out.instrument.empty(), "s");
}

void read_book(market_reader& in, const envelope& message, topic about,
               update& out) {
  out.kind = content::book;
  out.book.clear();
  out.book.kind = about == topic::partial_depth ? update_kind::snapshot
                                                : update_kind::change;
  if (about == topic::partial_depth)
    out.book.instrument = instrument_of(message.channel);
  read_book(in, out.book);
}

void read_trade(market_reader& in, topic about, update& out) {
  out.kind = content::trades;
  out.trades.clear();
  out.placeholders.clear();
  trade item;
  auto is_trade = read_trade(in, about == topic::trade ? "t" : "a", item);
  (is_trade ? out.trades : out.placeholders).push_back(item);
}

void read_ticker(market_reader& in, update& out) {
  out.kind = content::ticker;
  out.ticker = {};
  read_ticker(in, out.ticker);
}

} // namespace

error decode(const envelope& message, update& out) {
  out.kind = content::none;
  auto about = topic_of(message);
  if (about == topic::other || message.kind() == envelope_kind::answer)
    return {};
  market_reader in{message.channel ? message.data : message.root};
  switch (about) {
    case topic::depth:
    case topic::partial_depth:
      read_book(in, message, about, out);
      break;
    case topic::trade:
    case topic::agg_trade:
      read_trade(in, about, out);
      break;
    default:
      read_ticker(in, out);
  }
  return in.problem();
}

} // namespace zenws::market::binance
