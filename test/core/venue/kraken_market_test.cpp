// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_market

#include "zenws/venue/kraken/kraken_market.hpp"

#include "zenws/market/order_book.hpp"

#include "core/venue/market_check.hpp"

#include <string>
#include <vector>

using namespace std::literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

std::string message(const std::string& channel, const std::string& type,
                    const std::string& data) {
  return R"({"channel":")" + channel + R"(","type":")" + type + R"(","data":)"
         + data + '}';
}

const std::string snapshot_text = message(
  "book", "snapshot",
  R"([{"symbol":"ALGO/BTC","bids":[{"price":0.0519,"qty":0.00000720}],)"
  R"("asks":[{"price":0.0521,"qty":1.50000000},)"
  R"({"price":0.0530,"qty":1000.00000000}],"checksum":1270836961,)"
  R"("timestamp":"2024-05-06T07:08:09.123456Z"}])");

const std::string change_text = message(
  "book", "update",
  R"([{"symbol":"ALGO/BTC","bids":[{"price":0.0500,"qty":20.00000000},)"
  R"({"price":0.0400,"qty":0.00000000}],"asks":[],"checksum":3594078931,)"
  R"("timestamp":"2024-05-06T07:08:10.5Z"}])");

std::string trade_text(const std::string& type) {
  return message(
    "trade", type,
    R"([{"symbol":"BTC/USD","side":"sell","price":4136.4,"qty":0.23374249,)"
    R"("ord_type":"limit","trade_id":9,"timestamp":"2024-05-06T07:08:09Z"},)"
    R"({"symbol":"BTC/USD","side":"buy","price":4137.0,"qty":1.50000000,)"
    R"("ord_type":"market","trade_id":10,)"
    R"("timestamp":"2024-05-06T07:08:09.000001Z"}])");
}

const std::string ticker_text = message(
  "ticker", "update",
  R"([{"symbol":"ALGO/USD","bid":0.10025,"bid_qty":740.0,"ask":0.10036,)"
  R"("ask_qty":1361.44813783,"last":0.10035,"volume":997038.98383185,)"
  R"("vwap":0.10148,"low":0.09979,"high":0.10285,"change":-0.00017,)"
  R"("change_pct":-0.17,"timestamp":"2024-05-06T07:08:09.123456Z"}])");

const std::string instrument_text = message(
  "instrument", "snapshot",
  R"({"assets":[{"id":"USD","status":"enabled","precision":4,)"
  R"("margin_rate":0.015}],"pairs":[{"symbol":"BTC/USD","base":"BTC",)"
  R"("quote":"USD","status":"online","qty_precision":8,"qty_increment":1e-08,)"
  R"("price_precision":1,"marginable":true,"cost_min":0.5,"tick_size":0.1,)"
  R"("price_increment":0.1,"qty_min":5e-05},{"symbol":"OLD/EUR","base":"OLD",)"
  R"("quote":"EUR","status":"delisted","price_increment":null}]})");

const std::vector<std::string> all_texts{
  snapshot_text,        change_text, trade_text("snapshot"),
  trade_text("update"), ticker_text, instrument_text};

std::string problem_of(const std::string& text) {
  return to_string(decode("kraken", text).problem);
}

/// Returns `text` with the first `from` replaced.
std::string with(std::string text, std::string_view from, std::string_view to) {
  auto pos = text.find(from);
  if (pos == text.npos)
    CAF_FAIL("there is no " << from);
  return text.replace(pos, from.size(), to);
}

market_wish book_of(uint32_t depth) {
  return {.kind = data_kind::book, .instrument = "BTC/USD", .depth = depth};
}

/// Returns a snapshot or a change of any levels.
std::string book_text(const std::string& type, const std::string& bids,
                      const std::string& asks, uint32_t checksum) {
  return message("book", type,
                 R"([{"symbol":"X/USD","bids":[)" + bids + R"(],"asks":[)"
                   + asks + R"(],"checksum":)" + std::to_string(checksum)
                   + "}]");
}

std::string level(const std::string& price, const std::string& qty) {
  return R"({"price":)" + price + R"(,"qty":)" + qty + '}';
}

} // namespace

// -- books --------------------------------------------------------------------

CAF_TEST(a snapshot keeps the digits of the venue) {
  auto book = only<book_snapshot>(updates_of("kraken", snapshot_text));
  CAF_CHECK_EQUAL(book.instrument.view(), "ALGO/BTC");
  CAF_CHECK(book.time.time_since_epoch() == 1'714'979'289'123'456us);
  CAF_CHECK_EQUAL(book.sequence, 0u);
  CAF_CHECK(!book.previous);
  CAF_CHECK(book.checksum == 1'270'836'961u);
}

CAF_TEST(levels of a book are set) {
  auto updates = updates_of("kraken", change_text);
  auto book = only<book_change>(updates);
  CAF_REQUIRE_EQUAL(book.levels.size(), 2u);
  auto& added = book.levels[0];
  CAF_CHECK(added.side == book_side::bid);
  CAF_CHECK(added.action == level_action::set);
  CAF_CHECK_EQUAL(added.price, number("0.05"));
  CAF_CHECK_EQUAL(added.price_places, 4);
  CAF_CHECK_EQUAL(added.amount, number("20"));
  CAF_CHECK_EQUAL(added.amount_places, 8);
  CAF_CHECK(book.levels[1].amount.is_zero());
  CAF_CHECK(book.checksum == 3'594'078'931u);
}

CAF_TEST(a message with several books is several updates) {
  auto entry = [](const std::string& symbol) {
    return R"({"symbol":")" + symbol + R"(","bids":[],"asks":[],"checksum":1})";
  };
  auto updates = updates_of(
    "kraken", message("book", "update",
                      '[' + entry("A/USD") + ',' + entry("B/USD") + ']'));
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  CAF_CHECK_EQUAL(instrument_of(updates[1]).view(), "B/USD");
}

CAF_TEST(books that lack something are refused) {
  CAF_CHECK_EQUAL(problem_of(with(change_text, R"("asks":[],)", "")),
                  R"(invalid_data: "asks" is missing)");
  CAF_CHECK_EQUAL(
    problem_of(with(change_text, R"("checksum":3594078931,)", "")),
    R"(invalid_data: "checksum" is missing)");
  CAF_CHECK_EQUAL(problem_of(with(change_text, "3594078931", "4294967296")),
                  R"(invalid_data: "checksum" is not a checksum)");
  CAF_CHECK_EQUAL(problem_of(with(change_text, R"(,"qty":20.00000000)", "")),
                  R"(invalid_data: "qty" is missing)");
  CAF_CHECK_EQUAL(problem_of(with(change_text, "update", "gossip")),
                  R"(invalid_data: "type" is neither snapshot nor update)");
  CAF_CHECK_EQUAL(problem_of(with(change_text, R"("symbol":"ALGO/BTC",)", "")),
                  R"(invalid_data: "symbol" is missing)");
  CAF_CHECK_EQUAL(problem_of(message("book", "update", "{}")),
                  R"(invalid_data: "data" is not an array)");
}

CAF_TEST(a book is kept as deep as its channel) {
  kraken_market uut;
  auto depth_of = [&](uint32_t depth) {
    auto channels = uut.channels(book_of(depth)).value();
    CAF_CHECK_EQUAL(channels.at(0).name, "book:BTC/USD");
    auto rules = uut.rules_of_books(book_of(depth));
    CAF_CHECK_EQUAL(channels[0].arguments,
                    R"({"depth":)" + std::to_string(rules.shown_depth) + '}');
    return rules.shown_depth;
  };
  CAF_CHECK_EQUAL(depth_of(1), 10u);
  CAF_CHECK_EQUAL(depth_of(10), 10u);
  CAF_CHECK_EQUAL(depth_of(11), 25u);
  CAF_CHECK_EQUAL(depth_of(1000), 1000u);
  CAF_CHECK_EQUAL(depth_of(5000), 1000u);
  CAF_CHECK_EQUAL(depth_of(0), 1000u);
}

CAF_TEST(a checksum proves a book) {
  kraken_market uut;
  order_book book{uut.rules_of_books(book_of(10))};
  auto apply = [&](const std::string& text) {
    auto updates = updates_of("kraken", text);
    return book.apply(updates[0]);
  };
  CAF_CHECK(apply(change_text) == book_outcome::awaiting_snapshot);
  CAF_CHECK(apply(snapshot_text) == book_outcome::applied);
  CAF_CHECK(apply(change_text) == book_outcome::applied);
  CAF_CHECK_EQUAL(book.depth(book_side::bid), 2u);
  CAF_CHECK(apply(with(change_text, "3594078931", "3594078932"))
            == book_outcome::inconsistent);
  CAF_CHECK(!book.is_valid());
  CAF_CHECK(apply(snapshot_text) == book_outcome::applied);
}

CAF_TEST(a checksum covers ten levels of each side) {
  std::string bids;
  std::string asks;
  for (int i = 0; i < 12; ++i) {
    auto separator = i > 0 ? "," : "";
    auto tenths = std::to_string((i + 1) / 10) + '.'
                  + std::to_string((i + 1) % 10) + "0000000";
    asks += separator
            + level(std::to_string(100 + i) + ".0",
                    std::to_string(i + 1) + ".00000000");
    bids += separator + level(std::to_string(99 - i) + ".0", tenths);
  }
  kraken_market uut;
  order_book book{uut.rules_of_books(book_of(25))};
  auto updates = updates_of("kraken",
                            book_text("snapshot", bids, asks, 830'724'813));
  CAF_CHECK(book.apply(updates[0]) == book_outcome::applied);
  CAF_CHECK_EQUAL(book.depth(book_side::ask), 12u);
}

// -- trades -------------------------------------------------------------------

CAF_TEST(trades come in lists and those of a snapshot are late) {
  for (auto type : {"snapshot", "update"}) {
    auto updates = updates_of("kraken", trade_text(type));
    CAF_REQUIRE_EQUAL(updates.size(), 2u);
    auto& first = std::get<trade>(updates[0]);
    CAF_CHECK_EQUAL(first.instrument.view(), "BTC/USD");
    CAF_CHECK(first.time.time_since_epoch() == 1'714'979'289s);
    CAF_CHECK_EQUAL(first.sequence, 9u);
    CAF_CHECK_EQUAL(first.price, number("4136.4"));
    CAF_CHECK_EQUAL(first.amount, number("0.23374249"));
    CAF_CHECK(first.direction == trade_direction::sell);
    CAF_CHECK(first.kind == trade_kind::regular);
    CAF_CHECK_EQUAL(first.is_late, type == std::string{"snapshot"});
    CAF_CHECK(std::get<trade>(updates[1]).direction == trade_direction::buy);
  }
  kraken_market uut;
  CAF_CHECK(uut.numbering_of_trades() == trade_numbering::consecutive);
}

CAF_TEST(trades that lack something are refused) {
  for (auto member : {"symbol", "side", "price", "qty", "trade_id"})
    CAF_CHECK_EQUAL(
      problem_of(with(trade_text("update"), '"' + std::string{member} + '"',
                      R"("other")")),
      R"(invalid_data: ")" + std::string{member} + R"(" is missing)");
  CAF_CHECK_EQUAL(problem_of(with(trade_text("update"), "sell", "short")),
                  R"(invalid_data: "side" is neither buy nor sell)");
}

// -- quotes and tickers -------------------------------------------------------

CAF_TEST(a ticker brings a quote and a ticker) {
  auto updates = updates_of("kraken", ticker_text);
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  auto& best = std::get<quote>(updates[0]);
  CAF_CHECK_EQUAL(best.instrument.view(), "ALGO/USD");
  CAF_CHECK(best.time.time_since_epoch() == 1'714'979'289'123'456us);
  CAF_CHECK(best.bid == (price_level{number("0.10025"), number("740")}));
  CAF_CHECK(best.ask
            == (price_level{number("0.10036"), number("1361.44813783")}));
  auto& all = std::get<ticker>(updates[1]);
  CAF_CHECK(all.bid == best.bid);
  CAF_CHECK(all.ask == best.ask);
  CAF_CHECK(all.last_price == number("0.10035"));
  CAF_CHECK(!all.mark_price);
}

CAF_TEST(a ticker has nothing where there is nothing) {
  auto text = with(ticker_text, "740.0", "0.0");
  text = with(text, R"("ask":0.10036)", R"("ask":null)");
  text = with(text, "0.10035", "0.0");
  auto updates = updates_of("kraken", text);
  auto& all = std::get<ticker>(updates[1]);
  CAF_CHECK(!all.bid);
  CAF_CHECK(!all.ask);
  CAF_CHECK(!all.last_price);
  auto early = updates_of("kraken",
                          with(ticker_text, R"("timestamp")", R"("other")"));
  CAF_CHECK(std::get<quote>(early[0]).time == venue_time{});
}

// -- instruments --------------------------------------------------------------

CAF_TEST(the terms of all pairs are told at once) {
  auto updates = updates_of("kraken", instrument_text);
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  auto& pair = std::get<instrument_state>(updates[0]);
  CAF_CHECK_EQUAL(pair.instrument.view(), "BTC/USD");
  CAF_CHECK(pair.state == trading_state::open);
  CAF_CHECK(pair.kind == instrument_kind::spot);
  CAF_CHECK(pair.unit == amount_unit::base);
  CAF_CHECK_EQUAL(pair.base.view(), "BTC");
  CAF_CHECK_EQUAL(pair.quote.view(), "USD");
  CAF_CHECK(pair.tick == number("0.1"));
  CAF_CHECK(pair.lot == number("0.00000001"));
  CAF_CHECK(pair.min_amount == number("0.00005"));
  auto& old = std::get<instrument_state>(updates[1]);
  CAF_CHECK(old.state == trading_state::closed);
  CAF_CHECK(!old.tick);
}

CAF_TEST(states of a pair are told as they concern orders) {
  auto state_of = [](const std::string& name) {
    auto updates = updates_of("kraken", with(instrument_text, "online", name));
    return std::get<instrument_state>(updates[0]).state;
  };
  for (auto name : {"online", "limit_only", "reduce_only"})
    CAF_CHECK(state_of(name) == trading_state::open);
  for (auto name : {"cancel_only", "post_only", "maintenance"})
    CAF_CHECK(state_of(name) == trading_state::halted);
  CAF_CHECK(state_of("work_in_progress") == trading_state::pending);
  CAF_CHECK(state_of("delisted") == trading_state::closed);
  CAF_CHECK(state_of("dancing") == trading_state::unknown);
}

CAF_TEST(news of assets alone are none of instruments) {
  CAF_CHECK_EQUAL(
    problem_of(message("instrument", "update", R"({"assets":[{"id":"USD"}]})")),
    "none");
}

CAF_TEST(instruments of another form are refused) {
  CAF_CHECK_EQUAL(problem_of(message("instrument", "update", "[]")),
                  R"(invalid_data: "data" is not an object)");
  CAF_CHECK_EQUAL(problem_of(message("instrument", "update",
                                     R"({"pairs":[{"base":"BTC"}]})")),
                  R"(invalid_data: "symbol" is missing)");
}

// -- channels -----------------------------------------------------------------

CAF_TEST(wishes have channels) {
  kraken_market uut;
  auto channels_of = [&](data_kind kind) {
    auto result = uut.channels({.kind = kind, .instrument = "BTC/USD"}).value();
    CAF_REQUIRE_EQUAL(result.size(), 1u);
    CAF_CHECK(!make_dialect("kraken")->check(result[0]));
    return result[0];
  };
  CAF_CHECK_EQUAL(channels_of(data_kind::trades).name, "trade:BTC/USD");
  CAF_CHECK_EQUAL(channels_of(data_kind::instruments).name, "instrument");
  auto quotes = channels_of(data_kind::quotes);
  CAF_CHECK_EQUAL(quotes.name, "ticker:BTC/USD");
  CAF_CHECK_EQUAL(quotes.arguments, R"({"event_trigger":"bbo"})");
  CAF_CHECK(channels_of(data_kind::ticker) == quotes);
  CAF_CHECK_EQUAL(uut.channels({.kind = data_kind::trades}).error().code,
                  ec::not_supported);
  CAF_CHECK(uut.channels({.kind = data_kind::instruments}));
  CAF_CHECK_EQUAL(uut.ask_book(book_of(10)).error().code, ec::not_supported);
  CAF_CHECK_EQUAL(uut.ask_trades({}).error().code, ec::not_supported);
}

// -- anything -----------------------------------------------------------------

CAF_TEST(other messages are no market data) {
  for (auto& text :
       {R"({"channel":"heartbeat"})"s,
        R"({"channel":"status","type":"update","data":[{"system":"online"}]})"s,
        message("ohlc", "update", R"([{"symbol":"BTC/USD","open":"?"}])"),
        message("executions", "snapshot", "[{}]"),
        R"({"method":"subscribe","result":{"channel":"book"},"success":true})"s,
        R"([1,2])"s, R"(7)"s})
    CAF_CHECK_EQUAL(shown(decode("kraken", text)), "");
}

CAF_TEST(messages mean the same however they are spelled) {
  for (auto& text : all_texts)
    check_spellings("kraken", text);
}

CAF_TEST(nonsense is refused) {
  for (auto& text : all_texts)
    check_nonsense("kraken", text);
}

// The checksums of these samples are made up.
CAF_TEST(samples of real messages are decoded) {
  auto decoded = [](const std::string& name) {
    auto text = sample("kraken/" + name);
    return text.empty() ? "" : shown(decode("kraken", text));
  };
  if (sample("kraken/book_update.json").empty())
    return;
  CAF_CHECK_EQUAL(decoded("book_update.json"),
                  "3 BTC/USD 1696613755440295 0 0 0 2114181697 0323 105944.2 "
                  "0.25\n");
  auto book = only<book_snapshot>(
    updates_of("kraken", sample("kraken/book_snapshot.json")));
  CAF_CHECK(book.checksum == 2'439'117'997u);
  auto trades = updates_of("kraken", sample("kraken/trade_update.json"));
  CAF_REQUIRE_EQUAL(trades.size(), 2u);
  CAF_CHECK_EQUAL(std::get<trade>(trades[1]).sequence, 10'218'209u);
  CAF_CHECK_EQUAL(std::get<trade>(trades[0]).amount, number("0.00027625"));
  auto tickers = updates_of("kraken", sample("kraken/ticker_snapshot.json"));
  CAF_CHECK(std::get<ticker>(tickers[1]).last_price == number("105899.4"));
  CAF_CHECK_EQUAL(decoded("ohlc_update.json"), "");
  CAF_CHECK_EQUAL(decoded("subscribe_response.json"), "");
}
