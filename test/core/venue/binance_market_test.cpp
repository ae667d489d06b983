// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_binance

#include "zenws/venue/binance/binance_market.hpp"
#include "zenws/market/venue_numbers.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

std::string stream(std::string_view name, std::string_view data) {
  return R"({"stream":")" + std::string{name} + R"(","data":)"
         + std::string{data} + '}';
}

constexpr std::string_view spot_depth
  = R"({"e":"depthUpdate","E":1633998512068,"s":"ABCUSDT","U":499869750,)"
    R"("u":499869752,"b":[["0.35130000","6195.00000000"],["0.35","0.000"]],)"
    R"("a":[["200000000000.5","1"]]})";

constexpr std::string_view futures_depth
  = R"({"e":"depthUpdate","E":1626916403873,"T":1626916403864,)"
    R"("s":"ABCUSD_PERP","ps":"ABCUSD","U":4465,"u":4895,"pu":4238,)"
    R"("b":[["427.27","0"]],"a":[]})";

constexpr std::string_view spot_book_ticker
  = R"({"u":499869768,"s":"ABCUSDT","b":"0.3521","B":"672.0",)"
    R"("a":"0.3526","A":"3199.0"})";

struct fixture {
  update uut;

  error decode(std::string_view text) {
    auto scanned = scan(text, layouts::binance);
    if (!scanned)
      return scanned.error();
    return binance::decode(*scanned, uut);
  }

  content kind_of(std::string_view text) {
    if (auto problem = decode(text))
      CAF_FAIL(to_string(problem) << ": " << text);
    return uut.kind;
  }
};

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_binance_tests, fixture)

// -- books --------------------------------------------------------------------

CAF_TEST(a change of a spot book sets levels) {
  CAF_REQUIRE(kind_of(stream("abcusdt@depth@100ms", spot_depth))
              == content::book);
  const auto& book = uut.book;
  CAF_CHECK_EQUAL(book.instrument.view(), "ABCUSDT");
  CAF_CHECK(book.time.time_since_epoch() == 1'633'998'512'068ms);
  CAF_CHECK(book.kind == update_kind::change);
  CAF_CHECK_EQUAL(book.first_change_id, 499869750u);
  CAF_CHECK_EQUAL(book.change_id, 499869752u);
  CAF_CHECK(book.prev_change_id == std::nullopt);
  CAF_REQUIRE_EQUAL(book.levels.size(), 3u);
  CAF_CHECK(book.levels[0].side == book_side::bid);
  CAF_CHECK(book.levels[0].action == level_action::set);
  CAF_CHECK_EQUAL(book.levels[0].price, number("0.3513"));
  CAF_CHECK_EQUAL(book.levels[0].amount, number("6195"));
  CAF_CHECK(book.levels[1].amount.is_zero());
  CAF_CHECK(book.levels[2].side == book_side::ask);
  CAF_CHECK_EQUAL(book.levels[2].price, number("200000000000.5"));
}

CAF_TEST(a change of a futures book names its predecessor) {
  kind_of(stream("abcusd_perp@depth@100ms", futures_depth));
  CAF_CHECK(uut.book.prev_change_id == 4'238u);
  CAF_CHECK(uut.book.time.time_since_epoch() == 1'626'916'403'864ms);
}

CAF_TEST(a partial book is a snapshot) {
  CAF_REQUIRE(
    kind_of(stream("abcusdt@depth5@100ms",
                   R"({"lastUpdateId":160,"bids":[["0.1","2"]],"asks":[]})"))
    == content::book);
  CAF_CHECK(uut.book.kind == update_kind::snapshot);
  CAF_CHECK_EQUAL(uut.book.instrument.view(), "ABCUSDT");
  CAF_CHECK_EQUAL(uut.book.change_id, 160u);
  CAF_CHECK_EQUAL(uut.book.first_change_id, 160u);
  CAF_CHECK(uut.book.time == venue_time{});
  kind_of(stream("abcusd_perp@depth10", futures_depth));
  CAF_CHECK(uut.book.kind == update_kind::snapshot);
  CAF_CHECK_EQUAL(uut.book.instrument.view(), "ABCUSD_PERP");
}

// -- trades -------------------------------------------------------------------

CAF_TEST(a trade has the side of its taker) {
  CAF_REQUIRE(
    kind_of(stream("abcusdt@trade",
                   R"({"e":"trade","E":2000,"s":"ABCUSDT","t":12345,)"
                   R"("p":"0.001","q":"100","T":1999,"m":true,"M":true})"))
    == content::trades);
  CAF_REQUIRE_EQUAL(uut.trades.size(), 1u);
  CAF_CHECK_EQUAL(uut.trades[0].instrument.view(), "ABCUSDT");
  CAF_CHECK_EQUAL(uut.trades[0].sequence, 12'345u);
  CAF_CHECK(uut.trades[0].direction == trade_direction::sell);
  CAF_CHECK_EQUAL(uut.trades[0].price, number("0.001"));
  CAF_CHECK_EQUAL(uut.trades[0].amount, number("100"));
  CAF_CHECK(uut.trades[0].time.time_since_epoch() == 1'999ms);
}

CAF_TEST(an aggregate trade is numbered by aggregates) {
  kind_of(stream("abcusdt@aggTrade",
                 R"({"e":"aggTrade","T":1999,"E":2000,"s":"ABCUSDT","a":77,)"
                 R"("p":"0.001","q":"100","f":100,"l":105,"m":false})"));
  CAF_REQUIRE_EQUAL(uut.trades.size(), 1u);
  CAF_CHECK_EQUAL(uut.trades[0].sequence, 77u);
  CAF_CHECK(uut.trades[0].direction == trade_direction::buy);
  CAF_CHECK(uut.trades[0].time.time_since_epoch() == 1'999ms);
}

CAF_TEST(a number without a trade is no trade and still counts) {
  constexpr std::string_view start
    = R"({"e":"trade","E":1756220468099,"T":1756220468099,"s":"BTCUSDT",)"
      R"("t":6587981240,"m":true,)";
  for (auto rest : {R"("p":"0","q":"0","X":"NA"})", R"("p":"0","q":"0"})",
                    R"("p":"0.00","q":"1","X":"MARKET"})",
                    R"("p":"1","q":"0"})", R"("p":"1","q":"1","X":"NA"})"}) {
    CAF_REQUIRE(kind_of(stream("btcusdt@trade", std::string{start} + rest))
                == content::trades);
    CAF_CHECK(uut.trades.empty());
    CAF_CHECK_EQUAL(uut.placeholders.size(), 1u);
    auto numbers = numbers_of(uut);
    CAF_REQUIRE_EQUAL(numbers.size(), 1u);
    CAF_CHECK_EQUAL(numbers[0].last, 6587981240u);
    CAF_CHECK(numbers[0].instrument == "BTCUSDT");
  }
  kind_of(stream("btcusdt@trade", std::string{start} + R"("p":"1","q":"2"})"));
  CAF_CHECK(uut.placeholders.empty());
}

CAF_TEST(trades have their cause) {
  auto kind_of_trade = [this](std::string_view origin) {
    kind_of(R"({"e":"trade","E":1,"s":"X","t":1,"p":"1","q":"1","m":true,)"
            R"("X":")"
            + std::string{origin} + R"("})");
    return std::string{to_string(uut.trades.at(0).kind)};
  };
  CAF_CHECK_EQUAL(kind_of_trade("MARKET"), "regular");
  CAF_CHECK_EQUAL(kind_of_trade("INSURANCE_FUND"), "insurance_fund");
  CAF_CHECK_EQUAL(kind_of_trade("ANYTHING"), "other");
}

CAF_TEST(symbols mean the same however they are escaped) {
  const std::string symbol = "\u5e01\u5b89\u4eba\u751f";
  const std::string escaped = R"(\u5e01\u5b89\u4eba\u751f)";
  for (auto& in_stream : {symbol, escaped})
    for (auto& in_data : {symbol, escaped}) {
      auto data = R"({"e":"trade","E":1768200000000,"s":")" + in_data
                  + R"(USDT","t":1,"p":"0.1234","q":"10","m":false})";
      CAF_REQUIRE(kind_of(stream(in_stream + "usdt@trade", data))
                  == content::trades);
      CAF_CHECK(uut.trades.at(0).instrument == symbol + "USDT");
      kind_of(stream(in_stream + "usdt@depth5",
                     R"({"lastUpdateId":1,"bids":[],"asks":[]})"));
      CAF_CHECK(uut.book.instrument == symbol + "USDT");
    }
}

// -- tickers ------------------------------------------------------------------

CAF_TEST(a book ticker tells best prices and the change they include) {
  for (auto name : {"abcusdt@bookTicker", "!bookTicker"}) {
    CAF_REQUIRE(kind_of(stream(name, spot_book_ticker)) == content::ticker);
    CAF_CHECK_EQUAL(uut.ticker.instrument.view(), "ABCUSDT");
    CAF_CHECK_EQUAL(uut.ticker.change_id, 499869768u);
    CAF_CHECK(uut.ticker.best_bid == number("0.3521"));
    CAF_CHECK(uut.ticker.best_bid_amount == number("672"));
    CAF_CHECK(uut.ticker.best_ask == number("0.3526"));
    CAF_CHECK(uut.ticker.best_ask_amount == number("3199"));
    CAF_CHECK(uut.ticker.time == venue_time{});
  }
}

CAF_TEST(a ticker of 24 hours tells the last price) {
  kind_of(stream("abcusdt@ticker",
                 R"({"e":"24hrTicker","E":2000,"s":"ABCUSDT","c":"0.0025",)"
                 R"("b":"0.0024","B":"10","a":"0.0000","A":"0","n":18151})"));
  CAF_CHECK(uut.ticker.last_price == number("0.0025"));
  CAF_CHECK(uut.ticker.best_bid == number("0.0024"));
  CAF_CHECK(uut.ticker.best_ask == std::nullopt);
}

// -- streams ------------------------------------------------------------------

CAF_TEST(single streams say the same without an envelope) {
  CAF_CHECK(kind_of(spot_depth) == content::book);
  CAF_CHECK_EQUAL(uut.book.levels.size(), 3u);
  CAF_CHECK(kind_of(futures_depth) == content::book);
  CAF_CHECK(kind_of(spot_book_ticker) == content::ticker);
  CAF_CHECK(kind_of(R"({"e":"aggTrade","E":2000,"s":"X","a":77,"p":"0.001",)"
                    R"("q":"100","T":1999,"m":false})")
            == content::trades);
}

CAF_TEST(a time may come in microseconds) {
  kind_of(R"({"e":"trade","E":1,"s":"X","t":1,"p":"1","q":"1",)"
          R"("T":1633998512068123,"m":true})");
  CAF_CHECK(uut.trades[0].time.time_since_epoch() == 1'633'998'512'068'123us);
}

CAF_TEST(other messages than market data are left alone) {
  for (std::string_view text :
       {R"({"result":null,"id":3})", R"({"error":{"code":2,"msg":"x"},"id":3})",
        R"({"stream":"x@kline_1m","data":{"e":"kline"}})",
        R"({"stream":"x@depthOfWater","data":{}})",
        R"({"stream":"!miniTicker@arr","data":[{}]})",
        R"({"e":"serverShutdown","E":1770123456789})",
        R"({"lastUpdateId":160,"bids":[],"asks":[]})", "{}", "[]"})
    CAF_CHECK(kind_of(text) == content::none);
}

// -- malformed data -----------------------------------------------------------

CAF_TEST(members that are needed and missing are refused) {
  auto missing = [this](std::string_view name, std::string_view data) {
    return to_string(decode(stream(name, data)));
  };
  CAF_CHECK_EQUAL(missing("x@depth", R"({"s":"X","u":1,"b":[],"a":[]})"),
                  R"(invalid_data: "U" is missing)");
  CAF_CHECK_EQUAL(missing("x@depth", R"({"U":1,"u":1,"b":[],"a":[]})"),
                  R"(invalid_data: "s" is missing)");
  CAF_CHECK_EQUAL(missing("x@depth", R"({"s":"X","U":1,"u":1,"b":[]})"),
                  R"(invalid_data: "a" is missing)");
  CAF_CHECK_EQUAL(missing("x@trade", R"({"s":"X","p":"1","q":"1","m":true})"),
                  R"(invalid_data: "t" is missing)");
  CAF_CHECK_EQUAL(missing("x@bookTicker", R"({"u":1})"),
                  R"(invalid_data: "s" is missing)");
}

CAF_TEST(members of a wrong type are refused) {
  for (auto text :
       {R"({"stream":"x@depth"})", R"({"stream":"x@depth","data":[]})",
        R"({"stream":"x@bookTicker","data":{"s":"X","b":"abc"}})",
        R"({"stream":"x@bookTicker","data":{"s":7}})",
        R"({"stream":"x@bookTicker","data":{"s":"X","u":"7"}})",
        R"({"stream":"x@trade","data":{"m":"true"}})",
        R"({"stream":"x@depth","data":{"b":[["1"]]}})",
        R"({"stream":"x@depth","data":{"E":"now"}})"})
    CAF_CHECK(decode(text).code == ec::invalid_data);
  auto nobody = std::string(100, 'x') + "@depth5";
  CAF_CHECK(
    decode(stream(nobody, R"({"lastUpdateId":1,"bids":[],"asks":[]})")).code
    == ec::invalid_data);
}

CAF_TEST(damaged messages are decoded or refused and nothing else) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 50'000; ++i) {
    auto text = i % 2 == 0 ? stream("x@depth", spot_depth)
                           : std::string{futures_depth};
    for (auto n = rng() % 4; n > 0; --n)
      text[rng() % text.size()] = R"({}[]":,\ 1e.-x)"[rng() % 14];
    auto code = decode(text).code;
    CAF_REQUIRE(code == ec::none || code == ec::invalid_json
                || code == ec::invalid_data);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
