// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "sim_client.hpp"

#include "support/unit_test.hpp"

#include <memory>
#include <string>

namespace zenws::test_support {

/// A client of the simulated Deribit that is logged in.
struct trader : sim_client {
  static constexpr auto path = "/ws/api/v2";

  explicit trader(const sim::server& to, const std::string& key = "demo")
    : sim_client(to, path) {
    auto params = R"({"grant_type":"client_credentials","client_id":")" + key
                  + R"(","client_secret":"demo-secret"})";
    CAF_REQUIRE(call("public/auth", params).has("/result"));
  }

  /// Sends an order for 10 contracts of `BTC-PERPETUAL`; `more` begins with a
  /// comma and comes last.
  json_text send_order(const std::string& method, const std::string& label,
                       const std::string& more) {
    return call("private/" + method,
                R"({"instrument_name":"BTC-PERPETUAL","label":")" + label + '"'
                  + (more.find("\"amount\"") == std::string::npos
                       ? R"(,"amount":10)"
                       : "")
                  + more + '}');
  }

  json_text buy(const std::string& label,
                const std::string& more = R"(,"price":50000)") {
    return send_order("buy", label, more);
  }

  json_text sell(const std::string& label,
                 const std::string& more = R"(,"price":70000)") {
    return send_order("sell", label, more);
  }

  void subscribe(const std::string& channel) {
    auto granted = call("private/subscribe",
                        R"({"channels":[")" + channel + R"("]})");
    CAF_REQUIRE_EQUAL(granted.str("/result/0"), channel);
  }

  /// Returns the next message of a channel.
  json_text next(const std::string& channel) {
    auto result = await(
      [&](const json_text& x) { return x.str("/params/channel") == channel; });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  /// Returns the state of the latest order with that label.
  std::string state_of(const std::string& label) {
    auto found = call("private/get_order_state_by_label",
                      R"({"currency":"BTC","label":")" + label + R"("})");
    auto last = std::to_string(found.size("/result") - 1);
    return found.str("/result/" + last + "/order_state");
  }

  double position() {
    return call("private/get_position",
                R"({"instrument_name":"BTC-PERPETUAL"})")
      .real("/result/size");
  }

  /// Turns a knob of the simulator.
  void turn(const std::string& method, const std::string& params) {
    CAF_REQUIRE_EQUAL(call("sim/" + method, params).str("/result"), "ok");
  }
};

inline std::string labeled(const std::string& label,
                           const std::string& more = "") {
  return R"({"label":")" + label + '"' + more + '}';
}

} // namespace zenws::test_support
