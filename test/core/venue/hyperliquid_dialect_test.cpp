// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE hyperliquid_dialect

#include "zenws/venue/hyperliquid/hyperliquid_dialect.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

using enum answer_meaning;

channel_spec fast_book(const std::string& coin) {
  return {"l2Book:" + coin + ":fast",
          R"({"type":"l2Book","coin":")" + coin + R"(","fast":true})"};
}

std::string acknowledged(const std::string& method,
                         const std::string& subscription) {
  return R"({"channel":"subscriptionResponse","data":{"method":")" + method
         + R"(","subscription":)" + subscription + "}}";
}

std::string error_text(const std::string& json_text) {
  return R"({"channel":"error","data":)" + *quoted_json(json_text) + '}';
}

std::string posted(int64_t id, const std::string& response) {
  return R"({"channel":"post","data":{"id":)" + std::to_string(id)
         + R"(,"response":)" + response + "}}";
}

struct fixture {
  result<std::string> request(subscription_request_kind kind,
                              const channel_spec& channel, int64_t id) {
    return uut.subscription({.number = 1, .kind = kind, .channels = {channel}},
                            id);
  }

  std::string subscribe(const channel_spec& channel, int64_t id = 1) {
    auto result = request(subscription_request_kind::subscribe, channel, id);
    return result ? *result : to_string(result.error());
  }

  std::string unsubscribe(const channel_spec& channel, int64_t id = 1) {
    auto result = request(subscription_request_kind::unsubscribe, channel, id);
    return result ? *result : to_string(result.error());
  }

  void grant(const std::string& subscription) {
    uut.read(acknowledged("subscribe", subscription));
  }

  std::string channel_of(const std::string& text) {
    text_ = text;
    auto message = uut.read(text_);
    CAF_CHECK(message.kind == inbound_kind::data);
    return std::string{message.channel};
  }

  inbound read(const std::string& text) {
    text_ = text;
    return uut.read(text_);
  }

  answer_verdict verdict_on(const std::string& text) {
    auto message = read(text);
    CAF_CHECK(message.kind == inbound_kind::answer);
    return uut.judge(message);
  }

  hyperliquid_dialect uut;
  std::string text_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hyperliquid_dialect_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(each request is about one subscription) {
  CAF_CHECK_EQUAL(
    subscribe({"trades:SOL"}),
    R"({"method":"subscribe","subscription":{"type":"trades","coin":"SOL"}})");
  CAF_CHECK_EQUAL(
    subscribe({"bbo:xyz:GOLD"}),
    R"({"method":"subscribe","subscription":{"type":"bbo","coin":"xyz:GOLD"}})");
  CAF_CHECK_EQUAL(
    subscribe({"allMids"}),
    R"({"method":"subscribe","subscription":{"type":"allMids"}})");
  CAF_CHECK_EQUAL(unsubscribe(fast_book("SOL")),
                  R"({"method":"unsubscribe","subscription":)"
                  R"({"type":"l2Book","coin":"SOL","fast":true}})");
  CAF_CHECK_EQUAL(uut.request_limits().max_channels_per_request, 1u);
  subscription_request both{.number = 1,
                            .channels = {{"trades:A"}, {"trades:B"}}};
  CAF_CHECK(!uut.subscription(both, 1));
}

CAF_TEST(calls are posts of the requests of the HTTP API) {
  CAF_CHECK_EQUAL(uut.call("info", R"({"type":"meta"})", 7).value(),
                  R"({"method":"post","id":7,"request":)"
                  R"({"type":"info","payload":{"type":"meta"}}})");
  CAF_CHECK(uut.call("action", "{}", 7));
  CAF_CHECK(!uut.call("explorer", "{}", 7));
  CAF_CHECK_EQUAL(uut.ping(), R"({"method":"ping"})");
}

// -- names --------------------------------------------------------------------

CAF_TEST(a name says what its arguments say) {
  auto ok = [&](const char* name, const char* arguments) {
    return !uut.check({name, arguments});
  };
  auto candle = R"({"type":"candle","coin":"BTC","interval":"1m"})";
  CAF_CHECK(ok("trades:BTC", ""));
  CAF_CHECK(ok("candle:BTC:1m", candle));
  CAF_CHECK(ok("candle:BTC", candle));
  CAF_CHECK(ok("my candles", candle));
  CAF_CHECK(!ok("candle:ETH:1m", candle));
  CAF_CHECK(!ok("trades:BTC", candle));
  CAF_CHECK(!ok("candle:BT", candle));
  CAF_CHECK(!ok("x", "[]"));
  CAF_CHECK(!ok("x", "7"));
  CAF_CHECK(!ok("x", R"({"coin":"BTC"})"));
  CAF_CHECK(!ok("x", R"({"type":7})"));
  CAF_CHECK(!ok("x", R"({"type":"trades")"));
  CAF_CHECK(!ok("", ""));
}

CAF_TEST(channels whose messages look the same do not share a connection) {
  subscribe(fast_book("SOL"));
  CAF_CHECK(uut.check({"l2Book:SOL"}));
  CAF_CHECK(!uut.check({"l2Book:ETH"}));
  CAF_CHECK(!uut.check(fast_book("SOL")));
  CAF_CHECK_EQUAL(subscribe({"l2Book:SOL"}).find("subscribe"),
                  std::string::npos);
  read(acknowledged("unsubscribe", fast_book("SOL").arguments));
  CAF_CHECK(!uut.check({"l2Book:SOL"}));
  auto orders = [](const char* name, const char* user) {
    return channel_spec{name, R"({"type":"orderUpdates","user":")"
                                + std::string{user} + "\"}"};
  };
  subscribe(orders("mine", "0xA"));
  CAF_CHECK(uut.check(orders("yours", "0xB")));
  uut.forget("mine");
  CAF_CHECK(!uut.check(orders("yours", "0xB")));
}

CAF_TEST(messages find their channels) {
  subscribe(fast_book("SOL"));
  subscribe(
    {"candle:BTC:1m", R"({"type":"candle","coin":"BTC","interval":"1m"})"});
  subscribe({"fills", R"({"type":"userFills","user":"0xAB"})"});
  subscribe({"events", R"({"type":"userEvents","user":"0xAB"})"});
  subscribe({"mids", R"({"type":"allMids","dex":"xyz"})"});
  subscribe({"state", R"({"type":"webData3","user":"0xAB"})"});
  auto message = [](const std::string& channel, const std::string& data) {
    return R"({"channel":")" + channel + R"(","data":)" + data + '}';
  };
  CAF_CHECK_EQUAL(channel_of(message("l2Book", R"({"coin":"SOL"})")),
                  "l2Book:SOL:fast");
  CAF_CHECK_EQUAL(channel_of(message("l2Book", R"({"coin":"\u0053OL"})")),
                  "l2Book:SOL:fast");
  CAF_CHECK_EQUAL(channel_of(message("l2Book", R"({"coin":"ETH"})")),
                  "l2Book:ETH");
  CAF_CHECK_EQUAL(channel_of(message("trades", R"([{"sz":"1","coin":"@1"}])")),
                  "trades:@1");
  CAF_CHECK_EQUAL(channel_of(message("trades", "[]")), "trades");
  CAF_CHECK_EQUAL(channel_of(message("candle", R"({"s":"BTC","i":"1m"})")),
                  "candle:BTC:1m");
  CAF_CHECK_NOT_EQUAL(channel_of(message("candle", R"({"s":"BTC","i":"1h"})")),
                      "candle:BTC:1m");
  CAF_CHECK_EQUAL(channel_of(message("userFills", R"({"user":"0xab"})")),
                  "fills");
  CAF_CHECK_NOT_EQUAL(channel_of(message("userFills", R"({"user":"0xcd"})")),
                      "fills");
  CAF_CHECK_EQUAL(channel_of(message("user", R"({"fills":[]})")), "events");
  CAF_CHECK_EQUAL(channel_of(message("activeSpotAssetCtx", R"({"coin":"@1"})")),
                  "activeAssetCtx:@1");
  CAF_CHECK_EQUAL(channel_of(message("allMids", R"({"dex":"xyz","mids":{}})")),
                  "mids");
  CAF_CHECK_EQUAL(channel_of(message("webData3", R"({"userState":{}})")),
                  "state");
  CAF_CHECK_EQUAL(channel_of("7"), "");
  CAF_CHECK_EQUAL(channel_of(R"({"channel":null})"), "");
}

// -- answers to subscriptions -------------------------------------------------

CAF_TEST(an acknowledgement repeats the subscription and adds to it) {
  subscribe(fast_book("SOL"), 5);
  auto message = read(acknowledged(
    "subscribe", R"({"type":"l2Book","coin":"SOL","nSigFigs":null,)"
                 R"("mantissa":null,"fast":true})"));
  CAF_CHECK(message.kind == inbound_kind::answer);
  CAF_CHECK(message.by_channel && !message.ends_channel);
  CAF_CHECK_EQUAL(message.request, 5);
  CAF_CHECK_EQUAL(message.channel, "l2Book:SOL:fast");
  unsubscribe(fast_book("SOL"), 6);
  message = read(acknowledged("unsubscribe",
                              R"({"coin":"SOL","type":"l2Book","fast":true})"));
  CAF_CHECK(message.by_channel && message.ends_channel);
  CAF_CHECK_EQUAL(message.request, 6);
  CAF_CHECK_EQUAL(message.channel, "l2Book:SOL:fast");
  CAF_CHECK(read(acknowledged("subscribe", "7")).kind == inbound_kind::notice);
  CAF_CHECK(read(acknowledged("x", R"({"type":"bbo"})")).kind
            == inbound_kind::notice);
}

CAF_TEST(what stands already is granted) {
  subscribe({"bbo:SOL"}, 5);
  auto message
    = read(error_text(R"(Already subscribed: {"type":"bbo","coin":"SOL"})"));
  CAF_CHECK(message.kind == inbound_kind::answer);
  CAF_CHECK(message.by_channel && !message.ends_channel);
  CAF_CHECK_EQUAL(message.channel, "bbo:SOL");
  CAF_CHECK_EQUAL(message.request, 5);
  CAF_CHECK(uut.judge(message).meaning == answered);
  unsubscribe({"bbo:SOL"}, 6);
  message
    = read(error_text(R"(Already unsubscribed: {"type":"bbo","coin":"SOL"})"));
  CAF_CHECK(message.by_channel && message.ends_channel);
  CAF_CHECK_EQUAL(message.request, 6);
}

CAF_TEST(errors that repeat the request refuse it) {
  subscribe({"bbo:A"}, 5);
  subscribe({"nonsense:B"}, 6);
  auto text = error_text(R"(Error parsing JSON into valid websocket request: )"
                         R"({"method":"subscribe","subscription":)"
                         R"({"type":"nonsense","coin":"B"}})");
  auto message = read(text);
  CAF_CHECK(message.kind == inbound_kind::answer);
  CAF_CHECK_EQUAL(message.request, 6);
  CAF_CHECK(!message.by_channel);
  auto verdict = uut.judge(message);
  CAF_CHECK(verdict.meaning == refused);
  CAF_CHECK(verdict.subject == refusal_subject::channels);
  CAF_CHECK(read(text).kind == inbound_kind::notice); // once is enough
  verdict = verdict_on(
    error_text(R"(Invalid subscription {"type":"bbo","coin":"A"})"));
  CAF_CHECK(verdict.meaning == refused);
}

CAF_TEST(errors that repeat nothing are about the oldest subscription) {
  subscribe({"bbo:A"}, 5);
  subscribe({"bbo:B"}, 6);
  auto full = error_text("Cannot subscribe to more than 1000 channels.");
  CAF_CHECK_EQUAL(read(full).request, 5);
  CAF_CHECK(verdict_on(full).meaning == try_later);
  CAF_CHECK(read(full).kind == inbound_kind::notice);
  CAF_CHECK_EQUAL(read(full).channel,
                  "Cannot subscribe to more than 1000 channels.");
  subscribe({"bbo:C"}, 7);
  auto verdict
    = verdict_on(error_text("Cannot send more than 2000 messages per minute."));
  CAF_CHECK(verdict.meaning == try_later);
  CAF_CHECK(verdict.subject == refusal_subject::rate);
  subscribe({"bbo:C"}, 8);
  CAF_CHECK(read(error_text("Something new.")).kind == inbound_kind::notice);
}

CAF_TEST(the id of a request that was not sent may be that of a call) {
  subscribe({"bbo:A"}, 5);
  CAF_REQUIRE(uut.call("info", R"({"type":"meta"})", 5));
  CAF_CHECK(
    read(error_text(R"(Invalid subscription {"type":"bbo","coin":"A"})")).kind
    == inbound_kind::notice);
}

// -- unknown coins ------------------------------------------------------------

// The venue closes the connection without a word.
CAF_TEST(a subscription that ends connections is found and refused) {
  uut.connected();
  subscribe({"bbo:GOOD"}, 1);
  subscribe({"bbo:BAD"}, 2);
  subscribe({"bbo:ALSO"}, 3);
  grant(R"({"type":"bbo","coin":"GOOD"})");
  CAF_CHECK(uut.request_limits().max_in_flight > 1);
  for (auto i = 0; i < 3; ++i) {
    uut.connected();
    CAF_CHECK_EQUAL(uut.request_limits().max_in_flight, 1u);
    subscribe({"bbo:GOOD"}, 4);
    grant(R"({"type":"bbo","coin":"GOOD"})");
    CAF_CHECK_NOT_EQUAL(subscribe({"bbo:BAD"}, 5).find("subscribe"),
                        std::string::npos);
  }
  uut.connected();
  CAF_CHECK_EQUAL(subscribe({"bbo:BAD"}, 6).find("\"method\""),
                  std::string::npos);
  uut.forget("bbo:BAD");
  subscribe({"bbo:ALSO"}, 7);
  grant(R"({"type":"bbo","coin":"ALSO"})");
  CAF_CHECK(uut.request_limits().max_in_flight > 1);
  // The coin may have been listed since.
  CAF_CHECK_NOT_EQUAL(subscribe({"bbo:BAD"}, 8).find("\"method\""),
                      std::string::npos);
}

CAF_TEST(a subscription that was granted once is not suspected) {
  for (auto i = 0; i < 20; ++i) {
    uut.connected();
    CAF_CHECK_NOT_EQUAL(subscribe({"bbo:GOOD"}, 1).find("\"method\""),
                        std::string::npos);
    if (i == 0)
      grant(R"({"type":"bbo","coin":"GOOD"})");
  }
  CAF_CHECK(uut.request_limits().max_in_flight > 1);
}

CAF_TEST(ends of connections that answer nothing prove less) {
  auto tries = 0;
  for (; tries < 20; ++tries) {
    uut.connected();
    if (subscribe({"bbo:BAD"}, 1).find("\"method\"") == std::string::npos)
      break;
  }
  CAF_CHECK_EQUAL(tries, 6);
}

// -- answers to calls ---------------------------------------------------------

CAF_TEST(the result of a call is what the HTTP API would answer) {
  auto message = read(posted(
    9, R"({"type":"info","payload":{"type":"meta","data":{"universe":[]}}})"));
  CAF_CHECK(message.kind == inbound_kind::answer);
  CAF_CHECK_EQUAL(message.request, 9);
  CAF_CHECK(uut.judge(message).meaning == answered);
  CAF_CHECK_EQUAL(message.content.result.text, R"({"universe":[]})");
  message = read(
    posted(9, R"({"type":"info","payload":{"type":"l2Book","data":null}})"));
  CAF_CHECK(uut.judge(message).meaning == answered);
  CAF_CHECK(message.content.result.is_null());
}

CAF_TEST(errors of calls have the codes of HTTP) {
  auto meaning = [&](const std::string& payload) {
    return verdict_on(
             posted(9, R"({"type":"error","payload":)" + payload + '}'))
      .meaning;
  };
  CAF_CHECK(meaning(R"("422 Unprocessable Entity: no")") == refused);
  CAF_CHECK(meaning(R"("400 Bad Request")") == refused);
  CAF_CHECK(meaning(R"("429 Too Many Requests")") == try_later);
  CAF_CHECK(meaning(R"("500 Internal Server Error")") == unknown);
  CAF_CHECK(meaning(R"("503 Service Unavailable")") == unknown);
  CAF_CHECK(meaning(R"("nobody knows")") == unknown);
  CAF_CHECK(meaning("7") == unknown);
  auto pending = verdict_on(error_text("too many pending post requests id=9"));
  CAF_CHECK(pending.meaning == try_later);
  CAF_CHECK_EQUAL(
    read(error_text("too many pending post requests id=9")).request, 9);
  CAF_CHECK_EQUAL(
    read(error_text("Error parsing JSON into valid websocket request: "
                    R"({"method":"post","id":11,"request":7})"))
      .request,
    11);
}

CAF_TEST(each order of an action has its outcome) {
  auto verdict = [&](const std::string& payload) {
    return verdict_on(
      posted(9, R"({"type":"action","payload":)" + payload + '}'));
  };
  auto with = [&](const std::string& statuses) {
    return verdict(R"({"status":"ok","response":{"type":"order","data":)"
                   R"({"statuses":[)"
                   + statuses + "]}}}");
  };
  CAF_CHECK(with(R"({"resting":{"oid":7}},{"filled":{"oid":8}})").meaning
            == answered);
  CAF_CHECK(with(R"("success")").meaning == answered);
  auto bad = with(R"({"error":"Price must be divisible by tick size."})");
  CAF_CHECK(bad.meaning == refused);
  CAF_CHECK_EQUAL(bad.refusal.message, "Price must be divisible by tick size.");
  auto both = with(R"({"resting":{"oid":7}},{"error":"no"})");
  CAF_CHECK(both.meaning == unknown);
  CAF_CHECK_EQUAL(both.parts.size(), 2u);
  CAF_CHECK(with(R"({"new":1})").meaning == unknown);
  CAF_CHECK(verdict(R"({"status":"ok","response":{"type":"default"}})").meaning
            == answered);
  CAF_CHECK(verdict(R"({"status":"err","response":"who knows"})").meaning
            == unknown);
}

CAF_TEST(answers that make no sense leave the outcome open) {
  for (auto response :
       {"7", "null", "{}", R"({"type":"info"})", R"({"type":"new"})",
        R"({"type":"action"})", R"({"type":"error"})",
        R"({"type":"action","payload":[]})"})
    CAF_CHECK(verdict_on(posted(9, response)).meaning == unknown);
  CAF_CHECK(verdict_on(R"({"channel":"post","data":{"id":9}})").meaning
            == unknown);
  CAF_CHECK_EQUAL(read(R"({"channel":"post","data":7})").request, 0);
}

// -- the connection -----------------------------------------------------------

CAF_TEST(a connection lives by text pings) {
  CAF_CHECK(read(R"({"channel":"pong"})").kind == inbound_kind::heartbeat);
  CAF_CHECK(read("Websocket connection established.").kind
            == inbound_kind::heartbeat);
  CAF_CHECK(read("Websocket connection").kind == inbound_kind::malformed);
  auto rule = uut.heartbeat_needed();
  CAF_CHECK(rule.kind == heartbeat_kind::venue);
  CAF_CHECK(rule.longest < 60s);
}

CAF_TEST(the limits are those of the address) {
  for (auto& x : uut.limits()) {
    CAF_CHECK(x.scope == limit_scope::host);
    CAF_CHECK(validate(x).empty());
  }
  for (auto costs : {uut.cost_of_call("info"), uut.cost_of_subscription(),
                     uut.cost_of_heartbeat(), uut.cost_of_text()})
    CAF_CHECK_EQUAL(costs.size(), 1u);
}

CAF_TEST(the data of a user begins with what is marked as a snapshot) {
  auto begins = [&](const char* member) {
    return uut.begins_channel("fills",
                              R"({"channel":"userFills","data":{"user":"0x")"
                                + std::string{member} + "}}");
  };
  CAF_CHECK(begins(R"(,"isSnapshot":true)"));
  CAF_CHECK(!begins(R"(,"isSnapshot":false)"));
  CAF_CHECK(begins(""));
}

CAF_TEST_FIXTURE_SCOPE_END()
