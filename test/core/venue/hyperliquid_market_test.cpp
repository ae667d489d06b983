// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE hyperliquid_market

#include "zenws/venue/hyperliquid/hyperliquid_market.hpp"

#include "market_check.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

const std::string book_text
  = R"({"channel":"l2Book","data":{"coin":"xyz:GOLD","time":1790000000123,)"
    R"("levels":[[{"px":"2310.50","sz":"1.25","n":3},)"
    R"({"px":"2310.0","sz":"40.0","n":7}],)"
    R"([{"px":"2310.75","sz":"0.004","n":1}]]}})";

const std::string trades_text
  = R"({"channel":"trades","data":[{"coin":"@107","side":"A","px":"0.0031",)"
    R"("sz":"250.5","time":1790000000456,"hash":"0xab","tid":731523098127,)"
    R"("users":["0x1","0x2"]},{"coin":"@107","side":"B","px":"0.0032",)"
    R"("sz":"7","time":1790000000457,"hash":"0xac","tid":12,)"
    R"("users":["0x1","0x3"]}]})";

const std::string quote_text
  = R"({"channel":"bbo","data":{"coin":"kPEPE","time":1790000000789,)"
    R"("bbo":[{"px":"0.0044","sz":"2000.0","n":36},)"
    R"({"px":"0.0045","sz":"3000.0","n":18}]}})";

const std::string ticker_text
  = R"({"channel":"activeAssetCtx","data":{"coin":"SOL","ctx":{)"
    R"("funding":"-0.0000125","openInterest":"36585.25","prevDayPx":"150.0",)"
    R"("dayNtlVlm":"4161029539.6949653625","premium":"-0.0006413454",)"
    R"("oraclePx":"151.2","markPx":"151.1","midPx":"151.05",)"
    R"("impactPxs":["151.0","151.1"],"dayBaseVlm":"49116.08533"}}})";

const std::string spot_ticker_text
  = R"({"channel":"activeSpotAssetCtx","data":{"coin":"PURR/USDC","ctx":{)"
    R"("prevDayPx":"0.15","dayNtlVlm":"10.5","markPx":"0.16","midPx":null,)"
    R"("circulatingSupply":"596449455.7842600346","coin":"PURR/USDC"}}})";

std::string trade_with(std::string_view name, std::string_view value) {
  struct member {
    std::string_view name;
    std::string_view value;
  };
  std::string data;
  for (const auto& [n, v] :
       {member{"coin", R"("BTC")"}, member{"side", R"("B")"},
        member{"px", R"("61000.5")"}, member{"sz", R"("0.25")"},
        member{"time", "1790000000456"}, member{"tid", "9"}}) {
    auto text = n == name ? value : v;
    if (!text.empty())
      data += (data.empty() ? "\"" : ",\"") + std::string{n}
              + "\":" + std::string{text};
  }
  return R"({"channel":"trades","data":[{)" + data + "}]}";
}

std::string problem_of(const std::string& text) {
  return to_string(decode("hyperliquid", text).problem);
}

update_list answer_to(const market_query& question, std::string_view instrument,
                      std::string_view text) {
  update_list result;
  hyperliquid_market uut;
  if (auto bad = uut.read_answer(question, instrument, text, result))
    CAF_FAIL(to_string(bad));
  return result;
}

} // namespace

// -- books --------------------------------------------------------------------

CAF_TEST(each book is whole and keeps the digits of the venue) {
  auto updates = updates_of("hyperliquid", book_text);
  auto book = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(book.instrument.view(), "xyz:GOLD");
  CAF_CHECK(book.time.time_since_epoch() == 1'790'000'000'123ms);
  CAF_CHECK_EQUAL(book.sequence, 0u);
  CAF_CHECK(!book.previous && !book.checksum);
  CAF_REQUIRE_EQUAL(book.levels.size(), 3u);
  CAF_CHECK((book.levels[0]
             == level_change{book_side::bid, level_action::set, 2, 2,
                             number("2310.5"), number("1.25")}));
  CAF_CHECK((book.levels[1]
             == level_change{book_side::bid, level_action::set, 1, 1,
                             number("2310"), number("40")}));
  CAF_CHECK((book.levels[2]
             == level_change{book_side::ask, level_action::set, 2, 3,
                             number("2310.75"), number("0.004")}));
}

CAF_TEST(a delisted coin has an empty book) {
  auto updates = updates_of("hyperliquid",
                            R"({"channel":"l2Book","data":{"coin":"OLD",)"
                            R"("time":1790000000123,"levels":[[],[]]}})");
  CAF_CHECK(only<book_snapshot>(updates).levels.empty());
}

CAF_TEST(a book without two sides is no book) {
  auto with = [](const std::string& members) {
    return problem_of(R"({"channel":"l2Book","data":{)" + members + "}}");
  };
  CAF_CHECK_NOT_EQUAL(with(R"("coin":"X","levels":[[]])"), "none");
  CAF_CHECK_NOT_EQUAL(with(R"("coin":"X","levels":[])"), "none");
  CAF_CHECK_NOT_EQUAL(with(R"("coin":"X","levels":null)"), "none");
  CAF_CHECK_NOT_EQUAL(with(R"("coin":"X")"), "none");
  CAF_CHECK_NOT_EQUAL(with(R"("levels":[[],[]])"), "none");
  CAF_CHECK_NOT_EQUAL(with(R"("coin":"X","levels":[[{"px":"1"}],[]])"), "none");
  CAF_CHECK_NOT_EQUAL(with(R"("coin":"X","levels":[[],[{"sz":"1"}]])"), "none");
}

// -- trades -------------------------------------------------------------------

CAF_TEST(trades come in lists and name the side that took) {
  auto updates = updates_of("hyperliquid", trades_text);
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  auto& first = std::get<trade>(updates[0]);
  CAF_CHECK_EQUAL(first.instrument.view(), "@107");
  CAF_CHECK(first.time.time_since_epoch() == 1'790'000'000'456ms);
  CAF_CHECK_EQUAL(first.sequence, 731523098127u);
  CAF_CHECK_EQUAL(first.price, number("0.0031"));
  CAF_CHECK_EQUAL(first.amount, number("250.5"));
  CAF_CHECK(first.direction == trade_direction::sell);
  CAF_CHECK(first.kind == trade_kind::regular);
  CAF_CHECK(!first.is_late);
  CAF_CHECK(std::get<trade>(updates[1]).direction == trade_direction::buy);
}

CAF_TEST(the first trades of a subscription are from before it) {
  auto venue = make_dialect("hyperliquid");
  venue->connected();
  auto late = [&](const std::string& text) {
    auto result = decode(*venue, text);
    CAF_REQUIRE(!result.updates.empty());
    return std::get<trade>(result.updates[0]).is_late;
  };
  CAF_CHECK(!late(trades_text)); // nothing was asked for
  venue->read(R"({"channel":"subscriptionResponse","data":{)"
              R"("method":"subscribe","subscription":{"type":"trades",)"
              R"("coin":"@107"}}})");
  CAF_CHECK(!late(trade_with("", "")));
  CAF_CHECK(late(trades_text));
  CAF_CHECK(!late(trades_text));
}

CAF_TEST(whoever sees no acknowledgement knows the first trades as well) {
  auto venue = make_dialect("hyperliquid");
  subscription_request request;
  request.channels = {{.name = "trades:@107"}};
  CAF_REQUIRE(venue->subscription(request, 1));
  auto late = [&] {
    auto result = decode(*venue, trades_text);
    CAF_REQUIRE(!result.updates.empty());
    return std::get<trade>(result.updates[0]).is_late;
  };
  CAF_CHECK(late());
  CAF_CHECK(!late());
}

CAF_TEST(trades that lack something are refused) {
  CAF_CHECK_EQUAL(problem_of(trade_with("", "")), "none");
  for (auto name : {"coin", "side", "px", "sz"})
    CAF_CHECK_NOT_EQUAL(problem_of(trade_with(name, "")), "none");
  CAF_CHECK_NOT_EQUAL(problem_of(trade_with("side", R"("C")")), "none");
  CAF_CHECK_NOT_EQUAL(problem_of(trade_with("side", R"("b")")), "none");
  CAF_CHECK_NOT_EQUAL(problem_of(trade_with("px", R"("1,5")")), "none");
  CAF_CHECK_NOT_EQUAL(problem_of(trade_with("tid", "-9")), "none");
  CAF_CHECK_NOT_EQUAL(problem_of(trade_with("time", "-17")), "none");
  auto free = updates_of("hyperliquid", trade_with("px", R"("0")"));
  CAF_CHECK(only<trade>(free).price.is_zero());
  auto below = updates_of("hyperliquid", trade_with("px", "-1.5"));
  CAF_CHECK_EQUAL(only<trade>(below).price, number("-1.5"));
}

// -- quotes and tickers -------------------------------------------------------

CAF_TEST(a side without orders is null in a quote) {
  auto both = only<quote>(updates_of("hyperliquid", quote_text));
  CAF_CHECK_EQUAL(both.instrument.view(), "kPEPE");
  CAF_CHECK((both.bid == price_level{number("0.0044"), number("2000")}));
  CAF_CHECK((both.ask == price_level{number("0.0045"), number("3000")}));
  auto none = only<quote>(updates_of("hyperliquid",
                                     R"({"channel":"bbo","data":{"coin":"X",)"
                                     R"("time":1790000000789,"bbo":[null,)"
                                     R"({"px":"2","sz":"0","n":0}]}})"));
  CAF_CHECK(!none.bid && !none.ask);
  CAF_CHECK_NOT_EQUAL(
    problem_of(R"({"channel":"bbo","data":{"coin":"X","bbo":[null]}})"),
    "none");
}

CAF_TEST(a ticker has the figures of the asset) {
  auto x = only<ticker>(updates_of("hyperliquid", ticker_text));
  CAF_CHECK_EQUAL(x.instrument.view(), "SOL");
  CAF_CHECK(x.mark_price == number("151.1"));
  CAF_CHECK(x.index_price == number("151.2"));
  CAF_CHECK(x.funding_rate == number("-0.0000125"));
  CAF_CHECK(x.open_interest == number("36585.25"));
  CAF_CHECK(!x.last_price && !x.bid && !x.ask);
}

CAF_TEST(a ticker of the spot market has neither funding nor interest) {
  auto x = only<ticker>(updates_of("hyperliquid", spot_ticker_text));
  CAF_CHECK_EQUAL(x.instrument.view(), "PURR/USDC");
  CAF_CHECK(x.mark_price == number("0.16"));
  CAF_CHECK(!x.index_price && !x.funding_rate && !x.open_interest);
}

// -- any message --------------------------------------------------------------

CAF_TEST(messages may be written in other ways) {
  for (auto& text :
       {book_text, trades_text, quote_text, ticker_text, spot_ticker_text}) {
    check_spellings("hyperliquid", text);
    check_nonsense("hyperliquid", text);
  }
}

CAF_TEST(messages without a type of zenws bring nothing) {
  for (auto text : {R"({"channel":"allMids","data":{"mids":{"BTC":"1"}}})",
                    R"({"channel":"candle","data":{"s":"BTC","i":"1m"}})",
                    R"({"channel":"orderUpdates","data":[]})",
                    R"({"channel":7,"data":[]})", R"({"data":[]})", "[]", "7"})
    CAF_CHECK_EQUAL(updates_of("hyperliquid", text).size(), 0u);
}

CAF_TEST(messages of the real venue can be read) {
  auto data = sample("hyperliquid/book_data.json");
  if (data.empty())
    return;
  auto text = R"({"channel":"l2Book","data":)" + data + '}';
  auto updates = updates_of("hyperliquid", text);
  auto book = only<book_snapshot>(updates);
  CAF_CHECK_EQUAL(book.instrument.view(), "BTC");
  CAF_REQUIRE_EQUAL(book.levels.size(), 10u);
  CAF_CHECK_EQUAL(book.levels[4].price, number("98447.5"));
  CAF_CHECK(book.levels[5].side == book_side::ask);
  CAF_CHECK_EQUAL(book.levels[9].amount, number("2.8"));
  CAF_CHECK_EQUAL(static_cast<int>(book.levels[9].price_places), 2);
  check_spellings("hyperliquid", text);
  auto mids = sample("hyperliquid/allmids.json");
  CAF_CHECK_EQUAL(updates_of("hyperliquid", mids).size(), 0u);
}

// -- channels -----------------------------------------------------------------

CAF_TEST(each wish has its channel) {
  hyperliquid_market uut;
  auto channel = [&](const market_wish& wish) {
    auto result = uut.channels(wish);
    CAF_REQUIRE(result);
    CAF_REQUIRE_EQUAL(result->size(), 1u);
    auto venue = make_dialect("hyperliquid");
    CAF_CHECK(!venue->check(result->front()));
    return result->front().name + ' ' + result->front().arguments;
  };
  using enum data_kind;
  CAF_CHECK_EQUAL(channel({trades, "BTC"}), "trades:BTC ");
  CAF_CHECK_EQUAL(channel({quotes, "@107"}), "bbo:@107 ");
  CAF_CHECK_EQUAL(channel({ticker, "xyz:GOLD"}), "activeAssetCtx:xyz:GOLD ");
  CAF_CHECK_EQUAL(channel({book, "PURR/USDC"}), "l2Book:PURR/USDC ");
  CAF_CHECK_EQUAL(channel({book, "BTC", 6, market_pace::fastest}),
                  "l2Book:BTC ");
  auto fast = R"(l2Book:BTC:fast {"type":"l2Book","coin":"BTC","fast":true})";
  CAF_CHECK_EQUAL(channel({book, "BTC", 5}), fast);
  CAF_CHECK_EQUAL(channel({book, "BTC", 0, market_pace::fastest}), fast);
  CAF_CHECK(!uut.channels({trades, ""}));
  CAF_CHECK(!uut.channels({instruments, "BTC"}));
  CAF_CHECK((uut.rules_of_books({}) == book_rules{}));
  CAF_CHECK(uut.numbering_of_trades() == trade_numbering::none);
  CAF_CHECK(!uut.ask_book({book, "BTC"}));
  CAF_CHECK(!uut.ask_trades({}));
}

// -- instruments --------------------------------------------------------------

CAF_TEST(the name of an instrument tells where to ask) {
  hyperliquid_market uut;
  auto question = [&](const std::string& name) {
    auto result = uut.ask_instruments({data_kind::instruments, name});
    return result ? result->method + ' ' + result->params : "none";
  };
  CAF_CHECK_EQUAL(question(""), R"(info {"type":"meta"})");
  CAF_CHECK_EQUAL(question("BTC"), R"(info {"type":"meta"})");
  CAF_CHECK_EQUAL(question("xyz:GOLD"), R"(info {"type":"meta","dex":"xyz"})");
  CAF_CHECK_EQUAL(question("@107"), R"(info {"type":"spotMeta"})");
  CAF_CHECK_EQUAL(question("PURR/USDC"), R"(info {"type":"spotMeta"})");
  CAF_CHECK_EQUAL(question("#120"), "none");
}

CAF_TEST(perpetuals are listed with the step of their amounts) {
  market_query question{"info", R"({"type":"meta"})"};
  auto text = R"({"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40},)"
              R"({"name":"OLD","szDecimals":0,"isDelisted":true}],)"
              R"("marginTables":[],"collateralToken":0})";
  auto all = answer_to(question, "", text);
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  auto& btc = std::get<instrument_state>(all[0]);
  CAF_CHECK_EQUAL(btc.instrument.view(), "BTC");
  CAF_CHECK(btc.kind == instrument_kind::perpetual);
  CAF_CHECK(btc.state == trading_state::open);
  CAF_CHECK(btc.unit == amount_unit::base);
  CAF_CHECK(btc.lot == number("0.00001"));
  CAF_CHECK(!btc.tick);
  CAF_CHECK_EQUAL(btc.base.view(), "BTC");
  CAF_CHECK_EQUAL(btc.settlement.view(), "USDC");
  auto old = only<instrument_state>(answer_to(question, "OLD", text));
  CAF_CHECK(old.state == trading_state::closed);
  CAF_CHECK(old.lot == number("1"));
  CAF_CHECK_EQUAL(answer_to(question, "NOPE", text).size(), 0u);
}

CAF_TEST(pairs of the spot market name their tokens by number) {
  market_query question{"info", R"({"type":"spotMeta"})"};
  auto text = R"({"universe":[{"tokens":[9,0],"name":"@3","index":3}],)"
              R"("tokens":[{"name":"USDC","szDecimals":8,"index":0},)"
              R"({"name":"CAT","szDecimals":2,"index":9,"evmContract":null}]})";
  auto pair = only<instrument_state>(answer_to(question, "@3", text));
  CAF_CHECK(pair.kind == instrument_kind::spot);
  CAF_CHECK_EQUAL(pair.base.view(), "CAT");
  CAF_CHECK_EQUAL(pair.quote.view(), "USDC");
  CAF_CHECK(pair.lot == number("0.01"));
  CAF_CHECK(pair.state == trading_state::unknown);
}

CAF_TEST(lists of instruments that make no sense are refused) {
  hyperliquid_market uut;
  auto problem = [&](const char* question, const char* text) {
    update_list out;
    return to_string(uut.read_answer({"info", question}, "", text, out));
  };
  for (auto text :
       {"", "null", "[]", "{}", R"({"universe":null})",
        R"({"universe":[{"name":"X"}]})", R"({"universe":[{"szDecimals":1}]})",
        R"({"universe":[{"name":"X","szDecimals":99}]})",
        R"({"universe":[{"name":"X","szDecimals":-1}]})",
        R"({"universe":[{"name":"X","szDecimals":1,"isDelisted":"no"}]})"})
    CAF_CHECK_NOT_EQUAL(problem(R"({"type":"meta"})", text), "none");
  for (auto text :
       {"{}", R"({"universe":[]})", R"({"tokens":[{"index":0}],"universe":[]})",
        R"({"tokens":[],"universe":[{"name":"X"}]})",
        R"({"tokens":[],"universe":[{"name":"X","tokens":[1,0]}]})"})
    CAF_CHECK_NOT_EQUAL(problem(R"({"type":"spotMeta"})", text), "none");
}
