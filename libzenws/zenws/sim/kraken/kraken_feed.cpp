// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_feed.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/kraken/kraken_text.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

// docs.kraken.com, "Trades": "the most recent 50 trades".
constexpr size_t told_trades = 50;

// Levels that the checksum of a book covers, whatever its depth.
constexpr size_t checked_levels = 10;

/// Writes a message around the output of `data`.
template <class Fun>
std::string push(std::string_view kind, const char* type, Fun data) {
  json_writer out;
  out.begin_object();
  out.member("channel", kind);
  out.member("type", type);
  out.key("data");
  data(out);
  out.end_object();
  return out.text();
}

/// Same with one object as the data.
template <class Fun>
std::string push_one(std::string_view kind, const char* type, Fun data) {
  return push(kind, type, [&](json_writer& out) {
    out.begin_array();
    out.begin_object();
    data(out);
    out.end_object();
    out.end_array();
  });
}

// -- books --------------------------------------------------------------------

/// Returns the digits that a number adds to a checksum.
std::string checked_digits(std::string number) {
  std::erase(number, '.');
  return number.substr(std::min(number.find_first_not_of('0'), number.size()));
}

uint64_t checksum(const instrument& item) {
  boost::crc_32_type crc;
  auto view = kraken_book_view::of(item.book(), checked_levels);
  for (auto* side : {&view.asks, &view.bids})
    for (auto& [ticks, lots] : *side) {
      auto text = checked_digits(kraken_price(item, ticks))
                  + checked_digits(kraken_amount(item, lots));
      crc.process_bytes(text.data(), text.size());
    }
  return crc.checksum();
}

void write_levels(json_writer& out, const instrument& item,
                  const kraken_book_view::levels& levels) {
  out.begin_array();
  for (auto& [ticks, lots] : levels) {
    out.begin_object();
    out.key("price").raw(kraken_price(item, ticks));
    out.key("qty").raw(kraken_amount(item, lots));
    out.end_object();
  }
  out.end_array();
}

std::string book_text(const char* type, const std::string& symbol,
                      const instrument& item, const kraken_book_view& levels) {
  return push_one("book", type, [&](json_writer& out) {
    out.member("symbol", symbol);
    out.key("bids");
    write_levels(out, item, levels.bids);
    out.key("asks");
    write_levels(out, item, levels.asks);
    out.member("checksum", checksum(item));
    out.member("timestamp", kraken_now());
  });
}

// -- trades and tickers -------------------------------------------------------

void write_trade(json_writer& out, const std::string& symbol,
                 const instrument& item, const past_trade& made) {
  const auto& x = made.trade;
  out.begin_object();
  out.member("symbol", symbol);
  out.member("side", x.taker == aggressor::buyer ? "buy" : "sell");
  out.key("price").raw(kraken_price(item, x.price));
  out.key("qty").raw(kraken_amount(item, x.amount));
  out.member("ord_type", "market");
  out.member("trade_id", x.sequence);
  out.member("timestamp", kraken_time(made.time));
  out.end_object();
}

std::string trades_text(const char* type, const std::string& symbol,
                        const instrument& item,
                        const std::vector<past_trade>& trades) {
  return push("trade", type, [&](json_writer& out) {
    out.begin_array();
    for (auto& x : trades)
      write_trade(out, symbol, item, x);
    out.end_array();
  });
}

std::string ticker_text(const char* type, const std::string& symbol,
                        const instrument& item) {
  const auto& book = item.book();
  auto price = [&](json_writer& out, const char* name, int64_t ticks) {
    out.key(name).raw(kraken_price(item, ticks));
  };
  auto amount = [&](json_writer& out, const char* name, int64_t lots) {
    out.key(name).raw(kraken_amount(item, lots));
  };
  return push_one("ticker", type, [&](json_writer& out) {
    out.member("symbol", symbol);
    price(out, "bid", book.best_price(book_side::bid));
    amount(out, "bid_qty", book.best_amount(book_side::bid));
    price(out, "ask", book.best_price(book_side::ask));
    amount(out, "ask_qty", book.best_amount(book_side::ask));
    price(out, "last", item.last_price());
    amount(out, "volume", item.volume());
    price(out, "low", item.low_price());
    price(out, "high", item.high_price());
    out.member("timestamp", kraken_now());
  });
}

/// Returns whether an update is one of the best prices.
bool touches_best(const instrument& item, const market_update& update) {
  return std::ranges::any_of(update.changes, [&](const level_change& x) {
    auto best = item.book().best_price(x.side);
    return x.side == book_side::bid ? x.price >= best : x.price <= best;
  });
}

// -- instruments --------------------------------------------------------------

void write_pair(json_writer& out, const std::string& symbol,
                const instrument& item) {
  auto slash = symbol.find('/');
  out.begin_object();
  out.member("symbol", symbol);
  out.member("base", symbol.substr(0, slash));
  out.member("quote", symbol.substr(slash + 1));
  out.member("status", "online");
  out.member("qty_precision", uint64_t{8});
  out.key("qty_increment").raw(shortest_decimal(item.amount_of(1)));
  out.key("price_increment").raw(shortest_decimal(item.price_of(1)));
  out.key("qty_min").raw(shortest_decimal(item.amount_of(1)));
  out.end_object();
}

} // namespace

// -- feed ---------------------------------------------------------------------

kraken_feed::kraken_feed(market_feed& feed) : feed_(feed) {
  feed_.add(*this);
  for (auto& x : feed_.exchange().instruments())
    instruments_.try_emplace(kraken_symbol(x.terms().name), x.terms().name);
}

std::optional<std::string>
kraken_feed::instrument_of(const std::string& symbol) const {
  auto i = instruments_.find(symbol);
  return i != instruments_.end() ? std::optional{i->second} : std::nullopt;
}

void kraken_feed::subscribe(const kraken_channel& channel, kraken_start start,
                            connection& subscriber) {
  if (channel.kind == "book") {
    auto& item = *feed_.exchange().find(instruments_.at(channel.symbol));
    // Without subscribers, nobody keeps it.
    if (!channels_.has(channel.text()))
      views_[channel.symbol][channel.depth]
        = kraken_book_view::of(item.book(), channel.depth);
  }
  channels_.add(channel.text(), subscriber);
  if (start == kraken_start::snapshot)
    subscriber.send(opcode::text, snapshot(channel));
  feed_.wake();
}

void kraken_feed::unsubscribe(const kraken_channel& channel,
                              connection& subscriber) {
  channels_.remove(channel.text(), subscriber);
}

std::string kraken_feed::snapshot(const kraken_channel& channel) const {
  if (channel.kind == "instrument")
    return push("instrument", "snapshot", [&](json_writer& out) {
      out.begin_object();
      out.key("assets").begin_array();
      out.end_array();
      out.key("pairs").begin_array();
      for (auto& [symbol, name] : instruments_)
        write_pair(out, symbol, *feed_.exchange().find(name));
      out.end_array();
      out.end_object();
    });
  const auto& item = *feed_.exchange().find(instruments_.at(channel.symbol));
  if (channel.kind == "ticker")
    return ticker_text("snapshot", channel.symbol, item);
  if (channel.kind == "book")
    return book_text("snapshot", channel.symbol, item,
                     kraken_book_view::of(item.book(), channel.depth));
  return trades_text("snapshot", channel.symbol, item,
                     feed_.history().latest(item.terms().name, told_trades));
}

bool kraken_feed::busy() const {
  return !channels_.empty();
}

void kraken_feed::report(const instrument& item, const market_update& update,
                         book_news news) {
  auto symbol = kraken_symbol(item.terms().name);
  if (instruments_.at(symbol) != item.terms().name)
    return;
  if (update.trade)
    report_trade(symbol, item, *update.trade);
  report_ticker(symbol, item, update);
  report_book(symbol, item, news);
}

void kraken_feed::report_trade(const std::string& symbol,
                               const instrument& item, const trade& made) {
  auto channel = kraken_channel{.kind = "trade", .symbol = symbol}.text();
  if (channels_.has(channel))
    channels_.publish(channel, trades_text("update", symbol, item,
                                           {{made, wall_clock()}}));
}

void kraken_feed::report_ticker(const std::string& symbol,
                                const instrument& item,
                                const market_update& update) {
  for (auto tells_quotes : {false, true}) {
    auto channel = kraken_channel{.kind = "ticker",
                                  .symbol = symbol,
                                  .tells_quotes = tells_quotes}
                     .text();
    auto is_told = update.trade || (tells_quotes && touches_best(item, update));
    if (is_told && channels_.has(channel))
      channels_.publish(channel, ticker_text("update", symbol, item));
  }
}

void kraken_feed::report_book(const std::string& symbol, const instrument& item,
                              book_news news) {
  const auto& book = item.book();
  for (auto& [depth, shown] : views_[symbol]) {
    auto now = kraken_book_view::of(book, depth);
    kraken_book_view changes{
      changes_between(shown.bids, now.bids, book, book_side::bid),
      changes_between(shown.asks, now.asks, book, book_side::ask)};
    shown = std::move(now);
    auto channel
      = kraken_channel{.kind = "book", .symbol = symbol, .depth = depth}.text();
    auto is_change = !changes.bids.empty() || !changes.asks.empty();
    if (news == book_news::told && is_change && channels_.has(channel))
      channels_.publish(channel, book_text("update", symbol, item, changes));
  }
}

void kraken_feed::stop() {
  channels_.clear();
}

std::string malformed_push(const kraken_channel& channel, breakage mode) {
  return broken(push_one(channel.kind, "update",
                         [&](json_writer& out) {
                           if (!channel.symbol.empty())
                             out.member("symbol", channel.symbol);
                           out.member("bids", int64_t{7});
                           out.member("price", "?");
                         }),
                mode);
}

} // namespace zenws::sim
