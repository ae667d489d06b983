// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_feed.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace zenws::sim {

namespace {

// Levels that the checksum of a book covers.
constexpr size_t checked_levels = 25;

std::string okx_price(const instrument& item, int64_t ticks) {
  return shortest_decimal(item.price_of(ticks));
}

std::string okx_amount(const instrument& item, int64_t lots) {
  return shortest_decimal(item.amount_of(lots));
}

// Writes a message around the output of `data`.
template <class Fun>
std::string push(const okx_arg& arg, const char* action, Fun data,
                 std::string_view uid = {}) {
  json_writer out;
  out.begin_object();
  out.key("arg");
  arg.write(out, uid);
  if (action)
    out.member("action", action);
  out.key("data").begin_array();
  out.begin_object();
  data(out);
  out.end_object();
  out.end_array();
  out.end_object();
  return out.text();
}

// -- books --------------------------------------------------------------------

void write_level(json_writer& out, const instrument& item, int64_t ticks,
                 int64_t lots) {
  out.begin_array();
  out.value(std::string_view{okx_price(item, ticks)});
  out.value(std::string_view{okx_amount(item, lots)});
  out.value("0");
  out.value(lots == 0 ? "0" : "1");
  out.end_array();
}

template <class Levels>
void write_levels(json_writer& out, const instrument& item,
                  const Levels& levels) {
  out.begin_array();
  for (auto [ticks, lots] : levels)
    write_level(out, item, ticks, lots);
  out.end_array();
}

void write_okx_changes(json_writer& out, const instrument& item,
                       const market_update& update, book_side side) {
  out.begin_array();
  for (auto& x : update.changes)
    if (x.side == side)
      write_level(out, item, x.price, x.amount);
  out.end_array();
}

template <class Levels>
std::vector<std::string>
best_levels(const instrument& item, const Levels& levels) {
  std::vector<std::string> result;
  for (auto [ticks, lots] : levels) {
    if (result.size() == checked_levels)
      break;
    result.push_back(okx_price(item, ticks) + ':' + okx_amount(item, lots));
  }
  return result;
}

// CRC-32 of the best levels, bids and asks in turn, as a signed number.
int64_t checksum(const instrument& item) {
  auto bids = best_levels(item, item.book().bids());
  auto asks = best_levels(item, item.book().asks());
  std::string text;
  for (size_t i = 0; i < std::max(bids.size(), asks.size()); ++i)
    for (const auto* side : {&bids, &asks})
      if (i < side->size())
        text += (text.empty() ? "" : ":") + (*side)[i];
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return static_cast<int32_t>(crc.checksum());
}

void write_sequence(json_writer& out, const instrument& item, int64_t previous,
                    uint64_t current) {
  out.member("ts", std::to_string(wall_clock().count()));
  out.member("checksum", checksum(item));
  out.member("seqId", current);
  out.member("prevSeqId", previous);
}

void write_snapshot(json_writer& out, const instrument& item) {
  out.key("asks");
  write_levels(out, item, item.book().asks());
  out.key("bids");
  write_levels(out, item, item.book().bids());
  write_sequence(out, item, -1, item.change_id());
}

void write_update(json_writer& out, const instrument& item,
                  const market_update& update) {
  out.key("asks");
  write_okx_changes(out, item, update, book_side::ask);
  out.key("bids");
  write_okx_changes(out, item, update, book_side::bid);
  write_sequence(out, item, static_cast<int64_t>(update.prev_change_id),
                 update.change_id);
}

// -- trades and tickers -------------------------------------------------------

void write_okx_trade(json_writer& out, const instrument& item, const trade& x,
                     const std::string& inst_id) {
  out.member("instId", inst_id);
  out.member("tradeId", std::to_string(x.sequence));
  out.member("px", okx_price(item, x.price));
  out.member("sz", okx_amount(item, x.amount));
  out.member("side", x.taker == aggressor::buyer ? "buy" : "sell");
  out.member("ts", std::to_string(wall_clock().count()));
}

void write_ticker(json_writer& out, const instrument& item,
                  const std::string& inst_id) {
  const auto& book = item.book();
  auto is_swap = inst_id.ends_with("-SWAP");
  out.member("instType", is_swap ? "SWAP" : "SPOT");
  out.member("instId", inst_id);
  out.member("last", okx_price(item, item.last_price()));
  out.member("askPx", okx_price(item, book.best_price(book_side::ask)));
  out.member("askSz", okx_amount(item, book.best_amount(book_side::ask)));
  out.member("bidPx", okx_price(item, book.best_price(book_side::bid)));
  out.member("bidSz", okx_amount(item, book.best_amount(book_side::bid)));
  out.member("open24h", std::to_string(item.terms().start_price));
  out.member("high24h", okx_price(item, item.high_price()));
  out.member("low24h", okx_price(item, item.low_price()));
  out.member("vol24h", okx_amount(item, item.volume()));
  out.member("ts", std::to_string(wall_clock().count()));
}

} // namespace

// -- feed ---------------------------------------------------------------------

okx_feed::okx_feed(market_feed& feed) : feed_(feed) {
  feed_.add(*this);
  for (auto& x : feed_.exchange().instruments())
    for (auto& inst_id : okx_names(x.terms().name))
      instruments_.try_emplace(std::move(inst_id), x.terms().name);
}

std::optional<std::string>
okx_feed::market_name(const std::string& inst_id) const {
  auto i = instruments_.find(inst_id);
  if (i == instruments_.end())
    return std::nullopt;
  return i->second;
}

void okx_feed::subscribe(const okx_arg& arg, connection& subscriber) {
  channels_.add(arg.text(), subscriber);
  const auto& listed = *feed_.exchange().find(instruments_.at(arg.inst_id));
  if (arg.channel == "books")
    subscriber.send(opcode::text, push(arg, "snapshot", [&](json_writer& out) {
                      write_snapshot(out, listed);
                    }));
  else if (arg.channel == "tickers")
    subscriber.send(opcode::text, push(arg, nullptr, [&](json_writer& out) {
                      write_ticker(out, listed, arg.inst_id);
                    }));
  feed_.wake();
}

void okx_feed::unsubscribe(const okx_arg& arg, connection& subscriber) {
  channels_.remove(arg.text(), subscriber);
}

bool okx_feed::busy() const {
  return !channels_.empty();
}

void okx_feed::report(const instrument& item, const market_update& update,
                      book_news news) {
  for (auto& inst_id : okx_names(item.terms().name)) {
    auto arg = [&](const char* channel) {
      return okx_arg{.channel = channel, .inst_id = inst_id};
    };
    if (update.trade)
      publish(arg("trades"), [&](const okx_arg& x) {
        return push(x, nullptr, [&](json_writer& out) {
          write_okx_trade(out, item, *update.trade, inst_id);
        });
      });
    publish(arg("tickers"), [&](const okx_arg& x) {
      return push(x, nullptr,
                  [&](json_writer& out) { write_ticker(out, item, inst_id); });
    });
    if (news == book_news::told)
      publish(arg("books"), [&](const okx_arg& x) {
        return push(x, "update",
                    [&](json_writer& out) { write_update(out, item, update); });
      });
  }
}

template <class Fun>
void okx_feed::publish(const okx_arg& arg, Fun write) {
  if (auto channel = arg.text(); channels_.has(channel))
    channels_.publish(channel, write(arg));
}

void okx_feed::stop() {
  channels_.clear();
}

// -- orders -------------------------------------------------------------------

namespace {

const char* okx_state(order_state x) {
  switch (x) {
    case order_state::open:
      return "live";
    case order_state::filled:
      return "filled";
    default:
      return "canceled";
  }
}

} // namespace

std::optional<std::string> okx_order(const okx_arg& arg, std::string_view uid,
                                     const order& entry) {
  auto names = entry.venue_instrument.empty()
                 ? okx_names(entry.instrument)
                 : std::vector{entry.venue_instrument};
  auto found = std::ranges::find_if(names, [&](const std::string& x) {
    return arg.covers(x);
  });
  if (found == names.end())
    return std::nullopt;
  const auto& inst_id = *found;
  auto is_buy = entry.direction == order_direction::buy;
  auto is_market = entry.type == order_type::market;
  return push(
    arg, nullptr,
    [&](json_writer& out) {
      out.member("instType", inst_id.ends_with("-SWAP") ? "SWAP" : "SPOT");
      out.member("instId", inst_id);
      out.member("ordId", entry.id);
      out.member("clOrdId", entry.label);
      out.member("side", is_buy ? "buy" : "sell");
      out.member("ordType", is_market ? "market" : "limit");
      out.member("px", shortest_decimal(entry.price));
      out.member("sz", shortest_decimal(entry.amount));
      out.member("accFillSz", shortest_decimal(entry.filled));
      out.member("state", okx_state(entry.state));
      out.member("cTime", std::to_string(entry.created.count()));
      out.member("uTime", std::to_string(entry.updated.count()));
    },
    uid);
}

std::string malformed_push(const okx_arg& arg, breakage mode) {
  json_writer out;
  out.begin_object();
  out.key("arg");
  arg.write(out);
  out.member("data", int64_t{7});
  out.end_object();
  return broken(out.text(), mode);
}

} // namespace zenws::sim
