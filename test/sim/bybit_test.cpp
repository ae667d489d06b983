// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit

#include "sim_client.hpp"

#include "zenws/sim/bybit/bybit_session.hpp"
#include "zenws/sim/net/signature.hpp"

#include "support/unit_test.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto linear_path = "/v5/public/linear";
constexpr auto spot_path = "/v5/public/spot";
constexpr auto private_path = "/v5/private";

std::string request(const std::string& op, const std::string& args,
                    const std::string& id = "7") {
  return R"({"req_id":")" + id + R"(","op":")" + op + R"(","args":[)" + args
         + "]}";
}

std::string login(int64_t expires, const std::string& secret = "demo-secret",
                  const std::string& key = "demo") {
  auto sign = sim::to_hex(
    sim::hmac_sha256(secret, "GET/realtime" + std::to_string(expires)));
  return request("auth", '"' + key + "\"," + std::to_string(expires) + ",\""
                           + sign + '"');
}

struct fixture {
  static json_text handle(sim::bybit_session& uut, std::string_view text) {
    return json_text{uut.handle(text, {{}, 1'700'000'000'000ms}).answer};
  }

  sim::bybit_session make_session(sim::bybit_product where) {
    return {cfg, where, 3,
            [](std::string_view x) { return x.starts_with("BTC"); }};
  }

  /// Returns the next message of a topic.
  static json_text next(sim_client& from, std::string_view topic) {
    auto result = from.await(
      [topic](const json_text& x) { return x.str("/topic") == topic; });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  void start(sim::bybit_config rules) {
    server = start_server({.tick = 1ms, .bybit = rules});
  }

  sim::server_config cfg;
  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

/// Applies the levels of one side of a book.
void apply(const json_text& message, const std::string& side,
           std::map<double, std::string>& to) {
  for (size_t i = 0; i < message.size("/data/" + side); ++i) {
    auto level = "/data/" + side + '/' + std::to_string(i);
    auto price = std::stod(message.str(level + "/0"));
    auto amount = message.str(level + "/1");
    if (amount == "0")
      to.erase(price);
    else
      to[price] = amount;
  }
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(bybit_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(a request is granted or refused as a whole) {
  auto uut = make_session(sim::bybit_product::linear);
  auto got = handle(uut, request("subscribe",
                                 R"("publicTrade.BTCUSDT","tickers.BTCUSDT")"));
  CAF_CHECK(got.find("/success")->GetBool());
  CAF_CHECK_EQUAL(got.str("/req_id"), "7");
  CAF_CHECK_EQUAL(got.str("/op"), "subscribe");
  CAF_CHECK_EQUAL(got.str("/conn_id"), "conn-3");
  auto refused_by = [&](const std::string& args) {
    auto answer = handle(uut, request("subscribe", args));
    CAF_CHECK(!answer.find("/success")->GetBool());
    return answer.str("/ret_msg");
  };
  CAF_CHECK_EQUAL(refused_by(R"("orderbook.50.BTCUSDT","tickers.NO")"),
                  "error:handler not found,topic:tickers.NO");
  CAF_CHECK_EQUAL(refused_by(R"("orderbook.500.BTCUSDT")"),
                  "error:handler not found,topic:orderbook.500.BTCUSDT");
  CAF_CHECK_EQUAL(refused_by(R"("tickers.BTCUSDT","orderbook.50.BTCUSDT")"),
                  "error:already subscribed,topic:tickers.BTCUSDT");
  CAF_CHECK_EQUAL(refused_by("7"), "Params Error");
  CAF_CHECK_EQUAL(uut.topics().size(), 2u);
  auto outcome = uut.handle(request("unsubscribe", R"("tickers.BTCUSDT")"), {});
  CAF_CHECK_EQUAL(outcome.unsubscribed.size(), 1u);
  CAF_CHECK_EQUAL(uut.topics().size(), 1u);
}

CAF_TEST(spot takes ten topics a request) {
  auto uut = make_session(sim::bybit_product::spot);
  std::string args;
  for (int i = 0; i < 11; ++i)
    args += (i > 0 ? ",\"tickers.BTC" : "\"tickers.BTC") + std::to_string(i)
            + '"';
  CAF_CHECK_EQUAL(handle(uut, request("subscribe", args)).str("/ret_msg"),
                  "args size >10");
  auto linear = make_session(sim::bybit_product::linear);
  CAF_CHECK(
    handle(linear, request("subscribe", args)).find("/success")->GetBool());
  CAF_CHECK_EQUAL(
    handle(uut, request("subscribe", R"("tickers.NO")")).str("/ret_msg"),
    "Invalid symbol :[tickers.NO]");
}

CAF_TEST(the topics of a connection have a limit) {
  cfg.bybit.max_args_bytes = 40;
  auto uut = make_session(sim::bybit_product::linear);
  auto ask = [&](const std::string& op, const std::string& topic) {
    return handle(uut, request(op, '"' + topic + '"')).str("/ret_msg");
  };
  CAF_CHECK_EQUAL(ask("subscribe", "tickers.BTCUSDT"), "");
  CAF_CHECK_EQUAL(ask("subscribe", "orderbook.50.BTCUSDT"), "");
  CAF_CHECK_EQUAL(ask("subscribe", "publicTrade.BTCUSDT"), "args size >40");
  CAF_CHECK_EQUAL(ask("unsubscribe", "orderbook.50.BTCUSDT"), "");
  CAF_CHECK_EQUAL(ask("subscribe", "publicTrade.BTCUSDT"), "");
}

CAF_TEST(nonsense is answered with an error) {
  auto uut = make_session(sim::bybit_product::linear);
  for (auto text :
       {"", "{", "[]", "{}", R"({"op":7})", R"({"op":"fly"})",
        R"({"op":"auth","args":[]})", R"({"op":"subscribe"})",
        R"({"op":"subscribe","args":{}})", R"({"op":"subscribe","args":[]})",
        R"({"op":"unsubscribe","args":[7]})"})
    CAF_CHECK(!handle(uut, text).find("/success")->GetBool());
  auto pong = handle(uut, R"({"op":"ping"})");
  CAF_CHECK_EQUAL(pong.str("/ret_msg"), "pong");
  CAF_CHECK_EQUAL(pong.str("/op"), "ping");
}

CAF_TEST(private topics need a login that has not expired) {
  auto uut = make_session(sim::bybit_product::private_data);
  auto subscribe = request("subscribe", R"("order")");
  CAF_CHECK_EQUAL(handle(uut, subscribe).str("/ret_msg"),
                  "Request not authorized");
  auto words = [&](const std::string& text) {
    auto answer = handle(uut, text);
    return answer.str("/ret_msg") + answer.str("/retMsg");
  };
  constexpr int64_t now = 1'700'000'000'000;
  CAF_CHECK_EQUAL(words(login(now)), "Params Error");
  CAF_CHECK_EQUAL(words(request("auth", R"("demo","soon","x")")),
                  "Params Error");
  auto bad_key = handle(uut, login(now + 1, "demo-secret", "who"));
  CAF_CHECK_EQUAL(bad_key.num("/retCode"), 10003);
  CAF_CHECK_EQUAL(handle(uut, login(now + 1, "wrong")).num("/retCode"), 10004);
  CAF_CHECK_EQUAL(uut.account(), "");
  CAF_CHECK_EQUAL(words(login(now + 1)), "");
  CAF_CHECK_EQUAL(uut.account(), "demo");
  CAF_CHECK_EQUAL(words(subscribe), "");
  auto pong = handle(uut, R"({"op":"ping","req_id":"1"})");
  CAF_CHECK_EQUAL(pong.str("/op"), "pong");
  CAF_CHECK_EQUAL(pong.str("/args/0"), "1700000000000");
}

CAF_TEST(a fault has the words of the venue) {
  auto uut = make_session(sim::bybit_product::linear);
  json_text got{uut.failure(request("subscribe", R"("x")"), {})};
  CAF_CHECK_EQUAL(got.str("/ret_msg"), "Service is restarting");
  CAF_CHECK_EQUAL(got.str("/req_id"), "7");
  json_text refused{
    uut.failure(request("auth", R"("x")"), {.code = "10004", .message = "m"})};
  CAF_CHECK_EQUAL(refused.num("/retCode"), 10004);
}

// -- market data --------------------------------------------------------------

CAF_TEST(changes of a book have consecutive numbers) {
  sim_client uut{*server, linear_path};
  uut.send(request("subscribe", R"("orderbook.50.BTCUSDT")"));
  auto first = next(uut, "orderbook.50.BTCUSDT");
  CAF_CHECK_EQUAL(first.str("/type"), "snapshot");
  CAF_CHECK_EQUAL(first.str("/data/s"), "BTCUSDT");
  std::map<double, std::string> bids;
  std::map<double, std::string> asks;
  auto last = first.num("/data/u");
  apply(first, "b", bids);
  apply(first, "a", asks);
  for (int i = 0; i < 50; ++i) {
    auto change = next(uut, "orderbook.50.BTCUSDT");
    CAF_CHECK_EQUAL(change.str("/type"), "delta");
    CAF_CHECK_EQUAL(change.num("/data/u"), ++last);
    apply(change, "b", bids);
    apply(change, "a", asks);
    CAF_REQUIRE(!bids.empty() && !asks.empty());
    CAF_CHECK_LESS(bids.rbegin()->first, asks.begin()->first);
  }
  server->apply(sim::fault_gap{2});
  CAF_CHECK(uut.await([&](const json_text& x) {
    auto is_gap = x.num("/data/u") != last + 1;
    last = x.num("/data/u");
    return is_gap;
  }));
}

CAF_TEST(the best prices come as snapshots) {
  sim_client uut{*server, linear_path};
  uut.send(request("subscribe", R"("orderbook.1.ETHUSDT")"));
  int64_t last = 0;
  for (int i = 0; i < 10; ++i) {
    auto message = next(uut, "orderbook.1.ETHUSDT");
    CAF_CHECK_EQUAL(message.str("/type"), "snapshot");
    CAF_CHECK_EQUAL(message.size("/data/b"), 1u);
    CAF_CHECK_EQUAL(message.size("/data/a"), 1u);
    CAF_CHECK_LESS(last, message.num("/data/u"));
    last = message.num("/data/u");
  }
}

CAF_TEST(trades and tickers have the members of the venue) {
  sim_client uut{*server, linear_path};
  uut.send(request("subscribe", R"("publicTrade.BTCUSDT","tickers.BTCUSDT")"));
  auto trade = next(uut, "publicTrade.BTCUSDT");
  CAF_CHECK_EQUAL(trade.str("/data/0/s"), "BTCUSDT");
  CAF_CHECK(trade.str("/data/0/S") == "Buy"
            || trade.str("/data/0/S") == "Sell");
  CAF_CHECK_EQUAL(trade.str("/data/0/i").size(), 36u);
  auto ticker = next(uut, "tickers.BTCUSDT");
  CAF_CHECK_EQUAL(ticker.str("/type"), "snapshot");
  CAF_CHECK(ticker.has("/data/bid1Price"));
  CAF_CHECK(ticker.has("/data/fundingRate"));
  ticker = next(uut, "tickers.BTCUSDT");
  CAF_CHECK_EQUAL(ticker.str("/type"), "delta");
  CAF_CHECK_EQUAL(ticker.str("/data/symbol"), "BTCUSDT");
  CAF_CHECK(!ticker.has("/data/fundingRate"));
}

CAF_TEST(tickers of spot are snapshots without best prices) {
  sim_client uut{*server, spot_path};
  uut.send(request("subscribe", R"("tickers.BTCUSDT")"));
  for (int i = 0; i < 3; ++i) {
    auto ticker = next(uut, "tickers.BTCUSDT");
    CAF_CHECK_EQUAL(ticker.str("/type"), "snapshot");
    CAF_CHECK(ticker.has("/data/lastPrice"));
    CAF_CHECK(!ticker.has("/data/bid1Price"));
  }
}

// -- connections --------------------------------------------------------------

CAF_TEST(a connection without pings and data is cut) {
  start({.idle_timeout = 100ms});
  sim_client idle{*server, private_path};
  CAF_CHECK_EQUAL(idle.end(), 0);
  sim_client uut{*server, "/bybit"};
  uut.send(request("subscribe", R"("publicTrade.BTCUSDT")"));
  for (auto end = std::chrono::steady_clock::now() + 300ms;
       std::chrono::steady_clock::now() < end;)
    CAF_REQUIRE(uut.receive());
}

CAF_TEST(a topic that is silenced or revoked brings nothing) {
  sim_client uut{*server, linear_path};
  uut.send(request("subscribe", R"("publicTrade.BTCUSDT")"));
  next(uut, "publicTrade.BTCUSDT");
  server->apply(sim::fault_revoke{.channel = "publicTrade.BTCUSDT"});
  uut.send(R"({"op":"ping","req_id":"1"})");
  CAF_CHECK(
    uut.await([](const json_text& x) { return x.str("/req_id") == "1"; }));
  uut.forget();
  uut.send(request("subscribe", R"("publicTrade.BTCUSDT")", "2"));
  auto answer = uut.receive();
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(answer->str("/req_id"), "2");
  CAF_CHECK(answer->find("/success")->GetBool());
}

CAF_TEST_FIXTURE_SCOPE_END()
