// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "sim_client.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/net/signature.hpp"

#include "support/unit_test.hpp"

#include <map>
#include <string>
#include <utility>

namespace zenws::test_support {

/// Members of JSON: numbers as they are written, texts in quotes.
using parameters = std::map<std::string, std::string>;

inline std::string text(const std::string& value) {
  return '"' + value + '"';
}

/// A client of the simulated API of Binance that signs each request by HMAC.
struct binance_trader : sim_client {
  static constexpr auto path = "/ws-api/v3";

  explicit binance_trader(const sim::server& to) : sim_client(to, path) {
    // nop
  }

  static std::string payload_of(const parameters& params) {
    std::string result;
    for (auto& [name, value] : params) {
      auto is_text = value.starts_with('"');
      result += (result.empty() ? "" : "&") + name + '='
                + (is_text ? value.substr(1, value.size() - 2) : value);
    }
    return result;
  }

  static std::string json_of(const parameters& params) {
    std::string result;
    for (auto& [name, value] : params)
      result += (result.empty() ? "{\"" : ",\"") + name + "\":" + value;
    return result.empty() ? "{}" : result + '}';
  }

  static std::string now() {
    return std::to_string(sim::wall_clock().count());
  }

  json_text ask_signed(const std::string& method, parameters params) {
    params.emplace("apiKey", text("demo"));
    params.emplace("timestamp", now());
    auto proof
      = sim::to_hex(sim::hmac_sha256("demo-secret", payload_of(params)));
    params.emplace("signature", text(proof));
    return call(method, json_of(params));
  }

  /// Places an order for 10 at 50,000, unless `more` says otherwise.
  json_text place(const std::string& label, parameters more = {}) {
    more.emplace("symbol", text("BTCUSDT"));
    more.emplace("side", text("BUY"));
    more.emplace("type", text("LIMIT"));
    more.emplace("quantity", text("10"));
    if (more["type"] != text("MARKET"))
      more.emplace("price", text("50000"));
    if (more["type"] == text("LIMIT"))
      more.emplace("timeInForce", text("GTC"));
    more.emplace("newClientOrderId", text(label));
    return ask_signed("order.place", std::move(more));
  }

  /// Asks for something about one order, or about the symbol without a name.
  json_text about(const std::string& method, const std::string& label = {},
                  parameters more = {}) {
    more.emplace("symbol", text("BTCUSDT"));
    if (!label.empty())
      more.emplace("origClientOrderId", text(label));
    return ask_signed(method, std::move(more));
  }

  std::string state_of(const std::string& label) {
    return about("order.status", label).str("/result/status");
  }

  int64_t subscribe() {
    return ask_signed("userDataStream.subscribe.signature", {})
      .num("/result/subscriptionId");
  }

  /// Returns the next event of the account of that kind.
  json_text next(const std::string& kind = "executionReport") {
    auto result
      = await([&](const json_text& x) { return x.str("/event/e") == kind; });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  /// Turns a knob of the simulator.
  void turn(const std::string& method, const std::string& params) {
    CAF_REQUIRE_EQUAL(call("sim/" + method, params).num("/status"), 200);
  }
};

} // namespace zenws::test_support
