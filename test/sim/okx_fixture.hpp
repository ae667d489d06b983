// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "sim_client.hpp"

#include "zenws/sim/net/signature.hpp"
#include "zenws/sim/okx/okx_feed.hpp"
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

/// Number of `BTC-USDT-SWAP`: the second name of the simulator's list.
inline const std::string swap_code = std::to_string(sim::okx_first_code + 1);

/// Returns the argument of an operation; `more` begins with a comma.
inline std::string swap_argument(const std::string& label,
                                 const std::string& more = "") {
  return R"({"instIdCode":)" + swap_code + R"(,"clOrdId":")" + label + '"'
         + more + '}';
}

inline std::string limit_order(const std::string& label,
                               const std::string& size = "10") {
  return swap_argument(label, R"(,"tdMode":"cross","side":"buy",)"
                              R"("ordType":"limit","px":"50000","sz":")"
                                + size + '"');
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
              [](std::string_view) {
                return std::optional{sim::market_quote{.bid = 99,
                                                       .bid_amount = 50,
                                                       .ask = 100,
                                                       .ask_amount = 50,
                                                       .last = 99,
                                                       .tick = 0.5,
                                                       .lot = 10}};
              },
              [](uint64_t code) -> std::optional<std::string> {
                if (std::to_string(code) == swap_code)
                  return "BTC-USDT-SWAP";
                return std::nullopt;
              }}}};
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
