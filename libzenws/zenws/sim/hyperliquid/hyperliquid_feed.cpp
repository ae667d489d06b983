// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/hyperliquid/hyperliquid_feed.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

constexpr size_t slow_depth = 20;
constexpr size_t fast_depth = 5;

// Observed: contexts come once a second.
constexpr std::chrono::milliseconds context_interval{1'000};

constexpr size_t remembered_trades = 10;

// The venue writes a digit behind the point at least.
std::string hyperliquid_number(double x) {
  auto result = shortest_decimal(x);
  return result.find('.') == std::string::npos ? result + ".0" : result;
}

// Writes a message around the output of `data`.
template <class Fun>
std::string push(std::string_view channel, Fun data) {
  json_writer out;
  out.begin_object();
  out.member("channel", channel);
  out.key("data");
  data(out);
  out.end_object();
  return out.text();
}

void write_level(json_writer& out, const instrument& item, int64_t ticks,
                 int64_t lots) {
  out.begin_object();
  out.member("px", hyperliquid_number(item.price_of(ticks)));
  out.member("sz", hyperliquid_number(item.amount_of(lots)));
  out.member("n", int64_t{1});
  out.end_object();
}

template <class Levels>
void write_side(json_writer& out, const instrument& item, const Levels& levels,
                size_t depth) {
  out.begin_array();
  for (auto [ticks, lots] : levels) {
    if (depth-- == 0)
      break;
    write_level(out, item, ticks, lots);
  }
  out.end_array();
}

void write_book(json_writer& out, const std::string& coin,
                const instrument& item, size_t depth) {
  out.begin_object();
  out.member("coin", coin);
  out.member("time", int64_t{wall_clock().count()});
  out.key("levels").begin_array();
  write_side(out, item, item.book().bids(), depth);
  write_side(out, item, item.book().asks(), depth);
  out.end_array();
  out.end_object();
}

void write_best(json_writer& out, const instrument& item, book_side side) {
  const auto& book = item.book();
  write_level(out, item, book.best_price(side), book.best_amount(side));
}

// The best prices without the time, to see whether they have changed.
std::string best_of(const instrument& item) {
  json_writer out;
  out.begin_array();
  write_best(out, item, book_side::bid);
  write_best(out, item, book_side::ask);
  out.end_array();
  return out.text();
}

std::string quote_of(const std::string& coin, const std::string& best) {
  return push("bbo", [&](json_writer& out) {
    out.begin_object();
    out.member("coin", coin);
    out.member("time", int64_t{wall_clock().count()});
    out.key("bbo").raw(best);
    out.end_object();
  });
}

double middle_of(const instrument& item) {
  const auto& book = item.book();
  return (item.price_of(book.best_price(book_side::bid))
          + item.price_of(book.best_price(book_side::ask)))
         / 2;
}

std::string context_of(const std::string& coin, const instrument& item) {
  return push("activeAssetCtx", [&](json_writer& out) {
    auto price = hyperliquid_number(item.price_of(item.last_price()));
    auto start = static_cast<double>(item.terms().start_price);
    out.begin_object();
    out.member("coin", coin);
    out.key("ctx").begin_object();
    out.member("funding", "0.0000125");
    out.member("openInterest", "1000.0");
    out.member("prevDayPx", hyperliquid_number(start));
    out.member("oraclePx", price);
    out.member("markPx", price);
    out.member("midPx", hyperliquid_number(middle_of(item)));
    out.member("dayBaseVlm", hyperliquid_number(item.amount_of(item.volume())));
    out.end_object();
    out.end_object();
  });
}

// "ID unique across all assets": a hash, which does not count.
int64_t trade_id(const std::string& coin, uint64_t sequence) {
  constexpr uint64_t bits_50 = (uint64_t{1} << 50) - 1;
  auto mixed = sequence * 0x9e3779b97f4a7c15u;
  for (auto c : coin)
    mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return static_cast<int64_t>(mixed & bits_50);
}

std::string trade_of(const std::string& coin, const instrument& item,
                     const trade& x) {
  json_writer out;
  out.begin_object();
  out.member("coin", coin);
  out.member("side", x.taker == aggressor::buyer ? "B" : "A");
  out.member("px", hyperliquid_number(item.price_of(x.price)));
  out.member("sz", hyperliquid_number(item.amount_of(x.amount)));
  out.member("time", int64_t{wall_clock().count()});
  out.member("hash", "0x" + std::string(64, '0'));
  out.member("tid", trade_id(coin, x.sequence));
  out.key("users").begin_array();
  out.value("0x" + std::string(40, '1'));
  out.value("0x" + std::string(40, '2'));
  out.end_array();
  out.end_object();
  return out.text();
}

std::string trades_message(const std::deque<std::string>& trades) {
  return push("trades", [&](json_writer& out) {
    out.begin_array();
    for (auto& x : trades)
      out.raw(x);
    out.end_array();
  });
}

} // namespace

hyperliquid_feed::hyperliquid_feed(market_feed& feed,
                                   const hyperliquid_config& cfg)
  : feed_(feed), cfg_(cfg) {
  feed_.add(*this);
  for (auto& x : feed_.exchange().instruments())
    coins_.try_emplace(base_currency(x.terms().name), x.terms().name);
}

// -- properties ---------------------------------------------------------------

const instrument& hyperliquid_feed::item_of(const std::string& coin) const {
  return *feed_.exchange().find(coins_.at(coin));
}

std::optional<std::string> hyperliquid_feed::info(const json& request) const {
  auto type = text_member(request, "type");
  json_writer out;
  if (type == "meta") {
    out.begin_object();
    out.key("universe").begin_array();
    for (auto& [coin, name] : coins_) {
      out.begin_object();
      out.member("szDecimals", int64_t{0});
      out.member("name", coin);
      out.member("maxLeverage", int64_t{40});
      out.end_object();
    }
    out.end_array();
    out.member("collateralToken", int64_t{0});
    out.end_object();
  } else if (type == "spotMeta") {
    out.raw(R"({"universe":[],"tokens":[{"name":"USDC","szDecimals":8,)"
            R"("weiDecimals":8,"index":0}]})");
  } else if (type == "allMids") {
    out.raw(mids());
  } else if (type == "l2Book") {
    std::string coin{text_member(request, "coin")};
    if (has(coin))
      write_book(out, coin, item_of(coin), slow_depth);
    else
      out.raw("null");
  } else {
    return std::nullopt;
  }
  return out.text();
}

std::string hyperliquid_feed::mids() const {
  json_writer out;
  out.begin_object();
  for (auto& [coin, name] : coins_)
    out.member(coin, hyperliquid_number(middle_of(item_of(coin))));
  out.end_object();
  return out.text();
}

bool hyperliquid_feed::busy() const {
  return !subscribers_.empty();
}

// -- transitions --------------------------------------------------------------

void hyperliquid_feed::subscribe(const hyperliquid_stream& stream,
                                 hyperliquid_listener& subscriber) {
  subscribers_[stream.text()].push_back(&subscriber);
  auto& coin = stream.coin;
  if (stream.type == "allMids") {
    subscriber.push(push("allMids", [&](json_writer& out) {
      out.begin_object();
      out.key("mids").raw(mids());
      out.end_object();
    }));
  } else if (stream.type == "l2Book") {
    auto depth = stream.is_fast ? fast_depth : slow_depth;
    subscriber.push(push("l2Book", [&](json_writer& out) {
      write_book(out, coin, item_of(coin), depth);
    }));
  } else if (stream.type == "bbo") {
    subscriber.push(quote_of(coin, best_of(item_of(coin))));
  } else if (stream.type == "activeAssetCtx") {
    subscriber.push(context_of(coin, item_of(coin)));
  } else if (auto i = trades_.find(coin); i != trades_.end()) {
    subscriber.push(trades_message(i->second));
  }
  feed_.wake();
}

void hyperliquid_feed::unsubscribe(const hyperliquid_stream& stream,
                                   hyperliquid_listener& subscriber) {
  auto i = subscribers_.find(stream.text());
  if (i == subscribers_.end())
    return;
  std::erase(i->second, &subscriber);
  if (i->second.empty())
    subscribers_.erase(i);
}

// Works on a copy: a subscriber may leave while it is being told.
template <class Write>
void hyperliquid_feed::publish(const hyperliquid_stream& stream, Write write) {
  auto i = subscribers_.find(stream.text());
  if (i == subscribers_.end())
    return;
  auto text = write();
  for (auto* x : subscribers{i->second})
    x->push(text);
}

bool hyperliquid_feed::is_due(const std::string& stream,
                              std::chrono::milliseconds interval) {
  auto now = steady_clock::now();
  auto [i, is_new] = pushed_.try_emplace(stream, now);
  if (!is_new && now - i->second < interval)
    return false;
  i->second = now;
  return true;
}

void hyperliquid_feed::report(const instrument& item,
                              const market_update& update, book_news news) {
  auto coin = base_currency(item.terms().name);
  if (update.trade)
    report_trade(coin, item, *update.trade);
  report_quote(coin, item);
  for (auto is_fast : {false, true}) {
    hyperliquid_stream book{"l2Book", coin, is_fast};
    auto interval = is_fast ? cfg_.fast_book_interval : cfg_.book_interval;
    if (news == book_news::told && is_due(book.text(), interval))
      publish(book, [&] {
        return push("l2Book", [&](json_writer& out) {
          write_book(out, coin, item, is_fast ? fast_depth : slow_depth);
        });
      });
  }
  hyperliquid_stream context{"activeAssetCtx", coin};
  if (is_due(context.text(), context_interval))
    publish(context, [&] { return context_of(coin, item); });
  hyperliquid_stream all{"allMids"};
  if (is_due(all.text(), cfg_.book_interval))
    publish(all, [&] {
      return push("allMids", [&](json_writer& out) {
        out.begin_object();
        out.key("mids").raw(mids());
        out.end_object();
      });
    });
}

void hyperliquid_feed::report_trade(const std::string& coin,
                                    const instrument& item, const trade& x) {
  auto& known = trades_[coin];
  known.push_back(trade_of(coin, item, x));
  if (known.size() > remembered_trades)
    known.pop_front();
  publish({"trades", coin}, [&] { return trades_message({known.back()}); });
}

void hyperliquid_feed::report_quote(const std::string& coin,
                                    const instrument& item) {
  auto best = best_of(item);
  auto& last = quotes_[coin];
  if (last == best)
    return;
  last = best;
  publish({"bbo", coin}, [&] { return quote_of(coin, best); });
}

void hyperliquid_feed::stop() {
  subscribers_.clear();
}

std::string malformed_push(const hyperliquid_stream& stream, breakage mode) {
  auto text = push(stream.type, [&](json_writer& out) {
    out.begin_object();
    out.member("coin", stream.coin);
    out.member("levels", int64_t{7});
    out.end_object();
  });
  return broken(std::move(text), mode);
}

} // namespace zenws::sim
