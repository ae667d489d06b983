// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "sim_client.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

namespace zenws::test_support {

/// A client of the simulated Kraken's private endpoint, with a token.
struct kraken_trader : sim_client {
  static constexpr auto path = "/kraken-auth";

  explicit kraken_trader(sim::server& to)
    : sim_client(to, path), server(to), token(to.issue_token()) {
    // nop
  }

  /// Sends a request whose parameters lack the token, and returns its answer.
  json_text ask(const std::string& method, const std::string& params = "{}") {
    auto id = ++last_id;
    auto rest = params.substr(1);
    auto separator = rest == "}" ? "" : ",";
    send(R"({"method":")" + method + R"(","params":{"token":")" + token + '"'
         + separator + rest + R"(,"req_id":)" + std::to_string(id) + '}');
    auto answer
      = await([id](const json_text& x) { return x.num("/req_id") == id; });
    CAF_REQUIRE(answer);
    return std::move(*answer);
  }

  /// Places a limit order for 10 of `BTC/USD`; `more` begins with a comma.
  json_text add(const std::string& id, const std::string& more = "",
                const std::string& side = "buy",
                const std::string& price = "50000") {
    return ask("add_order",
               R"({"order_type":"limit","side":")" + side
                 + R"(","symbol":"BTC/USD","order_qty":10,"limit_price":)"
                 + price + R"(,"cl_ord_id":")" + id + '"' + more + '}');
  }

  void subscribe(const std::string& channel, const std::string& more = "") {
    auto granted = ask("subscribe",
                       R"({"channel":")" + channel + '"' + more + '}');
    CAF_REQUIRE_EQUAL(granted.str("/result/channel"), channel);
  }

  /// Returns the next message of a channel.
  json_text next(const std::string& channel = "executions") {
    auto result
      = await([&](const json_text& x) { return x.str("/channel") == channel; });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  /// Returns the events of the next `count` messages of executions.
  std::vector<std::string> events(size_t count) {
    std::vector<std::string> result;
    while (result.size() < count)
      result.push_back(next().str("/data/0/exec_type"));
    return result;
  }

  /// Turns a knob of the simulator.
  void turn(const std::string& method, const std::string& params) {
    sim_client hand{server, "/ws/api/v2"};
    CAF_REQUIRE_EQUAL(hand.call("sim/" + method, params).str("/result"), "ok");
  }

  sim::server& server;
  std::string token;
  int64_t last_id = 0;
};

} // namespace zenws::test_support
