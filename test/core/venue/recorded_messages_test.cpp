// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_open_readers

// Venues add members to objects and elements to arrays: fields decoded before
// must not change.

#include "zenws/venue/binance/binance_market.hpp"
#include "zenws/venue/deribit/deribit_market.hpp"

#include "support/unit_test.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using namespace zenws::market;

namespace {

struct venue {
  const envelope_layout& layout;
  error (*decode)(const envelope&, update&);
};

const venue on_deribit{layouts::deribit, deribit::decode};
const venue on_binance{layouts::binance, binance::decode};

// -- decoded values -----------------------------------------------------------

std::ostream& operator<<(std::ostream& out, const std::optional<decimal>& x) {
  return out << (x ? to_string(*x) : "-");
}

void write(std::ostream& out, const book_change& x) {
  out << x.instrument.view() << x.time.time_since_epoch().count() << ' '
      << static_cast<int>(x.kind) << x.first_change_id << ' ' << x.change_id
      << ' ' << x.prev_change_id.value_or(0);
  for (auto& level : x.levels)
    out << ' ' << static_cast<int>(level.side) << static_cast<int>(level.action)
        << ' ' << to_string(level.price) << ' ' << to_string(level.amount);
}

void write(std::ostream& out, const std::vector<trade>& all) {
  for (auto& x : all)
    out << x.instrument.view() << x.time.time_since_epoch().count() << ' '
        << x.sequence << to_string(x.kind) << static_cast<int>(x.direction)
        << to_string(x.price) << ' ' << to_string(x.amount) << ' ';
}

void write(std::ostream& out, const ticker& x) {
  out << x.instrument.view() << x.time.time_since_epoch().count() << ' '
      << x.change_id << ' ' << x.best_bid << ' ' << x.best_bid_amount << ' '
      << x.best_ask << ' ' << x.best_ask_amount << ' ' << x.last_price << ' '
      << x.mark_price << ' ' << x.index_price;
}

/// Returns all that was decoded, or the problem.
std::string decoded(const venue& by, std::string_view text) {
  auto scanned = scan(text, by.layout);
  if (!scanned)
    return to_string(scanned.error());
  update data;
  if (auto problem = by.decode(*scanned, data))
    return to_string(problem);
  std::ostringstream out;
  out << to_string(data.kind) << ' ';
  switch (data.kind) {
    case content::book:
      write(out, data.book);
      break;
    case content::trades:
      write(out, data.trades);
      out << "and ";
      write(out, data.placeholders);
      break;
    case content::ticker:
      write(out, data.ticker);
      break;
    default:
      break;
  }
  return out.str();
}

// -- additions of venues ------------------------------------------------------

constexpr std::string_view additions[] = {"null", "[]", R"("7")", "3",
                                          R"({"a":[1]})"};

/// Returns the ends of objects, and of arrays that are no lists of others: a
/// list has one more level, or trade, with each element.
std::vector<size_t> open_ends(std::string_view text) {
  std::vector<size_t> result;
  std::vector<bool> is_list;
  auto in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      auto next = text[i + 1];
      is_list.push_back(c == '['
                        && (next == '[' || next == '{' || next == ']'));
    } else if (c == '}' || c == ']') {
      if (!is_list.back())
        result.push_back(i);
      is_list.pop_back();
    }
  }
  return result;
}

std::string extended(std::string_view text, size_t end,
                     std::string_view addition) {
  auto result = std::string{text.substr(0, end)};
  auto is_empty = result.back() == '{';
  result += is_empty ? "" : ",";
  if (text[end] == '}')
    result += R"("zenws_test":)";
  result += addition;
  return result.append(text.substr(end));
}

/// Returns the number of messages tried.
size_t check(const venue& by, std::string_view text) {
  auto expected = decoded(by, text);
  size_t result = 0;
  for (auto end : open_ends(text))
    for (auto addition : additions) {
      auto more = extended(text, end, addition);
      if (decoded(by, more) != expected)
        CAF_FAIL(more << " is decoded as " << decoded(by, more) << ", not as "
                      << expected);
      ++result;
    }
  return result;
}

std::string deribit_text(std::string_view channel, std::string_view data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + std::string{channel} + R"(","data":)" + std::string{data} + "}}";
}

std::string binance_text(std::string_view stream, std::string_view data) {
  return R"({"stream":")" + std::string{stream} + R"(","data":)"
         + std::string{data} + '}';
}

/// Returns the messages of a recording in the folder `ZENWS_CAPTURES`, nothing
/// without it.
std::vector<std::string> received_in(const std::string& name) {
  std::vector<std::string> result;
  auto* folder = std::getenv("ZENWS_CAPTURES");
  if (folder == nullptr) {
    CAF_MESSAGE("skipped: ZENWS_CAPTURES names no folder");
    return result;
  }
  auto file = std::filesystem::path{folder} / name;
  std::ifstream in{file};
  if (!in)
    CAF_MESSAGE("skipped: there is no " << file.string());
  for (std::string line; std::getline(in, line);) {
    auto colon = line.find(": ");
    if (colon != line.npos && line.find("<-") > colon)
      result.push_back(line.substr(colon + 2));
  }
  return result;
}

} // namespace

CAF_TEST(elements and members that venues add change nothing) {
  const std::string from_deribit[] = {
    deribit_text("book.X-1.100ms",
                 R"({"type":"change","timestamp":1700000000000,)"
                 R"("prev_change_id":1,"instrument_name":"X-1","change_id":2,)"
                 R"("bids":[["new",61000.0,10.0]],"asks":[["delete",1,0]]})"),
    deribit_text("book.X.none.10.100ms",
                 R"({"timestamp":1,"instrument_name":"X","change_id":7,)"
                 R"("bids":[[10.5,3]],"asks":[]})"),
    deribit_text("trades.X.raw",
                 R"([{"trade_seq":5,"timestamp":1,"price":10.5,"amount":20.0,)"
                 R"("instrument_name":"X","direction":"sell",)"
                 R"("liquidation":"MT"}])"),
    deribit_text("ticker.X.raw",
                 R"({"instrument_name":"X","best_bid_price":9.5,)"
                 R"("stats":{"volume":1}})"),
  };
  const std::string from_binance[] = {
    binance_text("bnbbtc@depth5",
                 R"({"lastUpdateId":52436377,"bids":[["0.00145080","3.72"]],)"
                 R"("asks":[["0.00145190","248.82"]]})"),
    binance_text("btcusdt@depth",
                 R"({"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,)"
                 R"("b":[["1.0","2.0"]],"a":[["1.1","2.0"]]})"),
    binance_text("btcusdt@trade", R"({"e":"trade","E":1,"s":"BTCUSDT","t":1,)"
                                  R"("p":"1","q":"2","T":1,"m":true})"),
    binance_text("!bookTicker", R"({"u":1,"s":"X","b":"1","B":"2","a":"3"})"),
    R"({"e":"aggTrade","E":1,"s":"X","a":1,"p":"1","q":"2","T":1,"m":true})",
  };
  size_t tried = 0;
  for (auto& x : from_deribit)
    tried += check(on_deribit, x);
  for (auto& x : from_binance)
    tried += check(on_binance, x);
  CAF_CHECK_GREATER(tried, 100u);
}

CAF_TEST(levels may have more elements than a price and an amount) {
  struct row {
    const venue& by;
    std::string text;
  };
  const row table[] = {
    {on_binance, binance_text("bnbbtc@depth5",
                              R"({"lastUpdateId":52436377,)"
                              R"("bids":[["0.00145080","3.72000000",[]]],)"
                              R"("asks":[["0.00145190","248.82000000",[]]]})")},
    {on_binance,
     binance_text("btcusdt@depth",
                  R"({"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,)"
                  R"("b":[["1.0","2.0",null]],"a":[["1.1","2.0","7"]]})")},
    {on_deribit,
     deribit_text("book.BTC-PERPETUAL.100ms",
                  R"({"type":"change","timestamp":1700000000000,)"
                  R"("prev_change_id":1,"instrument_name":"BTC-PERPETUAL",)"
                  R"("change_id":2,"bids":[["new",61000.0,10.0,3]],)"
                  R"("asks":[]})")},
  };
  for (auto& x : table)
    CAF_CHECK(decoded(x.by, x.text).starts_with("book "));
}

CAF_TEST(recorded messages are decoded with any additions) {
  for (auto& x : received_in("deribit.ws"))
    check(on_deribit, x);
  for (auto name : {"binance.ws", "binance_futures.ws"})
    for (auto& x : received_in(name))
      check(on_binance, x);
}
