// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_feed.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cctype>

namespace zenws::sim {

namespace {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

std::string binance_price(const instrument& item, int64_t ticks) {
  return eight_decimals(item.price_of(ticks));
}

std::string binance_amount(const instrument& item, int64_t lots) {
  return eight_decimals(item.amount_of(lots));
}

void write_binance_trade(json_writer& out, const instrument& item,
                         const trade& x, const std::string& symbol) {
  auto now = wall_clock().count();
  out.begin_object();
  out.member("e", "trade");
  out.member("E", now);
  out.member("s", symbol);
  out.member("t", x.sequence);
  out.member("p", binance_price(item, x.price));
  out.member("q", binance_amount(item, x.amount));
  out.member("T", now);
  out.member("m", x.taker == aggressor::seller);
  out.member("M", true);
  out.end_object();
}

// Each trade is an aggregate of its own.
void write_aggregate_trade(json_writer& out, const instrument& item,
                           const trade& x, const std::string& symbol) {
  auto now = wall_clock().count();
  out.begin_object();
  out.member("e", "aggTrade");
  out.member("E", now);
  out.member("s", symbol);
  out.member("a", x.sequence);
  out.member("p", binance_price(item, x.price));
  out.member("q", binance_amount(item, x.amount));
  out.member("f", x.sequence);
  out.member("l", x.sequence);
  out.member("T", now);
  out.member("m", x.taker == aggressor::seller);
  out.member("M", true);
  out.end_object();
}

void write_day_ticker(json_writer& out, const instrument& item,
                      const std::string& symbol) {
  const auto& book = item.book();
  out.begin_object();
  out.member("e", "24hrTicker");
  out.member("E", wall_clock().count());
  out.member("s", symbol);
  out.member("c", binance_price(item, item.last_price()));
  out.member("b", binance_price(item, book.best_price(book_side::bid)));
  out.member("B", binance_amount(item, book.best_amount(book_side::bid)));
  out.member("a", binance_price(item, book.best_price(book_side::ask)));
  out.member("A", binance_amount(item, book.best_amount(book_side::ask)));
  out.member("h", binance_price(item, item.high_price()));
  out.member("l", binance_price(item, item.low_price()));
  out.member("v", binance_amount(item, item.volume()));
  out.end_object();
}

template <class Levels>
void write_best(json_writer& out, const instrument& item, const char* name,
                const Levels& levels, size_t limit) {
  out.key(name).begin_array();
  for (auto& [price, amount] : levels) {
    if (limit-- == 0)
      break;
    out.begin_array();
    out.value(std::string_view{binance_price(item, price)});
    out.value(std::string_view{binance_amount(item, amount)});
    out.end_array();
  }
  out.end_array();
}

void write_partial_depth(json_writer& out, const instrument& item,
                         size_t levels) {
  out.begin_object();
  out.member("lastUpdateId", item.change_id());
  write_best(out, item, "bids", item.book().bids(), levels);
  write_best(out, item, "asks", item.book().asks(), levels);
  out.end_object();
}

void write_touch(json_writer& out, const instrument& item,
                 const std::string& symbol) {
  const auto& book = item.book();
  out.begin_object();
  out.member("u", item.change_id());
  out.member("s", symbol);
  out.member("b", binance_price(item, book.best_price(book_side::bid)));
  out.member("B", binance_amount(item, book.best_amount(book_side::bid)));
  out.member("a", binance_price(item, book.best_price(book_side::ask)));
  out.member("A", binance_amount(item, book.best_amount(book_side::ask)));
  out.end_object();
}

void write_binance_changes(json_writer& out, const instrument& item,
                           const market_update& update, book_side side) {
  out.begin_array();
  for (auto& x : update.changes) {
    if (x.side != side)
      continue;
    out.begin_array();
    out.value(std::string_view{binance_price(item, x.price)});
    out.value(std::string_view{binance_amount(item, x.amount)});
    out.end_array();
  }
  out.end_array();
}

void write_depth(json_writer& out, const instrument& item,
                 const market_update& update, const std::string& symbol) {
  out.begin_object();
  out.member("e", "depthUpdate");
  out.member("E", wall_clock().count());
  out.member("s", symbol);
  out.member("U", update.prev_change_id + 1);
  out.member("u", update.change_id);
  out.key("b");
  write_binance_changes(out, item, update, book_side::bid);
  out.key("a");
  write_binance_changes(out, item, update, book_side::ask);
  out.end_object();
}

} // namespace

binance_feed::binance_feed(market_feed& feed) : feed_(feed) {
  feed_.add(*this);
}

void binance_feed::subscribe(const std::string& stream,
                             stream_wrapping wrapping, connection& subscriber) {
  channels(wrapping).add(stream, subscriber);
  feed_.wake();
}

void binance_feed::unsubscribe(const std::string& stream,
                               stream_wrapping wrapping,
                               connection& subscriber) {
  channels(wrapping).remove(stream, subscriber);
}

bool binance_feed::busy() const {
  return !raw_.empty() || !combined_.empty();
}

void binance_feed::report(const instrument& item, const market_update& update,
                          book_news news) {
  auto symbol = binance_symbol(item.terms().name);
  auto name = lower_case(symbol);
  if (update.trade) {
    publish(name + "@trade", [&](json_writer& out) {
      write_binance_trade(out, item, *update.trade, symbol);
    });
    publish(name + "@aggTrade", [&](json_writer& out) {
      write_aggregate_trade(out, item, *update.trade, symbol);
    });
  }
  publish(name + "@ticker",
          [&](json_writer& out) { write_day_ticker(out, item, symbol); });
  publish(name + "@bookTicker",
          [&](json_writer& out) { write_touch(out, item, symbol); });
  if (news == book_news::left_out)
    return;
  for (auto suffix : {"", "@100ms"}) {
    publish(name + "@depth" + suffix,
            [&](json_writer& out) { write_depth(out, item, update, symbol); });
    for (auto levels : {5u, 10u, 20u})
      publish(name + "@depth" + std::to_string(levels) + suffix,
              [&](json_writer& out) {
                write_partial_depth(out, item, levels);
              });
  }
}

template <class Fun>
void binance_feed::publish(const std::string& stream, Fun write) {
  if (raw_.has(stream)) {
    json_writer out;
    write(out);
    raw_.publish(stream, out.text());
  }
  if (combined_.has(stream)) {
    json_writer out;
    out.begin_object();
    out.member("stream", stream);
    out.key("data");
    write(out);
    out.end_object();
    combined_.publish(stream, out.text());
  }
}

void binance_feed::stop() {
  raw_.clear();
  combined_.clear();
}

} // namespace zenws::sim
