// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_api

#include "sim_client.hpp"

#include "zenws/sim/binance/binance_api.hpp"
#include "zenws/sim/net/signature.hpp"

#include "support/unit_test.hpp"

#include <map>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using parameters = std::map<std::string, std::string>;

struct fixture {
  sim::binance_api make_session() {
    return {cfg,
            orders,
            1,
            {[](std::string_view x) -> std::optional<std::string> {
               if (x == "BTCUSDT")
                 return "BTC-PERPETUAL";
               return std::nullopt;
             },
             [](std::string_view, sim::order_direction) { return 100.0; }}};
  }

  json_text call(sim::binance_api& uut, const std::string& method,
                 const std::string& params = "{}") {
    return json_text{uut
                       .handle(R"({"id":"a","method":")" + method
                                 + R"(","params":)" + params + '}',
                               now)
                       .answer};
  }

  // Calls with the parameters and their authorization.
  json_text signed_call(sim::binance_api& uut, const std::string& method,
                        parameters params,
                        const std::string& secret = "demo-secret") {
    params.emplace("apiKey", "demo");
    params.emplace("timestamp", std::to_string(now.wall.count()));
    std::string payload;
    std::string text = "{";
    for (auto& [name, value] : params) {
      payload += (payload.empty() ? "" : "&") + name + '=' + value;
      text += '"' + name + "\":";
      text += name == "timestamp" ? value : '"' + value + '"';
      text += ',';
    }
    auto signature = sim::to_hex(sim::hmac_sha256(secret, payload));
    return call(uut, method, text + R"("signature":")" + signature + R"("})");
  }

  json_text place(sim::binance_api& uut, const std::string& label) {
    return signed_call(uut, "order.place",
                       {{"symbol", "BTCUSDT"},
                        {"side", "BUY"},
                        {"type", "LIMIT"},
                        {"timeInForce", "GTC"},
                        {"price", "50000.5"},
                        {"quantity", "0.5"},
                        {"newClientOrderId", label}});
  }

  sim::moment now{{}, 1'700'000'000'000ms};
  sim::server_config cfg;
  sim::order_store orders{100};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_api_tests, fixture)

CAF_TEST(an answer has an id and a status and the limits) {
  auto uut = make_session();
  auto pong = call(uut, "ping");
  CAF_CHECK_EQUAL(pong.str("/id"), "a");
  CAF_CHECK_EQUAL(pong.num("/status"), 200);
  CAF_CHECK(pong.has("/result"));
  CAF_CHECK_EQUAL(pong.num("/rateLimits/0/limit"), 6000);
  CAF_CHECK_EQUAL(call(uut, "time").num("/result/serverTime"),
                  now.wall.count());
}

CAF_TEST(an order is placed and found and cancelled) {
  auto uut = make_session();
  auto placed = place(uut, "o1");
  CAF_CHECK_EQUAL(placed.num("/status"), 200);
  CAF_CHECK_EQUAL(placed.str("/result/status"), "NEW");
  CAF_CHECK_EQUAL(placed.str("/result/clientOrderId"), "o1");
  CAF_CHECK_EQUAL(placed.str("/result/price"), "50000.50000000");
  auto found = signed_call(
    uut, "order.status", {{"symbol", "BTCUSDT"}, {"origClientOrderId", "o1"}});
  CAF_CHECK_EQUAL(found.num("/result/orderId"), placed.num("/result/orderId"));
  auto open = signed_call(uut, "openOrders.status", {{"symbol", "BTCUSDT"}});
  CAF_CHECK_EQUAL(open.size("/result"), 1u);
  auto twice = place(uut, "o1");
  CAF_CHECK_EQUAL(twice.num("/error/code"), -2010);
  auto cancelled = signed_call(
    uut, "order.cancel", {{"symbol", "BTCUSDT"}, {"origClientOrderId", "o1"}});
  CAF_CHECK_EQUAL(cancelled.str("/result/status"), "CANCELED");
  auto unknown = signed_call(
    uut, "order.status", {{"symbol", "BTCUSDT"}, {"origClientOrderId", "o2"}});
  CAF_CHECK_EQUAL(unknown.num("/status"), 400);
  CAF_CHECK_EQUAL(unknown.num("/error/code"), -2013);
}

CAF_TEST(a request about an account is authorized in all its parts) {
  auto uut = make_session();
  auto code = [](const json_text& answer) { return answer.num("/error/code"); };
  auto nobody = call(uut, "order.place", R"({"apiKey":"nobody"})");
  CAF_CHECK_EQUAL(nobody.num("/status"), 401);
  CAF_CHECK_EQUAL(code(nobody), -2015);
  CAF_CHECK_EQUAL(code(call(uut, "order.place", R"({"apiKey":"demo"})")),
                  -1102);
  CAF_CHECK_EQUAL(code(signed_call(uut, "openOrders.status", {}, "wrong")),
                  -1022);
  CAF_CHECK_EQUAL(code(signed_call(uut, "openOrders.status",
                                   {{"timestamp", "1699999994999"}})),
                  -1021);
  CAF_CHECK(signed_call(uut, "openOrders.status", {}).has("/result"));
}

CAF_TEST(nonsense is answered with a typed error) {
  auto uut = make_session();
  auto code = [&](std::string_view text) {
    return json_text{uut.handle(text, now).answer}.num("/error/code");
  };
  for (auto text : {"", "{", "[]", "{}", R"({"method":7})",
                    R"({"id":1,"method":"ping","params":[]})"})
    CAF_CHECK_EQUAL(code(text), -1135);
  CAF_CHECK_EQUAL(code(R"({"id":1,"method":"fly"})"), -1100);
}

CAF_TEST(requests beyond the weight of a minute are told when to come back) {
  cfg.binance.max_request_weight = 1;
  auto uut = make_session();
  CAF_CHECK_EQUAL(call(uut, "ping").num("/status"), 200);
  auto refused = call(uut, "ping");
  CAF_CHECK_EQUAL(refused.num("/status"), 429);
  CAF_CHECK_EQUAL(refused.num("/error/code"), -1003);
  CAF_CHECK_EQUAL(refused.num("/error/data/retryAfter"),
                  now.wall.count() + 60'000);
  now.steady += 1min;
  CAF_CHECK_EQUAL(call(uut, "ping").num("/status"), 200);
}

CAF_TEST(a connection serves the interface) {
  auto server = start_server();
  sim_client uut{*server, "/ws-api/v3"};
  auto got = uut.ask(R"({"id":7,"method":"time"})");
  CAF_CHECK_EQUAL(got.num("/id"), 7);
  CAF_CHECK(got.num("/result/serverTime") > 0);
  server->apply(sim::fault_fail_calls{.code = "-1007", .status = 408});
  got = uut.ask(R"({"id":8,"method":"order.place","params":{}})");
  CAF_CHECK_EQUAL(got.num("/id"), 8);
  CAF_CHECK_EQUAL(got.num("/status"), 408);
  CAF_CHECK_EQUAL(got.num("/error/code"), -1007);
}

CAF_TEST_FIXTURE_SCOPE_END()
