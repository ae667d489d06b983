// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_dialect

#include "zenws/venue/okx/okx_dialect.hpp"

#include "support/unit_test.hpp"

#include <string>

using namespace zenws;

namespace {

struct fixture {
  okx_dialect uut;

  void request(int64_t id, subscription_request_kind kind
                           = subscription_request_kind::subscribe) {
    subscription_request content{.kind = kind};
    for (auto name : {"books:X", "mark-price:X", "index-tickers:X-USD"})
      content.channels.push_back({.name = name});
    CAF_REQUIRE(uut.subscription(content, id));
  }

  static std::string refusal(std::string_view name, int64_t id,
                             std::string_view code = "60018") {
    return R"({"id":")" + std::to_string(id) + R"(","event":"error","code":")"
           + std::string{code} + R"(","msg":"Wrong URL or )" + std::string{name}
           + R"( doesn't exist. Please use the correct URL.","connId":"a1"})";
  }

  // The channel that a refusal is about, empty if it is about the request.
  std::string channel_of(const std::string& text) {
    auto message = uut.read(text);
    CAF_CHECK(message.kind == inbound_kind::answer);
    CAF_CHECK(uut.judge(message).meaning == answer_meaning::refused);
    CAF_CHECK(!message.ends_channel);
    CAF_CHECK_EQUAL(message.by_channel, !message.channel.empty());
    return std::string{message.channel};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_dialect_tests, fixture)

CAF_TEST(a refusal that names its channel is about no other one) {
  request(7);
  CAF_CHECK_EQUAL(channel_of(refusal("channel:mark-price,instId:X", 7)),
                  "mark-price:X");
  CAF_CHECK_EQUAL(channel_of(refusal("channel:index-tickers,instId:X-USD", 7)),
                  "index-tickers:X-USD");
  CAF_CHECK_EQUAL(uut.read(refusal("channel:books,instId:X", 7)).request, 7);
}

CAF_TEST(an answer about an order carries its message) {
  constexpr std::string_view text
    = R"({"id":"7","op":"order","code":"60013","msg":"Invalid args","data":[]})";
  auto message = uut.read(text);
  CAF_CHECK(message.kind == inbound_kind::answer);
  CAF_CHECK_EQUAL(message.text, text);
  auto verdict = uut.judge(message);
  CAF_CHECK(verdict.meaning == answer_meaning::refused);
  CAF_CHECK_EQUAL(verdict.refusal.message, "Invalid args");
}

CAF_TEST(a refusal that names no channel of ours is about the request) {
  request(7);
  for (auto name :
       {"channel:books,instId:Y", "channel:books", "channel:books,instId:X,a:b",
        "channel:books,instType:SWAP,instId:X", "channel", "",
        R"(\u0063hannel)"})
    CAF_CHECK_EQUAL(channel_of(refusal(name, 7)), "");
  CAF_CHECK_EQUAL(channel_of(refusal("channel:books,instId:X", 7, "60029")),
                  "");
  uut.connected();
  CAF_CHECK_EQUAL(channel_of(refusal("channel:books,instId:X", 7)), "");
}

CAF_TEST(a channel that cannot be unsubscribed is not refused) {
  request(7);
  request(8, subscription_request_kind::unsubscribe);
  CAF_CHECK_EQUAL(channel_of(refusal("channel:books,instId:X", 8)), "");
  CAF_CHECK_EQUAL(channel_of(refusal("channel:books,instId:X", 7)), "books:X");
}

CAF_TEST(calls carry their arguments and their time limit) {
  auto call = [&](std::string_view params) {
    return uut.call("order", params, 7).value();
  };
  CAF_CHECK_EQUAL(call(""), R"({"id":"7","op":"order","args":[]})");
  CAF_CHECK_EQUAL(call(R"([{"a":1}])"),
                  R"({"id":"7","op":"order","args":[{"a":1}]})");
  CAF_CHECK_EQUAL(call(R"({"args":[{"a":1}]})"),
                  R"({"id":"7","op":"order","args":[{"a":1}]})");
  CAF_CHECK_EQUAL(call(R"({"expTime":"1700000002123","args":[{"expTime":1}]})"),
                  R"({"id":"7","op":"order","expTime":"1700000002123",)"
                  R"("args":[{"expTime":1}]})");
}

CAF_TEST_FIXTURE_SCOPE_END()
