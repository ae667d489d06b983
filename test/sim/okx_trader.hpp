// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "okx_fixture.hpp"

#include <memory>
#include <string>

namespace zenws::test_support {

/// A client of the simulated OKX that is logged in.
struct okx_trader : sim_client {
  explicit okx_trader(const sim::server& to)
    : sim_client(to, "/ws/v5/private") {
    CAF_REQUIRE_EQUAL(ask(login(now_in_seconds())).str("/event"), "login");
  }

  /// Subscribes to a channel of perpetuals, or of balances.
  void subscribe_to(const std::string& channel) {
    auto type = channel == "account" ? "" : R"(,"instType":"SWAP")";
    send(R"({"op":"subscribe","args":[{"channel":")" + channel + '"' + type
         + "}]}");
    auto granted = await([&](const json_text& x) {
      return x.str("/event") == "subscribe" && x.str("/arg/channel") == channel;
    });
    CAF_REQUIRE(granted);
  }

  /// Sends an operation with one argument and returns its answer.
  json_text run(const std::string& op, const std::string& argument) {
    auto id = std::to_string(++last_);
    send(R"({"id":")" + id + R"(","op":")" + op + R"(","args":[)" + argument
         + "]}");
    auto answer = await([&](const json_text& x) { return x.str("/id") == id; });
    CAF_REQUIRE(answer);
    return std::move(*answer);
  }

  /// Places an order for 10 contracts; `more` begins with a comma.
  json_text place(const std::string& label, const std::string& more) {
    auto size = more.find("\"sz\"") == std::string::npos ? R"(,"sz":"10")" : "";
    return run("order", swap_argument(label, R"(,"tdMode":"cross")"
                                               + std::string{size} + more));
  }

  /// Same for one that rests.
  json_text rest(const std::string& label) {
    return place(label, R"(,"side":"buy","ordType":"limit","px":"50000")");
  }

  /// Returns the next message of a channel.
  json_text next(const std::string& channel) {
    auto result = await([&](const json_text& x) {
      return x.str("/arg/channel") == channel && x.has("/data");
    });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  /// Returns the next message about an order in this state.
  json_text next_order(const std::string& state) {
    auto result = await(
      [&](const json_text& x) { return x.str("/data/0/state") == state; });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  /// Turns a knob of the simulator.
  void turn(const std::string& knob, const std::string& params) {
    CAF_REQUIRE_EQUAL(run("sim/" + knob, params).str("/code"), "0");
  }

private:
  int last_ = 0;
};

/// Returns the reason of an operation's only row.
inline std::string code_in(const json_text& answer) {
  return answer.str("/data/0/sCode");
}

} // namespace zenws::test_support
