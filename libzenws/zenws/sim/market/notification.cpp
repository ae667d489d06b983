// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/market/notification.hpp"

#include "zenws/sim/json/json_writer.hpp"

namespace zenws::sim {

namespace {

double mid_of(const instrument& item) {
  auto ticks = item.book().best_price(book_side::bid)
               + item.book().best_price(book_side::ask);
  return item.price_of(ticks) / 2;
}

const char* name_of(level_action action) {
  switch (action) {
    case level_action::created:
      return "new";
    case level_action::changed:
      return "change";
    default:
      return "delete";
  }
}

void write_level(json_writer& out, const instrument& item,
                 const level_change& level) {
  out.begin_array();
  out.value(name_of(level.action));
  out.value(item.price_of(level.price));
  out.value(item.amount_of(level.amount));
  out.end_array();
}

template <class Levels>
void write_levels(json_writer& out, const instrument& item,
                  const Levels& levels, book_side side) {
  out.begin_array();
  for (auto [price, amount] : levels)
    write_level(out, item, {side, level_action::created, price, amount});
  out.end_array();
}

void write_changes(json_writer& out, const instrument& item,
                   const market_update& update, book_side side) {
  out.begin_array();
  for (auto& change : update.changes)
    if (change.side == side)
      write_level(out, item, change);
  out.end_array();
}

void write_stats(json_writer& out, const instrument& item) {
  auto start = static_cast<double>(item.terms().start_price);
  auto last = item.price_of(item.last_price());
  auto volume = item.amount_of(item.volume());
  out.begin_object();
  out.member("volume_usd", volume);
  out.member("volume", volume / last);
  out.member("price_change", (last - start) / start * 100);
  out.member("low", item.price_of(item.low_price()));
  out.member("high", item.price_of(item.high_price()));
  out.end_object();
}

void write_touch(json_writer& out, const instrument& item) {
  const auto& book = item.book();
  auto price = [&](book_side x) { return item.price_of(book.best_price(x)); };
  auto amount = [&](book_side x) {
    return item.amount_of(book.best_amount(x));
  };
  out.member("best_bid_price", price(book_side::bid));
  out.member("best_bid_amount", amount(book_side::bid));
  out.member("best_ask_price", price(book_side::ask));
  out.member("best_ask_amount", amount(book_side::ask));
}

} // namespace

std::string book_snapshot(std::string_view channel, const instrument& item,
                          std::chrono::milliseconds now) {
  return notification(channel, [&](json_writer& out) {
    out.begin_object();
    out.member("type", "snapshot");
    out.member("timestamp", now.count());
    out.member("instrument_name", item.terms().name);
    out.member("change_id", item.change_id());
    out.key("bids");
    write_levels(out, item, item.book().bids(), book_side::bid);
    out.key("asks");
    write_levels(out, item, item.book().asks(), book_side::ask);
    out.end_object();
  });
}

std::string book_change(std::string_view channel, const instrument& item,
                        const market_update& update,
                        std::chrono::milliseconds now) {
  return notification(channel, [&](json_writer& out) {
    out.begin_object();
    out.member("type", "change");
    out.member("timestamp", now.count());
    out.member("prev_change_id", update.prev_change_id);
    out.member("instrument_name", item.terms().name);
    out.member("change_id", update.change_id);
    out.key("bids");
    write_changes(out, item, update, book_side::bid);
    out.key("asks");
    write_changes(out, item, update, book_side::ask);
    out.end_object();
  });
}

std::string trade_print(std::string_view channel, const instrument& item,
                        const market_update& update,
                        std::chrono::milliseconds now) {
  return notification(channel, [&](json_writer& out) {
    out.begin_array();
    write_trade(out, item, *update.trade, now);
    out.end_array();
  });
}

void write_trade(json_writer& out, const instrument& item, const trade& x,
                 std::chrono::milliseconds time) {
  out.begin_object();
  out.member("trade_seq", x.sequence);
  out.member("trade_id",
             item.terms().name.substr(0, 3) + '-' + std::to_string(x.sequence));
  out.member("timestamp", time.count());
  out.member("tick_direction", int64_t{x.tick_direction});
  out.member("price", item.price_of(x.price));
  out.member("mark_price", mid_of(item));
  out.member("instrument_name", item.terms().name);
  out.member("index_price", mid_of(item));
  out.member("direction", x.taker == aggressor::buyer ? "buy" : "sell");
  out.member("amount", item.amount_of(x.amount));
  out.end_object();
}

std::string quote(std::string_view channel, const instrument& item,
                  std::chrono::milliseconds now) {
  return notification(channel, [&](json_writer& out) {
    out.begin_object();
    out.member("timestamp", now.count());
    out.member("instrument_name", item.terms().name);
    write_touch(out, item);
    out.end_object();
  });
}

std::string ticker(std::string_view channel, const instrument& item,
                   std::chrono::milliseconds now) {
  auto mid = mid_of(item);
  return notification(channel, [&](json_writer& out) {
    out.begin_object();
    out.member("timestamp", now.count());
    out.key("stats");
    write_stats(out, item);
    out.member("state", "open");
    out.member("settlement_price",
               static_cast<double>(item.terms().start_price));
    out.member("open_interest", 1'000'000.0);
    out.member("min_price", mid * 0.985);
    out.member("max_price", mid * 1.015);
    out.member("mark_price", mid);
    out.member("last_price", item.price_of(item.last_price()));
    out.member("instrument_name", item.terms().name);
    out.member("index_price", mid);
    out.member("funding_8h", 0.0);
    out.member("estimated_delivery_price", mid);
    out.member("current_funding", 0.0);
    write_touch(out, item);
    out.end_object();
  });
}

} // namespace zenws::sim
