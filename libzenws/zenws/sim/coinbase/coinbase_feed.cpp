// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/coinbase/coinbase_feed.hpp"

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

// Trades in the snapshot of a channel; observed.
constexpr size_t max_recent_trades = 100;

std::string coinbase_price(const instrument& item, int64_t ticks) {
  return shortest_decimal(item.price_of(ticks));
}

std::string coinbase_amount(const instrument& item, int64_t lots) {
  return shortest_decimal(item.amount_of(lots));
}

/// Writes the only event of a message around the output of `content`.
template <class Fun>
std::string coinbase_event(std::string_view type, Fun content) {
  json_writer out;
  out.begin_array();
  out.begin_object();
  out.member("type", type);
  content(out);
  out.end_object();
  out.end_array();
  return out.text();
}

// -- books --------------------------------------------------------------------

void write_coinbase_level(json_writer& out, const instrument& item,
                          book_side side, int64_t ticks, int64_t lots,
                          std::string_view time) {
  out.begin_object();
  out.member("side", side == book_side::bid ? "bid" : "offer");
  out.member("event_time", time);
  out.member("price_level", coinbase_price(item, ticks));
  out.member("new_quantity", coinbase_amount(item, lots));
  out.end_object();
}

std::string coinbase_book(const instrument& item, std::string_view product) {
  return coinbase_event("snapshot", [&](json_writer& out) {
    constexpr std::string_view never = "1970-01-01T00:00:00Z";
    out.member("product_id", product);
    out.key("updates").begin_array();
    for (auto [ticks, lots] : item.book().bids())
      write_coinbase_level(out, item, book_side::bid, ticks, lots, never);
    for (auto [ticks, lots] : item.book().asks())
      write_coinbase_level(out, item, book_side::ask, ticks, lots, never);
    out.end_array();
  });
}

std::string coinbase_changes(const instrument& item,
                             const market_update& update,
                             std::string_view product) {
  return coinbase_event("update", [&](json_writer& out) {
    auto now = coinbase_time();
    out.member("product_id", product);
    out.key("updates").begin_array();
    for (auto& x : update.changes)
      write_coinbase_level(out, item, x.side, x.price, x.amount, now);
    out.end_array();
  });
}

// -- trades and tickers -------------------------------------------------------

// The side is that of the maker.
void write_coinbase_trade(json_writer& out, const instrument& item,
                          const past_trade& x, std::string_view product) {
  out.begin_object();
  out.member("product_id", product);
  out.member("trade_id", std::to_string(x.trade.sequence));
  out.member("price", coinbase_price(item, x.trade.price));
  out.member("size", coinbase_amount(item, x.trade.amount));
  out.member("time", coinbase_time(x.time));
  out.member("side", x.trade.taker == aggressor::buyer ? "SELL" : "BUY");
  out.end_object();
}

// The latest trade comes first.
std::string coinbase_trades(std::string_view type, const instrument& item,
                            std::vector<past_trade> trades,
                            std::string_view product) {
  return coinbase_event(type, [&](json_writer& out) {
    out.key("trades").begin_array();
    std::ranges::reverse(trades);
    for (auto& x : trades)
      write_coinbase_trade(out, item, x, product);
    out.end_array();
  });
}

enum class best_prices : uint8_t { told, left_out };

std::string coinbase_ticker(std::string_view type, const instrument& item,
                            std::string_view product, best_prices best) {
  return coinbase_event(type, [&](json_writer& out) {
    const auto& book = item.book();
    out.key("tickers").begin_array();
    out.begin_object();
    out.member("type", "ticker");
    out.member("product_id", product);
    out.member("price", coinbase_price(item, item.last_price()));
    out.member("volume_24_h", coinbase_amount(item, item.volume()));
    out.member("low_24_h", coinbase_price(item, item.low_price()));
    out.member("high_24_h", coinbase_price(item, item.high_price()));
    if (best == best_prices::told) {
      out.member("best_bid",
                 coinbase_price(item, book.best_price(book_side::bid)));
      out.member("best_ask",
                 coinbase_price(item, book.best_price(book_side::ask)));
      out.member("best_bid_quantity",
                 coinbase_amount(item, book.best_amount(book_side::bid)));
      out.member("best_ask_quantity",
                 coinbase_amount(item, book.best_amount(book_side::ask)));
    }
    out.end_object();
    out.end_array();
  });
}

// -- products -----------------------------------------------------------------

std::string coinbase_terms(const instrument& item, std::string_view product) {
  return coinbase_event("snapshot", [&](json_writer& out) {
    auto dash = product.find('-');
    out.key("products").begin_array();
    out.begin_object();
    out.member("product_type", "SPOT");
    out.member("id", product);
    out.member("base_currency", product.substr(0, dash));
    out.member("quote_currency",
               product.substr(std::min(dash, product.size() - 1) + 1));
    out.member("base_increment",
               shortest_decimal(static_cast<double>(item.terms().lot)));
    out.member("quote_increment", shortest_decimal(item.price_of(1)));
    out.member("display_name", product);
    out.member("status", "online");
    out.member("status_message", "");
    out.member("min_market_funds", "1");
    out.end_object();
    out.end_array();
  });
}

std::string coinbase_name_of(std::string_view kind, std::string_view product) {
  return std::string{kind}.append(":").append(product);
}

} // namespace

coinbase_feed::coinbase_feed(market_feed& feed, const coinbase_config& cfg)
  : feed_(feed), cfg_(cfg) {
  feed_.add(*this);
  for (auto& x : feed_.exchange().instruments())
    products_.try_emplace(coinbase_product(x.terms().name), x.terms().name);
}

std::optional<std::string> coinbase_feed::product(std::string_view name) const {
  if (name.ends_with("-USDC") && name != "USDT-USDC" && name != "EURC-USDC")
    name.remove_suffix(1);
  auto i = products_.find(name);
  if (i == products_.end())
    return std::nullopt;
  return i->first;
}

bool coinbase_feed::admit(const std::string& host,
                          sliding_window::time_point now) {
  constexpr std::chrono::milliseconds one_second{1000};
  auto [i, is_new] = messages_.try_emplace(host, cfg_.max_messages_per_second,
                                           one_second);
  return i->second.admit(now);
}

// -- channels -----------------------------------------------------------------

void coinbase_feed::subscribe(const std::string& channel,
                              coinbase_listener& to) {
  auto colon = channel.find(':');
  if (colon == std::string::npos)
    return;
  auto kind = channel.substr(0, colon);
  auto product = channel.substr(colon + 1);
  listeners_[channel].push_back(&to);
  const auto& item = *feed_.exchange().find(products_.at(product));
  if (kind == "level2")
    to.tell("l2_data", coinbase_book(item, product));
  else if (kind == "market_trades")
    to.tell(kind, coinbase_trades("snapshot", item,
                                  feed_.history().latest(item.terms().name,
                                                         max_recent_trades),
                                  product));
  else if (kind == "ticker")
    to.tell(kind,
            coinbase_ticker("snapshot", item, product, best_prices::told));
  else if (kind == "ticker_batch")
    to.tell(kind,
            coinbase_ticker("snapshot", item, product, best_prices::left_out));
  else if (kind == "status")
    to.tell(kind, coinbase_terms(item, product));
  feed_.wake();
}

void coinbase_feed::unsubscribe(const std::string& channel,
                                coinbase_listener& from) {
  auto i = listeners_.find(channel);
  if (i == listeners_.end())
    return;
  std::erase(i->second, &from);
  if (i->second.empty())
    listeners_.erase(i);
}

// -- reports ------------------------------------------------------------------

bool coinbase_feed::busy() const {
  return !listeners_.empty();
}

// Calls `act` with each listener, on a copy: one may leave while it is told.
template <class Fun>
void coinbase_feed::publish(const std::string& kind, const std::string& product,
                            Fun act) {
  auto i = listeners_.find(coinbase_name_of(kind, product));
  if (i == listeners_.end())
    return;
  auto receivers = i->second;
  for (auto* x : receivers)
    act(*x);
}

void coinbase_feed::report(const instrument& item, const market_update& update,
                           book_news news) {
  auto product = coinbase_product(item.terms().name);
  publish("level2", product, [&](coinbase_listener& to) {
    if (news == book_news::told)
      to.tell("l2_data", coinbase_changes(item, update, product));
    else
      to.leave_out();
  });
  if (!update.trade)
    return;
  publish("market_trades", product, [&](coinbase_listener& to) {
    to.tell("market_trades",
            coinbase_trades("update", item, {{*update.trade, wall_clock()}},
                            product));
  });
  publish("ticker", product, [&](coinbase_listener& to) {
    to.tell("ticker",
            coinbase_ticker("update", item, product, best_prices::told));
  });
  auto now = steady_clock::now();
  auto& batched = batched_[product];
  if (now - batched < cfg_.batch_interval)
    return;
  batched = now;
  publish("ticker_batch", product, [&](coinbase_listener& to) {
    to.tell("ticker_batch",
            coinbase_ticker("update", item, product, best_prices::left_out));
  });
}

void coinbase_feed::stop() {
  listeners_.clear();
}

std::string coinbase_time(std::chrono::nanoseconds time) {
  auto now = time.count();
  constexpr int64_t second = 1'000'000'000;
  auto seconds = static_cast<std::time_t>(now / second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char date[32];
  std::strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
  char fraction[16];
  std::snprintf(fraction, sizeof(fraction), ".%09dZ",
                static_cast<int>(now % second));
  return std::string{date} + fraction;
}

} // namespace zenws::sim
