// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "sim_client.hpp"

#include "zenws/sim/net/signature.hpp"
#include "zenws/sim/okx/okx_session.hpp"

#include "support/unit_test.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::test_support {

// -- requests -----------------------------------------------------------------

inline std::string now_in_seconds() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(
    std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

inline std::string login(const std::string& timestamp,
                         const std::string& secret = "demo-secret",
                         const std::string& passphrase = "demo-passphrase") {
  auto sign = sim::to_base64(
    sim::hmac_sha256(secret, timestamp + "GET/users/self/verify"));
  return R"({"op":"login","args":[{"apiKey":"demo","passphrase":")" + passphrase
         + R"(","timestamp":")" + timestamp + R"(","sign":")" + sign
         + R"("}]})";
}

inline std::string subscribe(const std::string& channel,
                             const std::string& inst_id = "BTC-USDT") {
  return R"({"op":"subscribe","args":[{"channel":")" + channel
         + R"(","instId":")" + inst_id + R"("}]})";
}

inline std::string limit_order(const std::string& label,
                               const std::string& size = "1") {
  return R"({"instId":"BTC-USDT-SWAP","tdMode":"cross","side":"buy",)"
         R"("ordType":"limit","px":"50000","sz":")"
         + size + R"(","clOrdId":")" + label + R"("})";
}

// -- fixtures -----------------------------------------------------------------

/// Sessions without a server, at a fixed time.
struct okx_session_fixture {
  static json_text handle(sim::okx_session& uut, std::string_view text,
                          const sim::moment& now = {}) {
    auto outcome = uut.handle(text, now);
    return json_text{outcome.answers.empty() ? "" : outcome.answers.front()};
  }

  sim::okx_session make_session(sim::okx_side side) {
    return {cfg,
            side,
            10,
            {orders,
             {[](const std::string& x) -> std::optional<std::string> {
                if (x.starts_with("BTC-USDT"))
                  return "BTC-PERPETUAL";
                return std::nullopt;
              },
              [](std::string_view, sim::order_direction) { return 100.0; }}}};
  }

  /// Returns a session that is logged in.
  sim::okx_session make_trader() {
    auto result = make_session(sim::okx_side::private_data);
    handle(result, login("1700000000"), now);
    CAF_REQUIRE_EQUAL(result.account(), "demo");
    return result;
  }

  const sim::moment now{{}, 1'700'000'000'000ms};
  sim::order_store orders{100};
  sim::server_config cfg;
};

/// A simulator with fast market data.
struct okx_server_fixture {
  void start(sim::okx_config cfg) {
    server = start_server({.tick = 1ms, .okx = cfg});
  }

  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

} // namespace zenws::test_support
