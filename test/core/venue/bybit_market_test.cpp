// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit_market

#include "zenws/venue/bybit/bybit_market.hpp"

#include "core/venue/market_check.hpp"
#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

std::string book(std::string_view topic, std::string_view type,
                 std::string_view data) {
  return R"({"topic":")" + std::string{topic} + R"(","type":")"
         + std::string{type} + R"(","ts":1726993724318,"data":)"
         + std::string{data} + R"(,"cts":1726993724316})";
}

const std::string snapshot
  = book("orderbook.50.XYUSDT", "snapshot",
         R"({"s":"XYUSDT","b":[["10.50","3"],["10.0","0.250"]],)"
         R"("a":[["11.00","7.5"]],"u":900,"seq":77})");

const std::string change = book("orderbook.50.XYUSDT", "delta",
                                R"({"s":"XYUSDT","b":[["10.50","0"]],)"
                                R"("a":[],"u":901,"seq":80})");

const std::string trades
  = R"({"topic":"publicTrade.XYUSDT","type":"snapshot","ts":1726993724400,)"
    R"("data":[{"T":1726993724318,"s":"XYUSDT","S":"Sell","v":"0.010",)"
    R"("p":"10.50","L":"PlusTick","i":"5e1f","BT":false,"RPI":false,)"
    R"("seq":99}]})";

std::string ticker_message(std::string_view type, std::string_view members) {
  return R"({"topic":"tickers.XYUSDT","type":")" + std::string{type}
         + R"(","data":{"symbol":"XYUSDT")" + std::string{members}
         + R"(},"cs":500,"ts":1726993724318})";
}

const std::string full_ticker = ticker_message(
  "snapshot",
  R"(,"tickDirection":"PlusTick","lastPrice":"10.50","markPrice":"10.6",)"
  R"("indexPrice":"10.55","openInterest":"12345.5","fundingRate":"-0.0002",)"
  R"("bid1Price":"10.45","bid1Size":"8","ask1Price":"10.55",)"
  R"("ask1Size":"9","nextFundingTime":"1727000000000","basisRate":"")");

const std::string option_ticker
  = R"({"topic":"tickers.XY-27MAR26-60000-C","ts":1726993724318,)"
    R"("type":"snapshot","id":"tickers.XY-27MAR26-60000-C-1","data":{)"
    R"("symbol":"XY-27MAR26-60000-C","bidPrice":"5","bidSize":"2.5",)"
    R"("bidIv":"0.4","askPrice":"0","askSize":"0","lastPrice":"",)"
    R"("markPrice":"5.5","indexPrice":"60001","openInterest":"3"}})";

/// Decodes several messages of one connection.
class reader {
public:
  decoded_message operator()(std::string_view text) {
    return decode(*dialect_, text);
  }

private:
  dialect_ptr dialect_ = make_dialect("bybit");
};

std::string problem_of(std::string_view text) {
  return to_string(decode("bybit", text).problem);
}

std::string channel_for(market_wish wish) {
  auto channels = make_dialect("bybit")->market()->channels(wish);
  return channels ? channels->at(0).name : to_string(channels.error());
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  auto at = text.find(from);
  CAF_REQUIRE_NOT_EQUAL(at, text.npos);
  return text.replace(at, from.size(), to);
}

std::string text_of(const std::optional<price_level>& x) {
  return x ? to_string(x->price) + " x " + to_string(x->amount) : "-";
}

std::string text_of(const std::optional<decimal>& x) {
  return x ? to_string(*x) : "-";
}

} // namespace

// -- books --------------------------------------------------------------------

CAF_TEST(a book begins with a snapshot) {
  auto updates = updates_of("bybit", snapshot);
  auto uut = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(uut.instrument.view(), "XYUSDT");
  CAF_CHECK(uut.time.time_since_epoch() == 1'726'993'724'316ms);
  CAF_CHECK_EQUAL(uut.sequence, 900u);
  CAF_CHECK_EQUAL(uut.first_sequence, 900u);
  CAF_REQUIRE_EQUAL(uut.levels.size(), 3u);
  CAF_CHECK(uut.levels[0].side == book_side::bid);
  CAF_CHECK(uut.levels[0].action == level_action::set);
  CAF_CHECK_EQUAL(uut.levels[0].price, number("10.5"));
  CAF_CHECK_EQUAL(uut.levels[0].price_places, 2);
  CAF_CHECK_EQUAL(uut.levels[1].amount, number("0.25"));
  CAF_CHECK_EQUAL(uut.levels[1].amount_places, 3);
  CAF_CHECK(uut.levels[2].side == book_side::ask);
}

CAF_TEST(changes of a book are numbered one by one) {
  auto updates = updates_of("bybit", change);
  auto uut = only<book_change>(updates);
  CAF_CHECK_EQUAL(uut.sequence, 901u);
  CAF_CHECK(uut.previous == std::nullopt);
  CAF_REQUIRE_EQUAL(uut.levels.size(), 1u);
  CAF_CHECK(uut.levels[0].amount.is_zero());
  auto dialect = make_dialect("bybit");
  CAF_CHECK(dialect->market()->rules_of_books({}).numbering
            == sequence_rule::consecutive);
  CAF_CHECK(!dialect->market()->ask_book({}));
}

CAF_TEST(the number 1 is that of a snapshot after a restart) {
  auto updates = updates_of("bybit", with(change, "901", "1"));
  CAF_CHECK_EQUAL(only<book_snapshot>(updates).sequence, 1u);
}

CAF_TEST(the order of the members of a book does not matter) {
  auto updates = updates_of(
    "bybit", R"({"data":{"seq":1,"u":7,"a":[],"b":[["1","2"]],"s":"X"},)"
             R"("topic":"orderbook.1000.X","ts":"1726993724318",)"
             R"("type":"snapshot"})");
  auto uut = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(uut.sequence, 7u);
  CAF_CHECK(uut.time.time_since_epoch() == 1'726'993'724'318ms);
}

CAF_TEST(books with two amounts a level are left alone) {
  auto updates = updates_of(
    "bybit", book("orderbook.rpi.XYUSDT", "snapshot",
                  R"({"s":"XYUSDT","b":[["10","3","1"]],"a":[],"u":1})"));
  CAF_CHECK(updates.empty());
}

// -- quotes -------------------------------------------------------------------

CAF_TEST(a book of one level shows the best prices) {
  auto updates = updates_of("bybit",
                            with(snapshot, "orderbook.50", "orderbook.1"));
  auto uut = only<quote>(updates);
  CAF_CHECK_EQUAL(uut.instrument.view(), "XYUSDT");
  CAF_CHECK_EQUAL(uut.sequence, 77u);
  CAF_CHECK_EQUAL(text_of(uut.bid), "10.5 x 3");
  CAF_CHECK_EQUAL(text_of(uut.ask), "11 x 7.5");
  CAF_CHECK_EQUAL(
    text_of(only<quote>(updates_of("bybit", book("orderbook.1.X", "snapshot",
                                                 R"({"s":"X","b":[],"a":[],)"
                                                 R"("u":3,"seq":4})")))
              .bid),
    "-");
}

CAF_TEST(changes of the best prices need what was before) {
  reader read;
  auto message = [](std::string_view type, std::string_view sides) {
    return book("orderbook.1.X", type,
                R"({"s":"X",)" + std::string{sides} + R"(,"u":5,"seq":6})");
  };
  auto shown_after = [&](std::string_view type, std::string_view sides) {
    auto uut = only<quote>(read(message(type, sides)).updates);
    return text_of(uut.bid) + ' ' + text_of(uut.ask);
  };
  CAF_CHECK(
    read(message("delta", R"("b":[["9","1"]],"a":[])")).updates.empty());
  CAF_CHECK_EQUAL(shown_after("snapshot",
                              R"("b":[["9","1"]],"a":[["10","2"]])"),
                  "9 x 1 10 x 2");
  CAF_CHECK_EQUAL(shown_after("delta", R"("b":[["8","4"],["9","0"]],"a":[])"),
                  "8 x 4 10 x 2");
  CAF_CHECK_EQUAL(shown_after("delta", R"("b":[],"a":[["10","0"]])"),
                  "8 x 4 -");
  CAF_CHECK(read(message("delta", R"("b":[7],"a":[])")).problem);
}

// -- trades -------------------------------------------------------------------

CAF_TEST(trades have no numbers of their own) {
  auto uut = only<trade>(updates_of("bybit", trades));
  CAF_CHECK_EQUAL(uut.instrument.view(), "XYUSDT");
  CAF_CHECK(uut.time.time_since_epoch() == 1'726'993'724'318ms);
  CAF_CHECK_EQUAL(uut.sequence, 0u);
  CAF_CHECK_EQUAL(uut.price, number("10.5"));
  CAF_CHECK_EQUAL(uut.amount, number("0.01"));
  CAF_CHECK(uut.direction == trade_direction::sell);
  CAF_CHECK(uut.kind == trade_kind::regular);
  CAF_CHECK(make_dialect("bybit")->market()->numbering_of_trades()
            == trade_numbering::none);
}

CAF_TEST(trades agreed on outside the book are marked) {
  auto kind_with = [](std::string_view value) {
    auto text = with(trades, R"("BT":false)", R"("BT":)" + std::string{value});
    return std::string{to_string(only<trade>(updates_of("bybit", text)).kind)};
  };
  CAF_CHECK_EQUAL(kind_with("true"), "block");
  CAF_CHECK_EQUAL(kind_with("null"), "regular");
  auto old = with(trades, "publicTrade.", "trade.linear.");
  CAF_CHECK_EQUAL(updates_of("bybit", old).size(), 1u);
}

// -- tickers ------------------------------------------------------------------

CAF_TEST(a ticker shows all that is known) {
  reader read;
  auto uut = only<ticker>(read(full_ticker).updates);
  CAF_CHECK_EQUAL(uut.instrument.view(), "XYUSDT");
  CAF_CHECK_EQUAL(uut.sequence, 500u);
  CAF_CHECK_EQUAL(text_of(uut.bid), "10.45 x 8");
  CAF_CHECK_EQUAL(text_of(uut.ask), "10.55 x 9");
  CAF_CHECK_EQUAL(text_of(uut.last_price), "10.5");
  CAF_CHECK_EQUAL(text_of(uut.mark_price), "10.6");
  CAF_CHECK_EQUAL(text_of(uut.index_price), "10.55");
  CAF_CHECK_EQUAL(text_of(uut.funding_rate), "-0.0002");
  CAF_CHECK_EQUAL(text_of(uut.open_interest), "12345.5");
  auto next = only<ticker>(
    read(ticker_message("delta", R"(,"bid1Size":"6","markPrice":"10.7")"))
      .updates);
  CAF_CHECK_EQUAL(text_of(next.bid), "10.45 x 6");
  CAF_CHECK_EQUAL(text_of(next.mark_price), "10.7");
  CAF_CHECK_EQUAL(text_of(next.last_price), "10.5");
  next = only<ticker>(
    read(ticker_message("delta", R"(,"bid1Price":"","bid1Size":"")")).updates);
  CAF_CHECK_EQUAL(text_of(next.bid), "-");
  CAF_CHECK_EQUAL(text_of(next.ask), "10.55 x 9");
}

CAF_TEST(a snapshot of a ticker leaves nothing of before) {
  reader read;
  read(full_ticker);
  auto uut = only<ticker>(
    read(ticker_message("snapshot", R"(,"lastPrice":"1")")).updates);
  CAF_CHECK_EQUAL(text_of(uut.last_price), "1");
  CAF_CHECK_EQUAL(text_of(uut.mark_price), "-");
}

// What such a change would have brought is not known.
CAF_TEST(nothing is kept of a ticker after a change that cannot be read) {
  reader read;
  read(full_ticker);
  CAF_CHECK(read(ticker_message("delta", R"(,"markPrice":{})")).problem);
  auto uut = only<ticker>(
    read(ticker_message("delta", R"(,"lastPrice":"2")")).updates);
  CAF_CHECK_EQUAL(text_of(uut.last_price), "2");
  CAF_CHECK_EQUAL(text_of(uut.mark_price), "-");
}

CAF_TEST(nothing is kept of a channel that is given up) {
  auto dialect = make_dialect("bybit");
  decode(*dialect, full_ticker);
  dialect->forget("tickers.XYUSDT");
  auto uut = only<ticker>(
    decode(*dialect, ticker_message("delta", R"(,"lastPrice":"2")")).updates);
  CAF_CHECK_EQUAL(text_of(uut.mark_price), "-");
}

CAF_TEST(any number of instruments takes no more than so much memory) {
  reader read;
  for (size_t i = 0; i < 2 * bybit_market::max_instruments; ++i) {
    auto name = "X" + std::to_string(i);
    auto text = with(full_ticker, R"("symbol":"XYUSDT")",
                     R"("symbol":")" + name + '"');
    auto told = only<ticker>(read(text).updates);
    CAF_REQUIRE_EQUAL(told.instrument.view(), name);
  }
}

CAF_TEST(tickers of options bring the best prices as quotes too) {
  auto updates = updates_of("bybit", option_ticker);
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  auto& uut = std::get<ticker>(updates[0]);
  CAF_CHECK_EQUAL(text_of(uut.bid), "5 x 2.5");
  CAF_CHECK_EQUAL(text_of(uut.ask), "-");
  CAF_CHECK_EQUAL(text_of(uut.last_price), "-");
  CAF_CHECK_EQUAL(uut.sequence, 0u);
  auto& best = std::get<quote>(updates[1]);
  CAF_CHECK_EQUAL(best.instrument.view(), "XY-27MAR26-60000-C");
  CAF_CHECK(best.bid == uut.bid);
  CAF_CHECK(best.time == uut.time);
}

CAF_TEST(tickers of spot have no best prices) {
  auto uut = only<ticker>(updates_of(
    "bybit", R"({"topic":"tickers.XYUSDT","ts":1726993724318,)"
             R"("type":"snapshot","cs":25,"data":{"symbol":"XYUSDT",)"
             R"("lastPrice":"21.5","usdIndexPrice":""}})"));
  CAF_CHECK_EQUAL(text_of(uut.last_price), "21.5");
  CAF_CHECK_EQUAL(text_of(uut.bid), "-");
  CAF_CHECK_EQUAL(text_of(uut.index_price), "-");
}

// -- channels -----------------------------------------------------------------

CAF_TEST(each wish has its topic) {
  CAF_CHECK_EQUAL(channel_for({data_kind::trades, "BTCUSDT"}),
                  "publicTrade.BTCUSDT");
  CAF_CHECK_EQUAL(channel_for({data_kind::trades, "BTC-27MAR26-60000-C"}),
                  "publicTrade.BTC");
  CAF_CHECK_EQUAL(channel_for({data_kind::trades, "BTC-27MAR26"}),
                  "publicTrade.BTC-27MAR26");
  CAF_CHECK_EQUAL(channel_for({data_kind::quotes, "BTCUSDT"}),
                  "orderbook.1.BTCUSDT");
  CAF_CHECK_EQUAL(channel_for({data_kind::quotes, "BTC-27MAR26-60000-P-USDT"}),
                  "tickers.BTC-27MAR26-60000-P-USDT");
  CAF_CHECK_EQUAL(channel_for({data_kind::ticker, "SOLUSDT_SOL/USDT"}),
                  "tickers.SOLUSDT_SOL/USDT");
  CAF_CHECK_EQUAL(channel_for({data_kind::instruments, "BTCUSDT"}),
                  "not_supported: Bybit tells the terms of instruments over "
                  "REST only");
  CAF_CHECK_EQUAL(channel_for({data_kind::trades, ""}),
                  "not_supported: Bybit wants the instruments by name");
}

CAF_TEST(a book is as deep as it needs to be) {
  auto depth_of = [](const char* instrument, uint32_t depth) {
    auto name = channel_for({data_kind::book, instrument, depth});
    return name.substr(10, name.find('.', 10) - 10);
  };
  CAF_CHECK_EQUAL(depth_of("BTCUSDT", 1), "50");
  CAF_CHECK_EQUAL(depth_of("BTCUSDT", 50), "50");
  CAF_CHECK_EQUAL(depth_of("BTCUSDT", 51), "200");
  CAF_CHECK_EQUAL(depth_of("BTCUSDT", 5'000), "1000");
  CAF_CHECK_EQUAL(depth_of("BTCUSDT", 0), "1000");
  CAF_CHECK_EQUAL(depth_of("BTC-27MAR26-60000-C", 0), "100");
  CAF_CHECK_EQUAL(depth_of("BTC-27MAR26-60000-C", 20), "25");
  CAF_CHECK_EQUAL(depth_of("SOLUSDT_SOL/USDT", 0), "25");
}

// -- anything else ------------------------------------------------------------

CAF_TEST(other messages than market data are left alone) {
  for (auto text :
       {R"({"topic":"kline.5.XYUSDT","type":"snapshot","data":[{}],"ts":1})",
        R"({"topic":"order","id":"1","creationTime":1,"data":[{}]})",
        R"({"topic":"orderbook.","type":"snapshot","data":5})",
        R"({"topic":7,"data":5})", R"([1,2])", "{}"})
    CAF_CHECK(updates_of("bybit", text).empty());
}

CAF_TEST(the spelling does not matter) {
  for (auto& text : {snapshot, change, trades, full_ticker, option_ticker,
                     with(snapshot, "orderbook.50", "orderbook.1"),
                     ticker_message("delta", R"(,"markPrice":"10.7")")}) {
    check_spellings("bybit", text);
    check_nonsense("bybit", text);
  }
}

// -- malformed data -----------------------------------------------------------

CAF_TEST(the problem names the member) {
  CAF_CHECK_EQUAL(problem_of(with(trades, R"("10.50")", "{}")),
                  R"(invalid_data: "p" is not a number)");
  CAF_CHECK_EQUAL(problem_of(with(trades, R"("p":)", R"("x":)")),
                  R"(invalid_data: "p" is missing)");
  CAF_CHECK_EQUAL(problem_of(with(trades, "Sell", "Lend")),
                  R"(invalid_data: "S" is neither Buy nor Sell)");
  CAF_CHECK_EQUAL(problem_of(with(change, "delta", "gossip")),
                  R"(invalid_data: "type" is neither snapshot nor delta)");
  CAF_CHECK_EQUAL(problem_of(with(change, R"("u":901)", R"("u":-1)")),
                  R"(invalid_data: "u" is not an unsigned integer)");
  CAF_CHECK_EQUAL(problem_of(with(change, R"("data")", R"("date")")),
                  R"(invalid_data: "data" is missing)");
  CAF_CHECK_EQUAL(problem_of(with(full_ticker, "symbol", "cymbal")),
                  R"(invalid_data: "symbol" is missing)");
  CAF_CHECK_EQUAL(problem_of(with(change, "1726993724318", "-1")),
                  R"(invalid_data: "ts" is not an unsigned integer)");
}

CAF_TEST(members that are needed cannot be missing) {
  for (auto member : {R"("s")", R"("b")", R"("a")", R"("u")", R"("type")"})
    CAF_CHECK(decode("bybit", with(change, member, R"("x")")).problem);
  for (auto bids : {"{}", "null", R"([["1"]])", "[[]]", "[5]", R"([["1",{}]])"})
    CAF_CHECK(
      decode("bybit", with(change, R"([["10.50","0"]])", bids)).problem);
  for (auto data : {"[]", "null", "5", R"("{}")", "{}"})
    CAF_CHECK(decode("bybit", book("orderbook.50.X", "delta", data)).problem);
}

CAF_TEST(damaged messages are decoded or refused and nothing else) {
  std::mt19937_64 rng{choose_seed()};
  reader read;
  std::vector<std::string> texts{snapshot, change, trades, full_ticker,
                                 option_ticker};
  for (int i = 0; i < 50'000; ++i) {
    auto text = texts[rng() % texts.size()];
    for (auto n = rng() % 4; n > 0; --n)
      text[rng() % text.size()] = R"({}[]":,\ 1e.-x)"[rng() % 14];
    auto code = read(text).problem.code;
    CAF_REQUIRE(code == ec::none || code == ec::invalid_json
                || code == ec::invalid_data);
  }
}

// -- real messages ------------------------------------------------------------

CAF_TEST(real messages are decoded) {
  reader read;
  auto decoded = [&](const char* name) {
    auto text = sample(name);
    if (text.empty())
      return decoded_message{};
    auto result = read(text);
    CAF_CHECK(!result.problem);
    CAF_CHECK_EQUAL(result.updates.size(), 1u);
    return result;
  };
  if (auto x = decoded("bybit/orderbook_snapshot.json"); !x.updates.empty()) {
    auto uut = only<quote>(x.updates);
    CAF_CHECK_EQUAL(text_of(uut.bid), "27450 x 0.5");
    CAF_CHECK_EQUAL(text_of(uut.ask), "27451 x 0.75");
    CAF_CHECK_EQUAL(uut.sequence, 987654321u);
  }
  if (auto x = decoded("bybit/orderbook_delta.json"); !x.updates.empty()) {
    auto uut = only<quote>(x.updates);
    CAF_CHECK_EQUAL(text_of(uut.bid), "27450 x 0.4");
    CAF_CHECK_EQUAL(text_of(uut.ask), "-");
  }
  if (auto x = decoded("bybit/public_trade.json"); !x.updates.empty()) {
    auto uut = only<trade>(x.updates);
    CAF_CHECK_EQUAL(to_string(uut.price), "27451");
    CAF_CHECK(uut.direction == trade_direction::buy);
  }
  if (auto x = decoded("bybit/ticker_linear.json"); !x.updates.empty()) {
    auto uut = only<ticker>(x.updates);
    CAF_CHECK_EQUAL(text_of(uut.mark_price), "17217.33");
    CAF_CHECK_EQUAL(text_of(uut.bid), "17215.5 x 84.489");
    CAF_CHECK_EQUAL(text_of(uut.funding_rate), "-0.000212");
    CAF_CHECK_EQUAL(uut.sequence, 24987956059u);
  }
}
