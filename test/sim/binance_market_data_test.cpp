// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_market_data

#include "sim_client.hpp"

#include "zenws/sim/binance/binance_market_data.hpp"

#include "support/unit_test.hpp"

#include <map>
#include <string>
#include <variant>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture {
  fixture() {
    for (uint64_t id = 1; id <= 50; ++id)
      history.add("BTC-PERPETUAL",
                  {{id, sim::aggressor::seller, 120'000, 3, 0}, now});
  }

  json_text ask(std::string_view method, const std::string& params) const {
    rapidjson::Document doc;
    sim::parse_json(params, doc);
    auto outcome = uut.answer(method, doc, now);
    auto* result = std::get_if<std::string>(&outcome);
    if (result == nullptr)
      CAF_FAIL(std::get<sim::binance_refusal>(outcome).message);
    return json_text{*result};
  }

  int64_t refusal_of(std::string_view method, const std::string& params) const {
    rapidjson::Document doc;
    sim::parse_json(params, doc);
    auto outcome = uut.answer(method, doc, now);
    auto* refusal = std::get_if<sim::binance_refusal>(&outcome);
    return refusal != nullptr ? refusal->code : 0;
  }

  static size_t weight_of(std::string_view method, const std::string& params) {
    rapidjson::Document doc;
    sim::parse_json(params, doc);
    return sim::binance_market_data::weight_of(method, doc).value_or(0);
  }

  std::chrono::milliseconds now{1'700'000'000'000};
  sim::market exchange{7, {"BTC-PERPETUAL", "ETH-PERPETUAL"}};
  sim::trade_history history;
  sim::binance_market_data uut{exchange, history};
};

/// A book that is kept as the venue demands.
struct local_book {
  std::map<double, double> bids;
  std::map<double, double> asks;
  int64_t last = 0;

  explicit local_book(const json_text& snapshot) {
    last = snapshot.num("/result/lastUpdateId");
    set(bids, *snapshot.find("/result/bids"));
    set(asks, *snapshot.find("/result/asks"));
  }

  static void set(std::map<double, double>& side,
                  const rapidjson::Value& levels) {
    for (auto& x : levels.GetArray()) {
      auto price = std::stod(x[0].GetString());
      auto amount = std::stod(x[1].GetString());
      if (amount == 0)
        side.erase(price);
      else
        side[price] = amount;
    }
  }

  /// Returns false if there is a gap.
  bool apply(const json_text& change) {
    if (change.num("/u") <= last)
      return true;
    if (change.num("/U") > last + 1)
      return false;
    set(bids, *change.find("/b"));
    set(asks, *change.find("/a"));
    last = change.num("/u");
    return true;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_market_data_tests, fixture)

// -- books --------------------------------------------------------------------

CAF_TEST(a book is told as deep as it is asked for) {
  auto whole = ask("depth", R"({"symbol":"BTCUSDT"})");
  CAF_CHECK(whole.num("/lastUpdateId") > 0);
  CAF_CHECK(whole.size("/bids") > 5);
  auto some = ask("depth", R"({"symbol":"BTCUSDT","limit":5})");
  CAF_CHECK_EQUAL(some.size("/bids"), 5u);
  CAF_CHECK_EQUAL(some.size("/asks"), 5u);
  CAF_CHECK_EQUAL(some.str("/bids/0/0"), whole.str("/bids/0/0"));
  CAF_CHECK(std::stod(some.str("/bids/0/0"))
            > std::stod(some.str("/bids/1/0")));
  CAF_CHECK(std::stod(some.str("/bids/0/0"))
            < std::stod(some.str("/asks/0/0")));
}

CAF_TEST(requests weigh what the venue says) {
  CAF_CHECK_EQUAL(weight_of("depth", "{}"), 5u);
  CAF_CHECK_EQUAL(weight_of("depth", R"({"limit":500})"), 25u);
  CAF_CHECK_EQUAL(weight_of("depth", R"({"limit":1000})"), 50u);
  CAF_CHECK_EQUAL(weight_of("depth", R"({"limit":5000})"), 250u);
  CAF_CHECK_EQUAL(weight_of("trades.historical", "{}"), 25u);
  CAF_CHECK_EQUAL(weight_of("trades.aggregate", "{}"), 4u);
  CAF_CHECK_EQUAL(weight_of("exchangeInfo", "{}"), 20u);
  CAF_CHECK_EQUAL(weight_of("order.place", "{}"), 0u);
}

// -- trades -------------------------------------------------------------------

CAF_TEST(trades are told from a number on) {
  auto got = ask("trades.historical",
                 R"({"symbol":"BTCUSDT","fromId":10,"limit":3})");
  CAF_REQUIRE_EQUAL(got.size(""), 3u);
  CAF_CHECK_EQUAL(got.num("/0/id"), 10);
  CAF_CHECK_EQUAL(got.num("/2/id"), 12);
  CAF_CHECK_EQUAL(got.str("/0/price"), "60000.00000000");
  CAF_CHECK_EQUAL(got.str("/0/qty"), "30.00000000");
  CAF_CHECK_EQUAL(got.num("/0/time"), now.count());
  CAF_CHECK(got.find("/0/isBuyerMaker")->GetBool());
  auto aggregates = ask("trades.aggregate",
                        R"({"symbol":"BTCUSDT","fromId":"49"})");
  CAF_REQUIRE_EQUAL(aggregates.size(""), 2u);
  CAF_CHECK_EQUAL(aggregates.num("/0/a"), 49);
  CAF_CHECK_EQUAL(aggregates.num("/0/f"), aggregates.num("/0/l"));
  CAF_CHECK_EQUAL(
    ask("trades.historical", R"({"symbol":"BTCUSDT","fromId":51})").text(),
    "[]");
}

CAF_TEST(the latest trades are told to those who name no number) {
  for (auto method :
       {"trades.recent", "trades.historical", "trades.aggregate"}) {
    auto got = ask(method, R"({"symbol":"BTCUSDT","limit":2})");
    CAF_REQUIRE_EQUAL(got.size(""), 2u);
    auto name = std::string{method} == "trades.aggregate" ? "/1/a" : "/1/id";
    CAF_CHECK_EQUAL(got.num(name), 50);
  }
  CAF_CHECK_EQUAL(ask("trades.recent", R"({"symbol":"ETHUSDT"})").text(), "[]");
}

CAF_TEST(a history of trades is bounded) {
  auto most = sim::trade_history::max_trades;
  sim::trade_history many;
  for (uint64_t id = 1; id <= most + 5; ++id)
    many.add("X", {{id, sim::aggressor::buyer, 1, 1, 0}, now});
  CAF_CHECK_EQUAL(many.latest("X", most * 2).size(), most);
  auto oldest = many.since("X", 0, 1);
  CAF_REQUIRE_EQUAL(oldest.size(), 1u);
  CAF_CHECK_EQUAL(oldest[0].trade.sequence, 6u);
  CAF_CHECK(many.latest("Y", 10).empty());
}

// -- instruments --------------------------------------------------------------

CAF_TEST(instruments are told with their filters) {
  auto one = ask("exchangeInfo", R"({"symbol":"BTCUSDT"})");
  CAF_REQUIRE_EQUAL(one.size("/symbols"), 1u);
  CAF_CHECK_EQUAL(one.num("/serverTime"), now.count());
  CAF_CHECK_EQUAL(one.str("/symbols/0/symbol"), "BTCUSDT");
  CAF_CHECK_EQUAL(one.str("/symbols/0/status"), "TRADING");
  CAF_CHECK_EQUAL(one.str("/symbols/0/baseAsset"), "BTC");
  CAF_CHECK_EQUAL(one.str("/symbols/0/quoteAsset"), "USDT");
  CAF_CHECK_EQUAL(one.str("/symbols/0/filters/0/tickSize"), "0.50000000");
  CAF_CHECK_EQUAL(one.str("/symbols/0/filters/1/stepSize"), "10.00000000");
  CAF_CHECK_EQUAL(ask("exchangeInfo", "{}").size("/symbols"), 2u);
  auto some = ask("exchangeInfo", R"({"symbols":["ETHUSDT"]})");
  CAF_CHECK_EQUAL(some.str("/symbols/0/symbol"), "ETHUSDT");
}

CAF_TEST(requests that make no sense are refused) {
  CAF_CHECK_EQUAL(refusal_of("depth", "{}"), -1102);
  CAF_CHECK_EQUAL(refusal_of("depth", R"({"symbol":"btcusdt"})"), -1121);
  CAF_CHECK_EQUAL(refusal_of("trades.historical", R"({"symbol":"X"})"), -1121);
  for (auto limit : {"0", "-1", "1.5", "true", R"("many")"})
    CAF_CHECK_EQUAL(refusal_of("depth", R"({"symbol":"BTCUSDT","limit":)"
                                          + std::string{limit} + '}'),
                    -1130);
  CAF_CHECK_EQUAL(refusal_of("trades.aggregate",
                             R"({"symbol":"BTCUSDT","fromId":-1})"),
                  -1130);
  CAF_CHECK_EQUAL(refusal_of("exchangeInfo", R"({"symbol":"X"})"), -1121);
  CAF_CHECK_EQUAL(refusal_of("exchangeInfo", R"({"symbols":[1]})"), -1130);
  CAF_CHECK_EQUAL(refusal_of("exchangeInfo", R"({"symbol":"X","symbols":[]})"),
                  -1128);
}

// -- connections --------------------------------------------------------------

CAF_TEST(a book is built from a snapshot and the changes of a stream) {
  auto server = start_server({.tick = 1ms});
  sim_client stream{*server, "/ws/btcusdt@depth@100ms"};
  sim_client api{*server, "/ws-api/v3"};
  CAF_REQUIRE(stream.receive());
  auto ask_book = [&] {
    return api.ask(R"({"id":1,"method":"depth",)"
                   R"("params":{"symbol":"BTCUSDT","limit":1000}})");
  };
  local_book book{ask_book()};
  CAF_REQUIRE(!book.bids.empty());
  for (int i = 0; i < 30; ++i)
    CAF_REQUIRE(book.apply(*stream.receive()));
  local_book expected{ask_book()};
  while (book.last < expected.last)
    CAF_REQUIRE(book.apply(*stream.receive()));
  CAF_CHECK_EQUAL(book.last, expected.last);
  CAF_CHECK(book.bids == expected.bids);
  CAF_CHECK(book.asks == expected.asks);
}

CAF_TEST(trades that were missed can be asked for) {
  auto server = start_server({.tick = 1ms});
  sim_client stream{*server, "/ws/btcusdt@trade"};
  sim_client api{*server, "/ws-api/v3"};
  auto first = stream.receive();
  while (first->num("/t") < 3)
    first = stream.receive();
  auto second = stream.receive();
  CAF_CHECK_EQUAL(second->num("/t"), first->num("/t") + 1);
  auto got = api.ask(R"({"id":1,"method":"trades.historical","params":)"
                     R"({"symbol":"BTCUSDT","fromId":)"
                     + std::to_string(first->num("/t")) + R"(,"limit":2}})");
  CAF_REQUIRE_EQUAL(got.size("/result"), 2u);
  CAF_CHECK_EQUAL(got.num("/result/0/id"), first->num("/t"));
  CAF_CHECK_EQUAL(got.str("/result/0/price"), first->str("/p"));
  CAF_CHECK_EQUAL(got.str("/result/1/qty"), second->str("/q"));
}

CAF_TEST(streams show partial books and aggregate trades and tickers) {
  auto server = start_server({.tick = 1ms});
  auto first_of = [&](const std::string& name) {
    sim_client client{*server, "/stream?streams=btcusdt@" + name};
    return *client.receive();
  };
  auto book = first_of("depth5@100ms");
  CAF_CHECK(book.num("/data/lastUpdateId") > 0);
  CAF_CHECK_EQUAL(book.size("/data/bids"), 5u);
  CAF_CHECK_EQUAL(first_of("depth20").str("/stream"), "btcusdt@depth20");
  CAF_CHECK_EQUAL(first_of("aggTrade").str("/data/e"), "aggTrade");
  CAF_CHECK_EQUAL(first_of("ticker").str("/data/e"), "24hrTicker");
}

CAF_TEST(books weigh more than other requests) {
  auto server
    = start_server({.tick = 1ms, .binance = {.max_request_weight = 60}});
  sim_client api{*server, "/ws-api/v3"};
  auto ask_book = [&] {
    return api
      .ask(R"({"id":1,"method":"depth",)"
           R"("params":{"symbol":"BTCUSDT","limit":1000}})")
      .num("/status");
  };
  CAF_CHECK_EQUAL(ask_book(), 200);
  CAF_CHECK_EQUAL(ask_book(), 429);
  CAF_CHECK_EQUAL(api.ask(R"({"id":2,"method":"ping"})").num("/status"), 200);
}

CAF_TEST_FIXTURE_SCOPE_END()
