// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_session

#include "okx_fixture.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(okx_session_tests, okx_session_fixture)

CAF_TEST(each argument is answered by itself) {
  auto uut = make_session(sim::okx_side::public_data);
  auto got
    = uut.handle(R"({"id":"a1","op":"subscribe","args":[{"channel":"trades",)"
                 R"("instId":"BTC-USDT"},{"channel":"books","instId":"NO"},)"
                 R"({"channel":"books","instId":"BTC-USDT"},{"channel":7}]})",
                 {});
  CAF_REQUIRE_EQUAL(got.answers.size(), 4u);
  json_text first{got.answers[0]};
  CAF_CHECK_EQUAL(first.str("/event"), "subscribe");
  CAF_CHECK_EQUAL(first.str("/id"), "a1");
  CAF_CHECK_EQUAL(first.str("/arg/channel"), "trades");
  CAF_CHECK_EQUAL(first.str("/arg/instId"), "BTC-USDT");
  CAF_CHECK_EQUAL(first.str("/connId"), "0000000a");
  json_text second{got.answers[1]};
  CAF_CHECK_EQUAL(second.str("/event"), "error");
  CAF_CHECK_EQUAL(second.str("/code"), "60018");
  CAF_CHECK_EQUAL(second.str("/id"), "a1");
  CAF_CHECK_EQUAL(json_text{got.answers[2]}.str("/event"), "subscribe");
  CAF_CHECK_EQUAL(json_text{got.answers[3]}.str("/code"), "60012");
  CAF_CHECK_EQUAL(got.subscribed.size(), 2u);
  CAF_CHECK_EQUAL(uut.handle(subscribe("trades"), {}).subscribed.size(), 0u);
}

CAF_TEST(nonsense is answered with a typed error) {
  auto uut = make_session(sim::okx_side::public_data);
  for (std::string_view text :
       {"", "{", "[]", "{}", "pong", R"({"op":7})", R"({"op":"fly"})",
        R"({"op":"subscribe"})", R"({"op":"subscribe","args":[]})",
        R"({"op":"subscribe","args":{}})", R"({"op":"subscribe","args":[[]]})",
        R"({"op":"login"})", R"({"op":"login","args":["x"]})",
        R"({"op":"login","args":[{"timestamp":"soon"}]})",
        R"({"id":1,"op":"subscribe","args":[]})"}) {
    auto got = handle(uut, text);
    CAF_CHECK_EQUAL(got.str("/event"), "error");
    CAF_CHECK_EQUAL(got.str("/code"), "60012");
    CAF_CHECK_EQUAL(got.str("/connId"), "0000000a");
  }
  // Neither the quote nor the number of answers grows with the request.
  std::string many = R"({"op":"subscribe","args":[0)";
  for (int i = 0; i < 50'000; ++i)
    many += ",0";
  auto got = uut.handle(many + "]}", {});
  CAF_REQUIRE_EQUAL(got.answers.size(), 1u);
  CAF_CHECK(got.answers[0].size() < 600);
}

CAF_TEST(a refused channel is named in the words of the venue) {
  auto uut = make_session(sim::okx_side::public_data);
  auto check = [&](const std::string& text, const std::string& name) {
    auto got = handle(uut, text);
    CAF_CHECK_EQUAL(got.str("/code"), "60018");
    CAF_CHECK(
      got.str("/msg").starts_with("Wrong URL or " + name + " doesn't exist. "));
  };
  check(subscribe("mark-price"), "channel:mark-price,instId:BTC-USDT");
  check(subscribe("funding-rate"), "channel:funding-rate,instId:BTC-USDT");
  check(subscribe("index-tickers", "NO"), "channel:index-tickers,instId:NO");
  check(R"({"op":"subscribe","args":[{"channel":"instruments",)"
        R"("instType":"ANY"}]})",
        "channel:instruments,instType:ANY");
  check(R"({"op":"subscribe","args":[{"channel":"instruments"}]})",
        "channel:instruments");
}

CAF_TEST(each half of the interface has its channels) {
  auto open = make_session(sim::okx_side::public_data);
  auto own = make_session(sim::okx_side::private_data);
  auto to_orders
    = R"({"op":"subscribe","args":[{"channel":"orders","instType":"ANY"}]})";
  CAF_CHECK_EQUAL(handle(open, to_orders).str("/code"), "60018");
  CAF_CHECK_EQUAL(handle(own, subscribe("trades")).str("/code"), "60018");
  CAF_CHECK_EQUAL(handle(own, to_orders).str("/code"), "60011");
}

CAF_TEST(a login is checked in all its parts) {
  auto uut = make_session(sim::okx_side::private_data);
  auto code = [&](const std::string& text) {
    return handle(uut, text, now).str("/code");
  };
  CAF_CHECK_EQUAL(code(login("1699999969")), "60006");
  CAF_CHECK_EQUAL(code(login("1700000031")), "60006");
  CAF_CHECK_EQUAL(code(login("1700000000", "wrong")), "60007");
  CAF_CHECK_EQUAL(code(login("1700000000", "demo-secret", "wrong")), "60024");
  CAF_CHECK(uut.account().empty());
  CAF_CHECK_EQUAL(code(login("1700000000")), "0");
  CAF_CHECK_EQUAL(uut.account(), "demo");
}

CAF_TEST(requests are limited in a window) {
  cfg.okx.max_requests = 2;
  cfg.okx.request_window = 1000ms;
  auto uut = make_session(sim::okx_side::public_data);
  sim::moment now{};
  auto event = [&] {
    return handle(uut, subscribe("trades"), now).str("/code");
  };
  CAF_CHECK_EQUAL(event(), "");
  CAF_CHECK_EQUAL(event(), "");
  CAF_CHECK_EQUAL(event(), "60014");
  auto pong = uut.handle("ping", now);
  CAF_CHECK_EQUAL(pong.answers.front(), "pong");
  now.steady += 1000ms;
  CAF_CHECK_EQUAL(event(), "");
}

CAF_TEST(an acknowledgement repeats the given argument and nothing else) {
  auto uut = make_trader();
  auto text
    = handle(uut,
             R"({"id":"7","op":"subscribe","args":[{"channel":"orders",)"
             R"("instType":"SWAP","instFamily":"BTC-USDT"}]})",
             now)
        .text();
  CAF_CHECK_EQUAL(text, R"({"id":"7","event":"subscribe","arg":{)"
                        R"("channel":"orders","instType":"SWAP",)"
                        R"("instFamily":"BTC-USDT"},"connId":"0000000a"})");
}

CAF_TEST(a client is idle if it says nothing for thirty seconds) {
  auto uut = make_session(sim::okx_side::public_data);
  for (auto time : {now.steady, now.steady + 29s}) {
    uut.heard(time);
    CAF_REQUIRE(uut.idle_at());
    CAF_CHECK(*uut.idle_at() == time + 30s);
  }
  cfg.okx.idle_timeout = 0ms;
  CAF_CHECK(!uut.idle_at());
}

CAF_TEST(the rules of the venue hold by default) {
  sim::okx_config uut;
  CAF_CHECK(uut.idle_timeout == 30s);
  CAF_CHECK_EQUAL(uut.max_requests, 480u);
  CAF_CHECK(uut.request_window == 1h);
  CAF_CHECK_EQUAL(uut.max_connections_per_channel, 30u);
}

CAF_TEST_FIXTURE_SCOPE_END()
