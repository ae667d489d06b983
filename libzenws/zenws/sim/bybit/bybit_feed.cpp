// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_feed.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cstdio>

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

// bybit-exchange.github.io/docs/v5/websocket/public/orderbook: "if 3 seconds
// have elapsed without a change in the orderbook, a snapshot message will be
// pushed again".
constexpr std::chrono::seconds touch_interval{3};

constexpr bybit_product public_products[] = {bybit_product::linear,
                                             bybit_product::spot};

constexpr const char* book_prefixes[] = {"orderbook.50.", "orderbook.200.",
                                         "orderbook.1000."};

constexpr std::string_view touch_prefix = "orderbook.1.";
constexpr std::string_view ticker_prefix = "tickers.";

std::string price_text(const instrument& item, int64_t ticks) {
  char text[64];
  auto size = std::snprintf(text, sizeof(text), "%.2f", item.price_of(ticks));
  return {text, static_cast<size_t>(size)};
}

std::string amount_text(const instrument& item, int64_t lots) {
  return shortest_decimal(item.amount_of(lots));
}

// Where the member `ts` stands: the venue documents both.
enum class time_place : uint8_t { before_type, after_type };

// Writes a message around the output of `data`, and its end by `rest`.
template <class Data, class Rest>
std::string push(std::string_view topic, const char* type, time_place place,
                 Data data, Rest rest) {
  json_writer out;
  out.begin_object();
  out.member("topic", topic);
  auto now = wall_clock().count();
  if (place == time_place::before_type)
    out.member("ts", now);
  out.member("type", type);
  if (place == time_place::after_type)
    out.member("ts", now);
  out.key("data");
  data(out);
  rest(out);
  out.end_object();
  return out.text();
}

// -- books --------------------------------------------------------------------

void write_level(json_writer& out, const instrument& item, int64_t ticks,
                 int64_t lots) {
  out.begin_array();
  out.value(std::string_view{price_text(item, ticks)});
  out.value(std::string_view{amount_text(item, lots)});
  out.end_array();
}

template <class Levels>
void write_levels(json_writer& out, const char* name, const instrument& item,
                  const Levels& levels, size_t depth) {
  out.key(name).begin_array();
  for (auto [ticks, lots] : levels) {
    if (depth-- == 0)
      break;
    write_level(out, item, ticks, lots);
  }
  out.end_array();
}

void write_changes(json_writer& out, const char* name, const instrument& item,
                   const market_update& update, book_side side) {
  out.key(name).begin_array();
  for (auto& x : update.changes)
    if (x.side == side)
      write_level(out, item, x.price, x.amount);
  out.end_array();
}

// Writes a book around its sides.
template <class Fun>
std::string book_push(std::string_view topic, const char* type,
                      time_place place, const instrument& item,
                      std::string_view symbol, uint64_t number, Fun sides) {
  return push(
    topic, type, place,
    [&](json_writer& out) {
      out.begin_object();
      out.member("s", symbol);
      sides(out);
      out.member("u", number);
      out.member("seq", item.change_id());
      out.end_object();
    },
    [](json_writer& out) { out.member("cts", wall_clock().count()); });
}

// The market never has more levels than the smallest book.
constexpr size_t all_levels = 50;

std::string snapshot(std::string_view topic, time_place place,
                     const instrument& item, std::string_view symbol,
                     uint64_t number, size_t depth) {
  return book_push(topic, "snapshot", place, item, symbol, number,
                   [&](json_writer& out) {
                     const auto& book = item.book();
                     write_levels(out, "b", item, book.bids(), depth);
                     write_levels(out, "a", item, book.asks(), depth);
                   });
}

std::string delta(std::string_view topic, time_place place,
                  const instrument& item, std::string_view symbol,
                  uint64_t number, const market_update& update) {
  return book_push(topic, "delta", place, item, symbol, number,
                   [&](json_writer& out) {
                     write_changes(out, "b", item, update, book_side::bid);
                     write_changes(out, "a", item, update, book_side::ask);
                   });
}

// "Spot (all levels) & Futures (Level 1): the "ts" field appears before the
// "type" field" (the same page).
time_place place_in_books(bybit_product where) {
  return where == bybit_product::spot ? time_place::before_type
                                      : time_place::after_type;
}

// -- trades -------------------------------------------------------------------

// Ids are UUIDs without an order.
std::string trade_id(uint64_t sequence) {
  char text[40];
  auto size = std::snprintf(
    text, sizeof(text), "%08llx-0000-5000-8000-%012llx",
    static_cast<unsigned long long>(sequence * 2'654'435'761u & 0xffff'ffffu),
    static_cast<unsigned long long>(sequence));
  return {text, static_cast<size_t>(size)};
}

const char* tick_direction(const trade& x) {
  constexpr const char* names[] = {"PlusTick", "ZeroPlusTick", "MinusTick",
                                   "ZeroMinusTick"};
  return names[static_cast<size_t>(x.tick_direction)];
}

std::string trade_push(std::string_view topic, const instrument& item,
                       std::string_view symbol, const trade& x) {
  auto write = [&](json_writer& out) {
    out.begin_array();
    out.begin_object();
    out.member("T", wall_clock().count());
    out.member("s", symbol);
    out.member("S", x.taker == aggressor::buyer ? "Buy" : "Sell");
    out.member("v", amount_text(item, x.amount));
    out.member("p", price_text(item, x.price));
    out.member("L", tick_direction(x));
    out.member("i", trade_id(x.sequence));
    out.member("BT", false);
    out.member("RPI", false);
    out.member("seq", item.change_id());
    out.end_object();
    out.end_array();
  };
  return push(topic, "snapshot", time_place::after_type, write,
              [](json_writer&) {});
}

// -- tickers ------------------------------------------------------------------

bybit_feed::ticker_members members_of(const instrument& item) {
  const auto& book = item.book();
  auto price = [&](book_side x) {
    return price_text(item, book.best_price(x));
  };
  auto amount = [&](book_side x) {
    return amount_text(item, book.best_amount(x));
  };
  auto bid = book.best_price(book_side::bid);
  return {{"lastPrice", price_text(item, item.last_price())},
          {"highPrice24h", price_text(item, item.high_price())},
          {"lowPrice24h", price_text(item, item.low_price())},
          {"volume24h", amount_text(item, item.volume())},
          {"markPrice", price_text(item, bid)},
          {"indexPrice", price_text(item, bid)},
          {"openInterest", "1000000"},
          {"fundingRate", "0.0001"},
          {"bid1Price", price(book_side::bid)},
          {"bid1Size", amount(book_side::bid)},
          {"ask1Price", price(book_side::ask)},
          {"ask1Size", amount(book_side::ask)}};
}

// Spot has no best prices, and none of derivatives.
constexpr size_t members_of_spot = 4;

std::string ticker_push(std::string_view topic, const char* type,
                        const instrument& item, std::string_view symbol,
                        const bybit_feed::ticker_members& members,
                        size_t count) {
  return push(
    topic, type, time_place::after_type,
    [&](json_writer& out) {
      out.begin_object();
      out.member("symbol", symbol);
      for (size_t i = 0; i < std::min(count, members.size()); ++i)
        out.member(members[i].first, members[i].second);
      out.end_object();
    },
    [&](json_writer& out) { out.member("cs", item.change_id()); });
}

} // namespace

// -- feed ---------------------------------------------------------------------

bybit_feed::bybit_feed(market_feed& feed) : feed_(feed) {
  feed_.add(*this);
  for (auto& x : feed_.exchange().instruments())
    symbols_.try_emplace(binance_symbol(x.terms().name), symbol_state{&x});
}

bool bybit_feed::has_symbol(std::string_view symbol) const {
  return symbols_.contains(symbol);
}

const instrument* bybit_feed::find(std::string_view symbol) const {
  auto i = symbols_.find(symbol);
  return i != symbols_.end() ? i->second.item : nullptr;
}

void bybit_feed::subscribe(bybit_product where, const bybit_topic& topic,
                           connection& subscriber) {
  auto& state = symbols_.find(topic.symbol)->second;
  const auto& item = *state.item;
  auto send = [&](const std::string& text) {
    subscriber.send(opcode::text, text);
  };
  channels(where).add(topic.text, subscriber);
  switch (topic.data) {
    case bybit_data::book:
      send(snapshot(topic.text, place_in_books(where), item, topic.symbol,
                    state.book_id, all_levels));
      break;
    case bybit_data::best_prices:
      send(snapshot(topic.text, time_place::before_type, item, topic.symbol,
                    state.touch_id, 1));
      break;
    case bybit_data::ticker:
      state.ticker = members_of(item);
      send(ticker_push(topic.text, "snapshot", item, topic.symbol, state.ticker,
                       where == bybit_product::spot ? members_of_spot
                                                    : state.ticker.size()));
      break;
    default:
      break;
  }
  feed_.wake();
}

void bybit_feed::unsubscribe(bybit_product where, const bybit_topic& topic,
                             connection& subscriber) {
  channels(where).remove(topic.text, subscriber);
}

bool bybit_feed::busy() const {
  return std::ranges::any_of(channels_, [](auto& x) { return !x.empty(); });
}

void bybit_feed::report(const instrument& item, const market_update& update,
                        book_news news) {
  auto symbol = binance_symbol(item.terms().name);
  auto i = symbols_.find(symbol);
  if (i == symbols_.end() || i->second.item != &item)
    return; // another instrument has the name
  if (update.trade)
    for (auto where : public_products)
      if (auto topic = "publicTrade." + symbol; channels(where).has(topic))
        channels(where).publish(topic,
                                trade_push(topic, item, symbol, *update.trade));
  report_book(symbol, i->second, update, news);
  report_touch(symbol, i->second);
  report_ticker(symbol, i->second);
}

// A change that a fault leaves out has its number.
void bybit_feed::report_book(const std::string& symbol, symbol_state& state,
                             const market_update& update, book_news news) {
  if (update.changes.empty())
    return;
  ++state.book_id;
  if (news == book_news::left_out)
    return;
  for (auto where : public_products)
    for (auto* prefix : book_prefixes)
      if (auto topic = prefix + symbol; channels(where).has(topic))
        channels(where).publish(topic,
                                delta(topic, place_in_books(where), *state.item,
                                      symbol, state.book_id, update));
}

// "Linear, inverse, spot level 1 data has snapshot message only."
void bybit_feed::report_touch(const std::string& symbol, symbol_state& state) {
  const auto& book = state.item->book();
  touch now{book.best_price(book_side::bid), book.best_amount(book_side::bid),
            book.best_price(book_side::ask), book.best_amount(book_side::ask)};
  auto time = steady_clock::now();
  auto changes = now != state.best;
  if (!changes && time < state.told + touch_interval)
    return;
  state.best = now;
  state.told = time;
  if (changes)
    ++state.touch_id;
  for (auto where : public_products)
    if (auto topic = std::string{touch_prefix} + symbol;
        channels(where).has(topic))
      channels(where).publish(topic,
                              snapshot(topic, time_place::before_type,
                                       *state.item, symbol, state.touch_id, 1));
}

// Futures bring what has changed; "Spot & Option tickers message are snapshot
// only".
void bybit_feed::report_ticker(const std::string& symbol, symbol_state& state) {
  auto topic = std::string{ticker_prefix} + symbol;
  const auto& item = *state.item;
  if (auto& spot = channels(bybit_product::spot); spot.has(topic))
    spot.publish(topic, ticker_push(topic, "snapshot", item, symbol,
                                    members_of(item), members_of_spot));
  auto& linear = channels(bybit_product::linear);
  if (!linear.has(topic))
    return;
  auto now = members_of(item);
  ticker_members changed;
  for (size_t i = 0; i < now.size(); ++i)
    if (state.ticker.empty() || now[i].second != state.ticker[i].second)
      changed.push_back(now[i]);
  state.ticker = std::move(now);
  if (!changed.empty())
    linear.publish(topic, ticker_push(topic, "delta", item, symbol, changed,
                                      changed.size()));
}

void bybit_feed::stop() {
  for (auto& x : channels_)
    x.clear();
}

std::string malformed_push(const bybit_topic& topic, breakage mode) {
  auto text = push(
    topic.text, "snapshot", time_place::after_type,
    [](json_writer& out) { out.value(int64_t{7}); }, [](json_writer&) {});
  return broken(std::move(text), mode);
}

} // namespace zenws::sim
