// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_feed.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/okx/okx_push.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace zenws::sim {

namespace {

// Levels that the checksum of a book covers.
constexpr size_t checked_levels = 25;

constexpr size_t okx_small_depth = 5;

std::string okx_index(std::string_view inst_id) {
  return std::string{
    inst_id.substr(0, inst_id.size() - okx_swap_suffix.size())};
}

void write_okx_time(json_writer& out) {
  out.member("ts", okx_time(wall_clock()));
}

std::string okx_price(const instrument& item, int64_t ticks) {
  return shortest_decimal(item.price_of(ticks));
}

std::string okx_amount(const instrument& item, int64_t lots) {
  return shortest_decimal(item.amount_of(lots));
}

// -- books --------------------------------------------------------------------

void write_okx_level(json_writer& out, const instrument& item, int64_t ticks,
                     int64_t lots) {
  out.begin_array();
  out.value(std::string_view{okx_price(item, ticks)});
  out.value(std::string_view{okx_amount(item, lots)});
  out.value("0");
  out.value(lots == 0 ? "0" : "1");
  out.end_array();
}

template <class Levels>
void write_okx_levels(json_writer& out, const instrument& item,
                      const Levels& levels, size_t most) {
  out.begin_array();
  for (auto [ticks, lots] : levels) {
    if (most-- == 0)
      break;
    write_okx_level(out, item, ticks, lots);
  }
  out.end_array();
}

void write_okx_book(json_writer& out, const instrument& item, size_t most) {
  out.key("asks");
  write_okx_levels(out, item, item.book().asks(), most);
  out.key("bids");
  write_okx_levels(out, item, item.book().bids(), most);
}

void write_okx_changes(json_writer& out, const instrument& item,
                       const market_update& update, book_side side) {
  out.begin_array();
  for (auto& x : update.changes)
    if (x.side == side)
      write_okx_level(out, item, x.price, x.amount);
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

void write_sequence(json_writer& out, int64_t sum, int64_t previous,
                    uint64_t current) {
  write_okx_time(out);
  out.member("checksum", sum);
  out.member("seqId", current);
  out.member("prevSeqId", previous);
}

void write_snapshot(json_writer& out, const instrument& item, int64_t sum) {
  constexpr size_t shown_levels = 400;
  write_okx_book(out, item, shown_levels);
  write_sequence(out, sum, -1, item.change_id());
}

// The best levels only: each message has them all.
void write_small_book(json_writer& out, const instrument& item, size_t depth,
                      const std::string& inst_id) {
  write_okx_book(out, item, depth);
  if (depth > 1)
    out.member("instId", inst_id);
  write_okx_time(out);
  out.member("seqId", item.change_id());
}

// Returns whether the best levels have changed.
bool touches_best(const instrument& item, const market_update& update,
                  size_t depth) {
  const auto& book = item.book();
  return std::ranges::any_of(update.changes, [&](const level_change& x) {
    auto known = book.depth(x.side);
    if (known < depth)
      return true;
    auto last = book.price_at(x.side, depth - 1);
    return x.side == book_side::bid ? x.price >= last : x.price <= last;
  });
}

void write_update(json_writer& out, const instrument& item,
                  const market_update& update, int64_t sum) {
  out.key("asks");
  write_okx_changes(out, item, update, book_side::ask);
  out.key("bids");
  write_okx_changes(out, item, update, book_side::bid);
  write_sequence(out, sum, static_cast<int64_t>(update.prev_change_id),
                 update.change_id);
}

// -- trades and tickers -------------------------------------------------------

// Each third trade of the market had two makers, whose trades have a number
// each and are told as one.
void write_okx_trade(json_writer& out, const instrument& item, const trade& x,
                     const std::string& inst_id) {
  out.member("instId", inst_id);
  out.member("tradeId", std::to_string(x.sequence + x.sequence / 3));
  out.member("px", okx_price(item, x.price));
  out.member("sz", okx_amount(item, x.amount));
  out.member("side", x.taker == aggressor::buyer ? "buy" : "sell");
  write_okx_time(out);
  out.member("count", x.sequence % 3 == 0 ? "2" : "1");
  out.member("source", "0");
  out.member("seqId", item.change_id());
}

void write_ticker(json_writer& out, const instrument& item,
                  const std::string& inst_id) {
  const auto& book = item.book();
  out.member("instType", okx_type(inst_id));
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
  write_okx_time(out);
}

// The middle of the best prices stands for all prices that a venue computes.
std::string okx_middle(const instrument& item) {
  const auto& book = item.book();
  auto ticks = book.best_price(book_side::bid)
               + book.best_price(book_side::ask);
  return shortest_decimal(item.price_of(ticks) / 2);
}

void write_okx_mark(json_writer& out, const instrument& item,
                    const std::string& inst_id) {
  out.member("instType", "SWAP");
  out.member("instId", inst_id);
  out.member("markPx", okx_middle(item));
  write_okx_time(out);
}

void write_okx_index(json_writer& out, const instrument& item,
                     const std::string& index) {
  out.member("instId", index);
  out.member("idxPx", okx_middle(item));
  out.member("high24h", okx_price(item, item.high_price()));
  out.member("low24h", okx_price(item, item.low_price()));
  out.member("open24h", std::to_string(item.terms().start_price));
  write_okx_time(out);
}

void write_okx_funding(json_writer& out, const std::string& inst_id) {
  constexpr std::chrono::milliseconds period = std::chrono::hours{8};
  auto next = (wall_clock() / period + 1) * period;
  out.member("formulaType", "noRate");
  out.member("fundingRate", "0.0001");
  out.member("fundingTime", std::to_string(next.count()));
  out.member("instId", inst_id);
  out.member("instType", "SWAP");
  out.member("method", "current_period");
  out.member("nextFundingRate", "");
  out.member("nextFundingTime", std::to_string((next + period).count()));
  write_okx_time(out);
}

void write_okx_interest(json_writer& out, const std::string& inst_id) {
  out.member("instId", inst_id);
  out.member("instType", "SWAP");
  out.member("oi", "1000000");
  write_okx_time(out);
}

// -- instruments --------------------------------------------------------------

void write_okx_instrument(json_writer& out, const instrument_terms& terms,
                          const std::string& inst_id, uint64_t code) {
  auto swaps = is_okx_swap(inst_id);
  auto base = base_currency(terms.name);
  auto tick = 1.0 / static_cast<double>(terms.ticks_per_unit);
  auto lot = std::to_string(terms.lot);
  auto of_swap = [&](const std::string& x) {
    return swaps ? x : std::string{};
  };
  auto of_pair = [&](const std::string& x) {
    return swaps ? std::string{} : x;
  };
  out.begin_object();
  out.member("baseCcy", of_pair(base));
  out.member("ctMult", of_swap("1"));
  out.member("ctType", of_swap("linear"));
  out.member("ctVal", of_swap("0.01"));
  out.member("ctValCcy", of_swap(base));
  out.member("expTime", "");
  out.member("instFamily", swaps ? okx_index(inst_id) : "");
  out.member("instId", inst_id);
  out.member("instIdCode", code);
  out.member("instType", okx_type(inst_id));
  out.member("lotSz", lot);
  out.member("minSz", lot);
  out.member("optType", "");
  out.member("quoteCcy", of_pair("USDT"));
  out.member("ruleType", "normal");
  out.member("settleCcy", of_swap("USDT"));
  out.member("state", "live");
  out.member("stk", "");
  out.member("tickSz", shortest_decimal(tick));
  out.member("uly", swaps ? okx_index(inst_id) : "");
  out.end_object();
}

} // namespace

// -- feed ---------------------------------------------------------------------

okx_feed::okx_feed(market_feed& feed, const okx_config& cfg)
  : feed_(feed), checksums_(cfg.checksums) {
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

// By its place in the list, which never changes here.
uint64_t okx_feed::code_of(const std::string& inst_id) const {
  auto place = std::distance(instruments_.begin(), instruments_.find(inst_id));
  return okx_first_code + static_cast<uint64_t>(place);
}

std::optional<std::string> okx_feed::name_of(uint64_t code) const {
  if (code < okx_first_code || code - okx_first_code >= instruments_.size())
    return std::nullopt;
  auto place = static_cast<std::ptrdiff_t>(code - okx_first_code);
  return std::next(instruments_.begin(), place)->first;
}

void okx_feed::subscribe(const okx_arg& arg, connection& subscriber) {
  channels_.add(arg.text(), subscriber);
  if (auto text = first_message(arg))
    subscriber.send(opcode::text, *text);
  feed_.wake();
}

// Returns nothing for channels that begin with the next event.
std::optional<std::string> okx_feed::first_message(const okx_arg& arg) {
  if (arg.lists_instruments())
    return instrument_list(arg);
  const auto& inst_id = arg.inst_id;
  auto is_index = arg.channel == "index-tickers";
  auto name = market_name(is_index ? inst_id + std::string{okx_swap_suffix}
                                   : inst_id);
  const auto& item = *feed_.exchange().find(*name);
  auto first = [&](const char* action, auto write) {
    return push(arg, action, write);
  };
  if (arg.channel == "books")
    return first("snapshot", [&](json_writer& out) {
      write_snapshot(out, item, checksum_of(item));
    });
  if (arg.channel == "books5" || arg.channel == "bbo-tbt")
    return first(nullptr, [&](json_writer& out) {
      write_small_book(out, item, arg.channel == "books5" ? okx_small_depth : 1,
                       inst_id);
    });
  if (arg.channel == "tickers")
    return first(nullptr,
                 [&](json_writer& out) { write_ticker(out, item, inst_id); });
  if (arg.channel == "mark-price")
    return first(nullptr,
                 [&](json_writer& out) { write_okx_mark(out, item, inst_id); });
  if (is_index)
    return first(nullptr, [&](json_writer& out) {
      write_okx_index(out, item, inst_id);
    });
  if (arg.channel == "funding-rate")
    return first(nullptr,
                 [&](json_writer& out) { write_okx_funding(out, inst_id); });
  if (arg.channel == "open-interest")
    return first(nullptr,
                 [&](json_writer& out) { write_okx_interest(out, inst_id); });
  return std::nullopt;
}

std::string okx_feed::instrument_list(const okx_arg& arg) {
  return push_rows(arg, nullptr, [&](json_writer& out) {
    for (auto& [inst_id, name] : instruments_)
      if (okx_type(inst_id) == arg.inst_type)
        write_okx_instrument(out, feed_.exchange().find(name)->terms(), inst_id,
                             code_of(inst_id));
  });
}

int64_t okx_feed::checksum_of(const instrument& item) const {
  return checksums_ == book_checksum::computed ? checksum(item) : 0;
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
    if (is_okx_swap(inst_id))
      report_swap(item, inst_id);
    for (auto& small :
         {std::pair{"bbo-tbt", size_t{1}}, {"books5", okx_small_depth}})
      if (touches_best(item, update, small.second))
        publish(arg(small.first), [&](const okx_arg& x) {
          return push(x, nullptr, [&](json_writer& out) {
            write_small_book(out, item, small.second, inst_id);
          });
        });
    if (news == book_news::told)
      publish(arg("books"), [&](const okx_arg& x) {
        return push(x, "update", [&](json_writer& out) {
          write_update(out, item, update, checksum_of(item));
        });
      });
  }
}

// Funding rates and open interest change too rarely to be told again.
void okx_feed::report_swap(const instrument& item, const std::string& inst_id) {
  publish({.channel = "mark-price", .inst_id = inst_id}, [&](const okx_arg& x) {
    return push(x, nullptr,
                [&](json_writer& out) { write_okx_mark(out, item, inst_id); });
  });
  auto index = okx_index(inst_id);
  publish({.channel = "index-tickers", .inst_id = index},
          [&](const okx_arg& x) {
            return push(x, nullptr, [&](json_writer& out) {
              write_okx_index(out, item, index);
            });
          });
}

template <class Fun>
void okx_feed::publish(const okx_arg& arg, Fun write) {
  if (auto channel = arg.text(); channels_.has(channel))
    channels_.publish(channel, write(arg));
}

void okx_feed::stop() {
  channels_.clear();
}

} // namespace zenws::sim
