// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_market

#include "zenws/market/order_book.hpp"
#include "zenws/market/venue_numbers.hpp"
#include "zenws/venue/binance/binance_market.hpp"

#include "market_check.hpp"
#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <map>
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
    R"("s":"ABCUSD_PERP","ps":"ABCUSD","st":1,"U":4465,"u":4895,"pu":4238,)"
    R"("b":[["427.27","0"]],"a":[]})";

constexpr std::string_view partial_depth
  = R"({"lastUpdateId":160,"bids":[["0.10","2"]],"asks":[["0.11","3"]]})";

constexpr std::string_view spot_trade
  = R"({"e":"trade","E":2000,"s":"ABCUSDT","t":12345,"p":"0.001","q":"100",)"
    R"("b":88,"a":50,"T":1999,"m":true,"M":true})";

constexpr std::string_view aggregate_trade
  = R"({"e":"aggTrade","T":1999,"E":2000,"s":"ABCUSDT","a":77,"p":"0.001",)"
    R"("q":"100","f":100,"l":105,"m":false})";

constexpr std::string_view spot_book_ticker
  = R"({"u":499869768,"s":"ABCUSDT","b":"0.3521","B":"672.0",)"
    R"("a":"0.3526","A":"3199.0"})";

constexpr std::string_view spot_ticker
  = R"({"e":"24hrTicker","E":2000,"s":"ABCUSDT","p":"-1.5","c":"0.0025",)"
    R"("Q":"7","b":"0.0024","B":"10","a":"0.0000","A":"0","C":5,"n":18151})";

constexpr std::string_view futures_ticker
  = R"({"e":"24hrTicker","E":3000,"s":"ABCUSDT","c":"1.25","n":3})";

constexpr std::string_view mark_price
  = R"({"e":"markPriceUpdate","E":4000,"s":"ABCUSDT","p":"1.24","P":"9.9",)"
    R"("i":"1.23","r":"-0.0001","T":9000})";

constexpr std::string_view exchange_info
  = R"({"timezone":"UTC","symbols":[{"symbol":"ABCUSDT","status":"TRADING",)"
    R"("baseAsset":"ABC","quoteAsset":"USDT","baseAssetPrecision":8,)"
    R"("filters":[{"filterType":"PRICE_FILTER","minPrice":"0.00010000",)"
    R"("maxPrice":"10.0","tickSize":"0.00010000"},)"
    R"({"minQty":"2.0","maxQty":"9","stepSize":"0.50","filterType":"LOT_SIZE"},)"
    R"({"filterType":"MARKET_LOT_SIZE","minQty":"7","stepSize":"7"}],)"
    R"("permissionSets":[]},{"symbol":"XYZBTC","status":"CANCEL_ONLY",)"
    R"("baseAsset":"XYZ","quoteAsset":"BTC","filters":[)"
    R"({"filterType":"PRICE_FILTER","tickSize":"0.00000000"}]}],)"
    R"("serverTime":1655969291181})";

constexpr std::string_view old_trades
  = R"([{"id":31,"price":"0.5","qty":"2.0","quoteQty":"1.0",)"
    R"("time":1660009530807,"isBuyerMaker":true,"isBestMatch":true},)"
    R"({"id":32,"price":"0.6","qty":"1","time":1660009530808,)"
    R"("isBuyerMaker":false}])";

update_list decoded(std::string_view text) {
  return updates_of("binance", text);
}

template <class T>
T only_update(std::string_view text) {
  return only<T>(decoded(text));
}

std::string problem_of(std::string_view text) {
  return to_string(decode("binance", text).problem);
}

bool is_nothing(std::string_view text) {
  return decoded(text).empty();
}

struct fixture {
  binance_market uut;
  update_list answered;

  error read_answer(std::string_view method, std::string_view result,
                    std::string_view instrument = "ABCUSDT") {
    answered.clear();
    return uut.read_answer({.method = std::string{method}}, instrument, result,
                           answered);
  }

  std::vector<std::string> channels(const market_wish& wish) {
    std::vector<std::string> result;
    for (auto& x : uut.channels(wish).value())
      result.push_back(x.name);
    return result;
  }

  std::vector<std::string> book_channels(uint32_t depth) {
    return channels(
      {.kind = data_kind::book, .instrument = "ABCUSDT", .depth = depth});
  }
};

using names = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_market_tests, fixture)

// -- books --------------------------------------------------------------------

CAF_TEST(a change of a spot book sets levels) {
  auto updates = decoded(stream("abcusdt@depth@100ms", spot_depth));
  auto book = only<book_change>(updates);
  CAF_CHECK_EQUAL(book.instrument.view(), "ABCUSDT");
  CAF_CHECK(book.time.time_since_epoch() == 1'633'998'512'068ms);
  CAF_CHECK_EQUAL(book.first_sequence, 499869750u);
  CAF_CHECK_EQUAL(book.sequence, 499869752u);
  CAF_CHECK(book.previous == std::nullopt);
  CAF_REQUIRE_EQUAL(book.levels.size(), 3u);
  CAF_CHECK(book.levels[0].side == book_side::bid);
  CAF_CHECK(book.levels[0].action == level_action::set);
  CAF_CHECK_EQUAL(book.levels[0].price, number("0.3513"));
  CAF_CHECK_EQUAL(book.levels[0].price_places, 8u);
  CAF_CHECK_EQUAL(book.levels[0].amount, number("6195"));
  CAF_CHECK(book.levels[1].amount.is_zero());
  CAF_CHECK_EQUAL(book.levels[1].amount_places, 3u);
  CAF_CHECK(book.levels[2].side == book_side::ask);
  CAF_CHECK_EQUAL(book.levels[2].price, number("200000000000.5"));
}

CAF_TEST(a change of a futures book names its predecessor) {
  auto updates = decoded(stream("abcusd_perp@depth@100ms", futures_depth));
  auto book = only<book_change>(updates);
  CAF_CHECK(book.previous == 4'238u);
  CAF_CHECK_EQUAL(book.first_sequence, 4'465u);
  CAF_CHECK(book.time.time_since_epoch() == 1'626'916'403'864ms);
}

CAF_TEST(a partial book is a snapshot) {
  auto updates = decoded(stream("abcusdt@depth5@100ms", partial_depth));
  auto book = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(book.instrument.view(), "ABCUSDT");
  CAF_CHECK_EQUAL(book.sequence, 160u);
  CAF_CHECK_EQUAL(book.first_sequence, 160u);
  CAF_CHECK(book.time == venue_time{});
  CAF_REQUIRE_EQUAL(book.levels.size(), 2u);
  CAF_CHECK_EQUAL(book.levels[0].price_places, 2u);
  auto others = decoded(stream("abcusd_perp@depth10", futures_depth));
  book = only<book_snapshot>(others);
  CAF_CHECK_EQUAL(book.instrument.view(), "ABCUSD_PERP");
  CAF_CHECK_EQUAL(book.first_sequence, 4'895u);
  CAF_CHECK(book.previous == std::nullopt);
}

CAF_TEST(books of both markets are judged by the numbers of their changes) {
  auto rules = uut.rules_of_books({.kind = data_kind::book});
  CAF_CHECK(rules.numbering == sequence_rule::ranges);
  CAF_CHECK(rules.ask_for_snapshot);
  CAF_CHECK(uut.rules_of_books({.kind = data_kind::book, .depth = 20})
            == book_rules{});
}

// -- trades -------------------------------------------------------------------

CAF_TEST(a trade has the side of its taker) {
  auto x = only_update<trade>(stream("abcusdt@trade", spot_trade));
  CAF_CHECK_EQUAL(x.instrument.view(), "ABCUSDT");
  CAF_CHECK_EQUAL(x.sequence, 12'345u);
  CAF_CHECK(x.direction == trade_direction::sell);
  CAF_CHECK_EQUAL(x.price, number("0.001"));
  CAF_CHECK_EQUAL(x.amount, number("100"));
  CAF_CHECK(x.time.time_since_epoch() == 1'999ms);
  CAF_CHECK(x.kind == trade_kind::regular);
  CAF_CHECK(!x.is_late);
}

CAF_TEST(an aggregate trade is numbered by aggregates) {
  auto x = only_update<trade>(stream("abcusdt@aggTrade", aggregate_trade));
  CAF_CHECK_EQUAL(x.sequence, 77u);
  CAF_CHECK(x.direction == trade_direction::buy);
  CAF_CHECK(x.time.time_since_epoch() == 1'999ms);
  CAF_CHECK(uut.numbering_of_trades() == trade_numbering::consecutive);
}

CAF_TEST(a number without a trade is a placeholder and still counts) {
  constexpr std::string_view start
    = R"({"e":"trade","E":1756220468099,"T":1756220468099,"s":"BTCUSDT",)"
      R"("t":6587981240,"m":true,)";
  for (auto rest : {R"("p":"0","q":"0","X":"NA"})", R"("p":"0","q":"0"})",
                    R"("p":"0.00","q":"1","X":"MARKET"})",
                    R"("p":"1","q":"0"})", R"("p":"1","q":"1","X":"NA"})"}) {
    auto updates = decoded(stream("btcusdt@trade", std::string{start} + rest));
    CAF_CHECK(only<trade>(updates).kind == trade_kind::placeholder);
    auto numbers = numbers_of(updates);
    CAF_REQUIRE_EQUAL(numbers.size(), 1u);
    CAF_CHECK_EQUAL(numbers[0].last, 6587981240u);
    CAF_CHECK(numbers[0].instrument == "BTCUSDT");
  }
  auto real = only_update<trade>(
    stream("btcusdt@trade", std::string{start} + R"("p":"1","q":"2"})"));
  CAF_CHECK(real.kind == trade_kind::regular);
}

CAF_TEST(trades have their cause) {
  auto kind_of_trade = [](std::string_view origin) {
    return only_update<trade>(R"({"e":"trade","E":1,"s":"X","t":1,"p":"1",)"
                              R"("q":"1","m":true,"X":")"
                              + std::string{origin} + R"("})")
      .kind;
  };
  CAF_CHECK(kind_of_trade("MARKET") == trade_kind::regular);
  CAF_CHECK(kind_of_trade("INSURANCE_FUND") == trade_kind::insurance_fund);
  CAF_CHECK(kind_of_trade("ANYTHING") == trade_kind::other);
}

CAF_TEST(symbols mean the same however they are escaped) {
  const std::string symbol = "\u5e01\u5b89\u4eba\u751f";
  const std::string escaped = R"(\u5e01\u5b89\u4eba\u751f)";
  for (auto& in_stream : {symbol, escaped}) {
    for (auto& in_data : {symbol, escaped}) {
      auto data = R"({"e":"trade","E":1768200000000,"s":")" + in_data
                  + R"(USDT","t":1,"p":"0.1234","q":"10","m":false})";
      auto x = only_update<trade>(stream(in_stream + "usdt@trade", data));
      CAF_CHECK(x.instrument == symbol + "USDT");
    }
    auto book = only_update<book_snapshot>(
      stream(in_stream + "usdt@depth5", partial_depth));
    CAF_CHECK(book.instrument == symbol + "USDT");
  }
}

// -- quotes -------------------------------------------------------------------

CAF_TEST(a book ticker tells best prices and the change they include) {
  for (auto name : {"abcusdt@bookTicker", "!bookTicker"}) {
    auto x = only_update<quote>(stream(name, spot_book_ticker));
    CAF_CHECK_EQUAL(x.instrument.view(), "ABCUSDT");
    CAF_CHECK_EQUAL(x.sequence, 499869768u);
    CAF_CHECK(x.bid == price_level({number("0.3521"), number("672")}));
    CAF_CHECK(x.ask == price_level({number("0.3526"), number("3199")}));
    CAF_CHECK(x.time == venue_time{});
  }
}

CAF_TEST(a side without orders has no price) {
  auto with = [](std::string_view price, std::string_view amount) {
    return only_update<quote>(
      stream("x@bookTicker", R"({"u":1,"s":"X","b":"1","B":"2","a":)"
                               + std::string{price} + R"(,"A":)"
                               + std::string{amount} + "}"));
  };
  CAF_CHECK(with(R"("0.00")", R"("0.00")").ask == std::nullopt);
  CAF_CHECK(with("null", "null").ask == std::nullopt);
  CAF_CHECK(with(R"("")", R"("")").ask == std::nullopt);
  CAF_CHECK(with("null", "null").bid != std::nullopt);
}

// A quote says that a side is empty, which silence does not.
CAF_TEST(a quote with a member missing is refused) {
  for (auto& [data, member] :
       {std::pair{R"({"u":1,"s":"X","b":"1","B":"2","a":"3"})", "A"},
        std::pair{R"({"u":1,"s":"X","B":"2","a":"3","A":"1"})", "b"}})
    CAF_CHECK_EQUAL(problem_of(stream("x@bookTicker", data)),
                    "invalid_data: \"" + std::string{member} + "\" is missing");
}

// -- tickers ------------------------------------------------------------------

CAF_TEST(a ticker of 24 hours tells the last price) {
  auto x = only_update<ticker>(stream("abcusdt@ticker", spot_ticker));
  CAF_CHECK(x.last_price == number("0.0025"));
  CAF_CHECK(x.bid == price_level({number("0.0024"), number("10")}));
  CAF_CHECK(x.ask == std::nullopt);
  CAF_CHECK(x.mark_price == std::nullopt);
  CAF_CHECK(x.time.time_since_epoch() == 2s);
}

CAF_TEST(a mark price comes with the index and the funding rate) {
  for (auto name : {"abcusdt@markPrice", "abcusdt@markPrice@1s"}) {
    auto x = only_update<ticker>(stream(name, mark_price));
    CAF_CHECK(x.mark_price == number("1.24"));
    CAF_CHECK(x.index_price == number("1.23"));
    CAF_CHECK(x.funding_rate == number("-0.0001"));
    CAF_CHECK(x.last_price == std::nullopt);
    CAF_CHECK(x.time.time_since_epoch() == 4s);
  }
}

CAF_TEST(an instrument without funding has no funding rate) {
  auto x = only_update<ticker>(
    stream("abcusd_250926@markPrice",
           R"({"e":"markPriceUpdate","E":4000,"s":"ABCUSD_250926","p":"1",)"
           R"("i":"2","r":"","T":0})"));
  CAF_CHECK(x.mark_price == number("1"));
  CAF_CHECK(x.funding_rate == std::nullopt);
}

CAF_TEST(a ticker shows all figures that are known) {
  auto venue = make_dialect("binance");
  auto read = [&](std::string_view text) {
    return only<ticker>(decode(*venue, text).updates);
  };
  read(stream("abcusdt@markPrice", mark_price));
  auto x = read(stream("abcusdt@ticker", futures_ticker));
  CAF_CHECK(x.last_price == number("1.25"));
  CAF_CHECK(x.mark_price == number("1.24"));
  CAF_CHECK(x.index_price == number("1.23"));
  CAF_CHECK(x.funding_rate == number("-0.0001"));
  CAF_CHECK(x.time.time_since_epoch() == 3s);
  x = read(stream("abcusdt@markPrice", mark_price));
  CAF_CHECK(x.last_price == number("1.25"));
  auto other = read(
    stream("xyz@markPrice", R"({"e":"markPriceUpdate","s":"XYZ","p":"5"})"));
  CAF_CHECK(other.mark_price == number("5"));
  CAF_CHECK(other.last_price == std::nullopt);
  venue->connected();
  x = read(stream("abcusdt@ticker", futures_ticker));
  CAF_CHECK(x.mark_price == std::nullopt);
}

CAF_TEST(figures of a message that is refused are not kept) {
  auto venue = make_dialect("binance");
  auto broken = stream("abcusdt@markPrice", mark_price);
  broken.replace(broken.find(R"("r":"-0.0001")"), 13, R"("r":"-0.0001?)");
  CAF_CHECK(decode(*venue, broken).problem);
  auto x = only<ticker>(
    decode(*venue, stream("abcusdt@ticker", futures_ticker)).updates);
  CAF_CHECK(x.mark_price == std::nullopt);
}

CAF_TEST(the number of tickers that are kept is bounded) {
  auto venue = make_dialect("binance");
  auto read = [&](size_t id) {
    auto symbol = "X" + std::to_string(id);
    return only<ticker>(
      decode(*venue, stream("x@ticker", R"({"e":"24hrTicker","s":")" + symbol
                                          + R"(","c":"1"})"))
        .updates);
  };
  for (size_t id = 0; id < binance_market::max_tickers * 2; ++id)
    CAF_REQUIRE(read(id).last_price == number("1"));
}

CAF_TEST(tickers of all instruments come in one message) {
  auto updates = decoded(stream(
    "!markPrice@arr@1s",
    "[" + std::string{mark_price}
      + R"(,{"e":"markPriceUpdate","E":4001,"s":"XYZ","p":"2","i":"3"}])"));
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  CAF_CHECK(instrument_of(updates[0]) == "ABCUSDT");
  CAF_CHECK(std::get<ticker>(updates[1]).mark_price == number("2"));
}

// -- streams ------------------------------------------------------------------

CAF_TEST(single streams say the same without an envelope) {
  auto spot = decoded(spot_depth);
  CAF_CHECK_EQUAL(only<book_change>(spot).levels.size(), 3u);
  CAF_CHECK(only_update<book_change>(futures_depth).previous == 4'238u);
  CAF_CHECK_EQUAL(only_update<quote>(spot_book_ticker).sequence, 499869768u);
  CAF_CHECK_EQUAL(only_update<trade>(aggregate_trade).sequence, 77u);
  CAF_CHECK(only_update<ticker>(mark_price).mark_price == number("1.24"));
}

CAF_TEST(a time may come in microseconds) {
  auto x = only_update<trade>(
    R"({"e":"trade","E":1,"s":"X","t":1,"p":"1","q":"1",)"
    R"("T":1633998512068123,"m":true})");
  CAF_CHECK(x.time.time_since_epoch() == 1'633'998'512'068'123us);
}

CAF_TEST(other messages than market data are left alone) {
  for (std::string_view text :
       {R"({"result":null,"id":3})", R"({"error":{"code":2,"msg":"x"},"id":3})",
        R"({"stream":"x@kline_1m","data":{"e":"kline"}})",
        R"({"stream":"x@depthOfWater","data":{}})",
        R"({"stream":"x@ticker_1h","data":{"e":"1hTicker"}})",
        R"({"stream":"x@blockTrade","data":{"e":"blockTrade"}})",
        R"({"stream":"!miniTicker@arr","data":[{}]})",
        R"({"stream":"","data":{}})", R"({"stream":"@","data":{}})",
        R"({"e":"serverShutdown","E":1770123456789})",
        R"({"lastUpdateId":160,"bids":[],"asks":[]})", "{}", "[]"})
    CAF_CHECK(is_nothing(text));
}

CAF_TEST(channels are named as the venue wants them) {
  auto wish = [](data_kind kind) {
    return market_wish{.kind = kind, .instrument = "1000ABCUSDT"};
  };
  CAF_CHECK(channels(wish(data_kind::trades)) == names{"1000abcusdt@trade"});
  CAF_CHECK(channels(wish(data_kind::quotes))
            == names{"1000abcusdt@bookTicker"});
  CAF_CHECK(channels(wish(data_kind::ticker))
            == (names{"1000abcusdt@ticker", "1000abcusdt@markPrice@1s"}));
  CAF_CHECK(
    channels({.kind = data_kind::trades, .instrument = "\u5e01\u5b89USDT"})
    == names{"\u5e01\u5b89usdt@trade"});
  CAF_CHECK(uut.channels(wish(data_kind::instruments)).error().code
            == ec::not_supported);
  CAF_CHECK(uut.channels({.kind = data_kind::ticker}).error().code
            == ec::not_supported);
}

CAF_TEST(a book that may be small comes whole each time) {
  CAF_CHECK(book_channels(0) == names{"abcusdt@depth@100ms"});
  CAF_CHECK(book_channels(1) == names{"abcusdt@depth5@100ms"});
  CAF_CHECK(book_channels(5) == names{"abcusdt@depth5@100ms"});
  CAF_CHECK(book_channels(6) == names{"abcusdt@depth10@100ms"});
  CAF_CHECK(book_channels(20) == names{"abcusdt@depth20@100ms"});
  CAF_CHECK(book_channels(21) == names{"abcusdt@depth@100ms"});
}

// -- questions ----------------------------------------------------------------

CAF_TEST(the snapshot of a book is asked for at another address) {
  auto ask = [this](uint32_t depth) {
    return uut.ask_book(
      {.kind = data_kind::book, .instrument = "ABCUSDT", .depth = depth});
  };
  auto question = ask(0).value();
  CAF_CHECK_EQUAL(question.method, "depth");
  CAF_CHECK_EQUAL(question.params, R"({"symbol":"ABCUSDT","limit":1000})");
  CAF_CHECK(question.at_api);
  CAF_CHECK_EQUAL(ask(50).value().params, question.params);
  CAF_CHECK_EQUAL(ask(9'999).value().params,
                  R"({"symbol":"ABCUSDT","limit":5000})");
  CAF_CHECK(ask(20).error().code == ec::not_supported);
}

CAF_TEST(the answer to a question for a book is a snapshot) {
  CAF_CHECK(!read_answer("depth", partial_depth));
  auto book = only<book_snapshot>(answered);
  CAF_CHECK(book.instrument == "ABCUSDT");
  CAF_CHECK_EQUAL(book.sequence, 160u);
  CAF_REQUIRE_EQUAL(book.levels.size(), 2u);
  CAF_CHECK(book.levels[1].side == book_side::ask);
  CAF_CHECK(!read_answer("depth", R"({"lastUpdateId":9,"E":1589436922972,)"
                                  R"("T":1589436922959,"bids":[],"asks":[]})"));
  CAF_CHECK(only<book_snapshot>(answered).time.time_since_epoch()
            == 1'589'436'922'959ms);
  for (auto text : {"{}", "[]", "null", R"({"lastUpdateId":1,"bids":[]})",
                    R"({"bids":[],"asks":[]})"})
    CAF_CHECK(read_answer("depth", text).code == ec::invalid_data);
  CAF_CHECK(read_answer("depth", partial_depth, std::string(64, 'x')).code
            == ec::invalid_data);
}

CAF_TEST(missing trades are asked for by their numbers) {
  auto name = instrument_name::make("ABCUSDT").value();
  auto ask = [&](uint64_t after, uint64_t before) {
    return uut.ask_trades(
      {.instrument = name, .after = after, .before = before});
  };
  auto question = ask(30, 33).value();
  CAF_CHECK_EQUAL(question.method, "trades.historical");
  CAF_CHECK_EQUAL(question.params,
                  R"({"symbol":"ABCUSDT","fromId":31,"limit":2})");
  CAF_CHECK(question.at_api);
  CAF_CHECK_EQUAL(ask(30, 9'000).value().params,
                  R"({"symbol":"ABCUSDT","fromId":31,"limit":1000})");
  for (auto before : {0u, 30u, 31u})
    CAF_CHECK(ask(30, before).error().code == ec::not_supported);
}

CAF_TEST(missing trades are told as late ones) {
  CAF_CHECK(!read_answer("trades.historical", old_trades));
  CAF_REQUIRE_EQUAL(answered.size(), 2u);
  auto x = std::get<trade>(answered[0]);
  CAF_CHECK(x.instrument == "ABCUSDT");
  CAF_CHECK_EQUAL(x.sequence, 31u);
  CAF_CHECK(x.direction == trade_direction::sell);
  CAF_CHECK_EQUAL(x.price, number("0.5"));
  CAF_CHECK_EQUAL(x.amount, number("2"));
  CAF_CHECK(x.time.time_since_epoch() == 1'660'009'530'807ms);
  CAF_CHECK(x.is_late);
  CAF_CHECK(std::get<trade>(answered[1]).direction == trade_direction::buy);
  CAF_CHECK(!read_answer("trades.aggregate",
                         R"([{"a":5,"p":"1","q":"2","f":1,"l":2,)"
                         R"("T":1565877971222,"m":true,"M":true}])"));
  CAF_CHECK_EQUAL(only<trade>(answered).sequence, 5u);
  CAF_CHECK(!read_answer("trades.historical", "[]"));
  CAF_CHECK(answered.empty());
  for (auto text : {"{}", "[{}]", "[1]", R"([{"id":1,"price":"1"}])"})
    CAF_CHECK(read_answer("trades.historical", text).code == ec::invalid_data);
}

CAF_TEST(instruments are asked for one by one or all at once) {
  auto one = uut.ask_instruments({.instrument = "ABCUSDT"}).value();
  CAF_CHECK_EQUAL(one.method, "exchangeInfo");
  CAF_CHECK_EQUAL(one.params,
                  R"({"symbol":"ABCUSDT","showPermissionSets":false})");
  CAF_CHECK(one.at_api);
  CAF_CHECK_EQUAL(uut.ask_instruments({}).value().params,
                  R"({"showPermissionSets":false})");
}

CAF_TEST(instruments have the terms of their filters) {
  CAF_CHECK(!read_answer("exchangeInfo", exchange_info, ""));
  CAF_REQUIRE_EQUAL(answered.size(), 2u);
  auto x = std::get<instrument_state>(answered[0]);
  CAF_CHECK(x.instrument == "ABCUSDT");
  CAF_CHECK(x.state == trading_state::open);
  CAF_CHECK(x.kind == instrument_kind::spot);
  CAF_CHECK(x.unit == amount_unit::base);
  CAF_CHECK(x.base == "ABC");
  CAF_CHECK(x.quote == "USDT");
  CAF_CHECK(x.tick == number("0.0001"));
  CAF_CHECK(x.lot == number("0.5"));
  CAF_CHECK(x.min_amount == number("2"));
  CAF_CHECK(x.time.time_since_epoch() == 1'655'969'291'181ms);
  x = std::get<instrument_state>(answered[1]);
  CAF_CHECK(x.state == trading_state::halted);
  CAF_CHECK(x.tick == std::nullopt);
  CAF_CHECK(x.lot == std::nullopt);
  for (auto text : {"{}", "[]", R"({"symbols":[{}]})", R"({"symbols":{}})"})
    CAF_CHECK(read_answer("exchangeInfo", text).code == ec::invalid_data);
}

CAF_TEST(damaged answers are read or refused and nothing else) {
  std::mt19937_64 rng{choose_seed()};
  constexpr std::pair<std::string_view, std::string_view> answers[] = {
    {"depth", partial_depth},
    {"trades.historical", old_trades},
    {"exchangeInfo", exchange_info},
  };
  for (int i = 0; i < 20'000; ++i) {
    auto [method, result] = answers[rng() % std::size(answers)];
    std::string text{result};
    for (auto n = rng() % 4; n > 0; --n)
      text[rng() % text.size()] = R"({}[]":,\ 1e.-x)"[rng() % 14];
    auto code = read_answer(method, text).code;
    CAF_REQUIRE(code == ec::none || code == ec::invalid_json
                || code == ec::invalid_data);
  }
}

// -- malformed data -----------------------------------------------------------

CAF_TEST(members that are needed and missing are refused) {
  auto missing = [](std::string_view name, std::string_view data) {
    return problem_of(stream(name, data));
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
  CAF_CHECK_EQUAL(missing("x@markPrice", R"({"p":"1"})"),
                  R"(invalid_data: "s" is missing)");
}

CAF_TEST(members of a wrong type are refused) {
  for (auto text :
       {R"({"stream":"x@depth"})", R"({"stream":"x@depth","data":[]})",
        R"({"stream":"x@bookTicker","data":{"s":"X","b":"abc"}})",
        R"({"stream":"x@bookTicker","data":{"s":7}})",
        R"({"stream":"x@bookTicker","data":{"s":"X","u":"?"}})",
        R"({"stream":"x@trade","data":{"m":"true"}})",
        R"({"stream":"x@ticker","data":[{"s":"X","c":true}]})",
        R"({"stream":"x@depth","data":{"b":[["1"]]}})",
        R"({"stream":"x@depth","data":{"pu":null}})",
        R"({"stream":"x@depth","data":{"E":"now"}})"})
    CAF_CHECK(decode("binance", text).problem.code == ec::invalid_data);
  auto nobody = std::string(100, 'x') + "@depth5";
  CAF_CHECK(decode("binance", stream(nobody, partial_depth)).problem.code
            == ec::invalid_data);
}

CAF_TEST(messages mean the same however they are spelled) {
  for (auto& x : {stream("abcusdt@depth@100ms", spot_depth),
                  stream("abcusd_perp@depth@100ms", futures_depth),
                  stream("abcusdt@depth5@100ms", partial_depth),
                  stream("abcusdt@trade", spot_trade),
                  stream("abcusdt@aggTrade", aggregate_trade),
                  stream("abcusdt@bookTicker", spot_book_ticker),
                  stream("abcusdt@ticker", spot_ticker),
                  stream("abcusdt@markPrice@1s", mark_price),
                  std::string{spot_depth}, std::string{spot_trade}}) {
    check_spellings("binance", x);
    check_nonsense("binance", x);
  }
}

CAF_TEST(damaged messages are decoded or refused and nothing else) {
  std::mt19937_64 rng{choose_seed()};
  for (int i = 0; i < 50'000; ++i) {
    auto text = i % 2 == 0 ? stream("x@depth", spot_depth)
                           : std::string{futures_depth};
    for (auto n = rng() % 4; n > 0; --n)
      text[rng() % text.size()] = R"({}[]":,\ 1e.-x)"[rng() % 14];
    auto code = decode("binance", text).problem.code;
    CAF_REQUIRE(code == ec::none || code == ec::invalid_json
                || code == ec::invalid_data);
  }
}

// -- real messages ------------------------------------------------------------

CAF_TEST(documented examples are decoded) {
  auto read = [](const std::string& name) {
    auto text = sample("binance/" + name);
    return text.empty() ? update_list{} : decoded(text);
  };
  if (auto x = read("futures_agg_trade_stream.json"); !x.empty()) {
    CAF_CHECK_EQUAL(only<trade>(x).sequence, 5933014u);
    CAF_CHECK(only<trade>(x).direction == trade_direction::sell);
  }
  if (auto x = read("futures_trade_stream.json"); !x.empty())
    CAF_CHECK_EQUAL(only<trade>(x).sequence, 5933014u);
  if (auto x = read("futures_book_ticker_stream.json"); !x.empty())
    CAF_CHECK(only<quote>(x).ask
              == price_level({number("25.3652"), number("40.66")}));
  if (auto x = read("futures_depth_update_stream.json"); !x.empty())
    CAF_CHECK(only<book_change>(x).previous == 149u);
  if (auto x = read("futures_mark_price_stream.json"); !x.empty()) {
    CAF_CHECK(only<ticker>(x).mark_price == number("11794.15"));
    CAF_CHECK(only<ticker>(x).funding_rate == number("0.00038167"));
  }
  if (auto x = read("futures_ticker_stream.json"); !x.empty())
    CAF_CHECK(only<ticker>(x).last_price == number("16584.6"));
  for (auto name : {"futures_kline_stream_open", "futures_order_update_trade",
                    "futures_trade_lite", "futures_account_update",
                    "spot_execution_report_trade",
                    "spot_execution_report_wrapped", "spot_balance_update"})
    CAF_CHECK(read(std::string{name} + ".json").empty());
}

CAF_TEST(the messages of whole sessions are decoded) {
  for (auto name : {"binance.ws", "binance_futures.ws", "binance_delivery.ws"})
    for (auto& x : received_in(name))
      if (auto result = decode("binance", x); result.problem)
        CAF_FAIL(to_string(result.problem) << ": " << x);
}

// There are no snapshots in sessions of streams: an empty one stands for the
// first change.
CAF_TEST(the books of whole sessions are proven) {
  for (auto name :
       {"binance.ws", "binance_futures.ws", "binance_delivery.ws"}) {
    std::map<std::string, order_book> books;
    for (auto& text : received_in(name)) {
      auto updates = decoded(text);
      if (updates.empty())
        continue;
      auto* change = std::get_if<book_change>(&updates[0]);
      if (change == nullptr)
        continue;
      std::string symbol{change->instrument.view()};
      auto [i, is_new] = books.try_emplace(
        symbol, uut.rules_of_books({.kind = data_kind::book}));
      if (!is_new) {
        CAF_REQUIRE(i->second.apply(*change) == book_outcome::applied);
        continue;
      }
      book_snapshot begin;
      begin.instrument = change->instrument;
      begin.sequence = change->sequence;
      CAF_REQUIRE(i->second.apply(begin) == book_outcome::applied);
    }
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
