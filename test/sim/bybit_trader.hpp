// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "sim_client.hpp"

#include "zenws/sim/net/signature.hpp"

#include "support/unit_test.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace zenws::test_support {

inline int64_t milliseconds_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
    .count();
}

/// Returns the arguments of a login on the simulated Bybit.
inline std::string bybit_login_args(int64_t expires,
                                    const std::string& secret = "demo-secret",
                                    const std::string& key = "demo") {
  auto sign = sim::to_hex(
    sim::hmac_sha256(secret, "GET/realtime" + std::to_string(expires)));
  return "[\"" + key + "\"," + std::to_string(expires) + ",\"" + sign + "\"]";
}

inline std::string bybit_login_text() {
  return R"({"op":"auth","args":)"
         + bybit_login_args(milliseconds_now() + 10'000) + '}';
}

/// Returns a request about an order.
/// @param members of the argument, beside category and symbol
inline std::string bybit_order_text(const std::string& op,
                                    const std::string& members,
                                    const std::string& id, int64_t sent) {
  return R"({"reqId":")" + id + R"(","op":"order.)" + op
         + R"(","header":{"X-BAPI-TIMESTAMP":")" + std::to_string(sent)
         + R"(","X-BAPI-RECV-WINDOW":"2000"},"args":[{"category":"linear",)"
           R"("symbol":"BTCUSDT",)"
         + members + "}]}";
}

/// A client of the simulated Bybit that is logged in, and its knobs.
struct bybit_trader {
  explicit bybit_trader(const sim::server& to)
    : trade(to, "/v5/trade"), news(to, "/v5/private"), knobs(to, "/ws/api/v2") {
    CAF_REQUIRE_EQUAL(trade.ask(bybit_login_text()).num("/retCode"), 0);
    CAF_REQUIRE(news.ask(bybit_login_text()).find("/success")->GetBool());
  }

  void subscribe(const std::string& topics) {
    auto answer = news.ask(R"({"op":"subscribe","args":[)" + topics + "]}");
    CAF_REQUIRE(answer.find("/success")->GetBool());
  }

  /// Sends a request and returns its answer.
  json_text order(const std::string& op, const std::string& members) {
    return trade.ask(bybit_order_text(
      op, members, "r" + std::to_string(++last_id), milliseconds_now()));
  }

  /// Places a limit order for 10 contracts. `more` begins with a comma.
  json_text buy(const std::string& link_id, const std::string& price = "50000",
                const std::string& more = "") {
    return order("create", R"("side":"Buy","orderType":"Limit","qty":"10",)"
                           R"("price":")"
                             + price + R"(","orderLinkId":")" + link_id + '"'
                             + more);
  }

  /// Returns the next message of a topic.
  json_text next(const std::string& topic) {
    auto result = news.await(
      [&](const json_text& x) { return x.str("/topic") == topic; });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  void turn(const std::string& knob, const std::string& params) {
    CAF_REQUIRE_EQUAL(knobs.call("sim/" + knob, params).str("/result"), "ok");
  }

  sim_client trade;
  sim_client news;
  sim_client knobs;
  uint64_t last_id = 0;
};

} // namespace zenws::test_support
