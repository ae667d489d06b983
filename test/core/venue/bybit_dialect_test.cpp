// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit_dialect

#include "zenws/venue/bybit/bybit_dialect.hpp"

#include "core/venue/market_check.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

using about = refusal_subject;

namespace {

subscription_request request_for(std::vector<std::string> names,
                                 subscription_request_kind kind
                                 = subscription_request_kind::subscribe) {
  subscription_request result{.number = 1, .kind = kind};
  for (auto& name : names)
    result.channels.push_back({.name = std::move(name)});
  return result;
}

struct fixture {
  bybit_dialect uut;

  /// Subscribes, and returns the request.
  subscription_request subscribe(std::vector<std::string> names, int64_t id,
                                 subscription_request_kind kind
                                 = subscription_request_kind::subscribe) {
    auto result = request_for(std::move(names), kind);
    CAF_REQUIRE(uut.subscription(result, id));
    return result;
  }

  answer_verdict judged(const std::string& text) {
    auto answer = uut.read(text);
    CAF_REQUIRE(answer.kind == inbound_kind::answer);
    return uut.judge(answer);
  }

  int64_t request_of(const std::string& text) {
    auto answer = uut.read(text);
    return answer.kind == inbound_kind::answer ? answer.request : -1;
  }

  answer_meaning meaning_of(int code) {
    return judged(R"({"reqId":"7","op":"order.create","retCode":)"
                  + std::to_string(code)
                  + R"(,"retMsg":"m","data":{},"retExtInfo":{}})")
      .meaning;
  }
};

std::string refused_by(const std::string& words, const std::string& id = "7") {
  return R"({"success":false,"ret_msg":")" + words
         + R"(","conn_id":"c","req_id":")" + id + R"(","op":"subscribe"})";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(bybit_dialect_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(subscriptions name their topics) {
  CAF_CHECK_EQUAL(
    uut.subscription(request_for({"publicTrade.BTCUSDT", "tickers.ETHUSDT"}), 7)
      .value(),
    R"({"req_id":"7","op":"subscribe",)"
    R"("args":["publicTrade.BTCUSDT","tickers.ETHUSDT"]})");
  CAF_CHECK_EQUAL(
    uut
      .subscription(request_for({"tickers.ETHUSDT"},
                                subscription_request_kind::unsubscribe),
                    8)
      .value(),
    R"({"req_id":"8","op":"unsubscribe","args":["tickers.ETHUSDT"]})");
  CAF_CHECK(uut.subscription(request_for({"tickers.\xff"}), 9).error().code
            == ec::invalid_message);
  CAF_CHECK_EQUAL(uut.ping(), R"({"op":"ping"})");
}

CAF_TEST(requests keep to the limits of each product) {
  CAF_CHECK_EQUAL(uut.request_limits().max_channels_per_request, 10u);
  CAF_CHECK_EQUAL(uut.request_limits().max_channels, 2'000u);
  CAF_CHECK_EQUAL(uut.max_request_bytes(), 21'000u);
  auto limits = uut.limits();
  CAF_REQUIRE_EQUAL(limits.size(), 1u);
  CAF_CHECK(limits[0].scope == limit_scope::host);
  CAF_CHECK(validate(limits[0]).empty());
  auto rule = uut.heartbeat_needed();
  CAF_CHECK(rule.kind == heartbeat_kind::venue);
  CAF_CHECK(rule.interval == 20s);
}

CAF_TEST(a login is signed and expires soon) {
  // The signature is that of `openssl dgst -sha256 -hmac secret`.
  signing_context context{
    .now = std::chrono::system_clock::time_point{1'700'000'000s}};
  auto text = uut.log_in({"key", "secret", "", ""}, context, 5);
  CAF_REQUIRE(text);
  CAF_CHECK_EQUAL(
    *text, R"({"req_id":"5","op":"auth",)"
           R"("args":["key",1700000010000,")"
           "7ccf9bb4db01ad0e1ee2c3eef8d8b4730fc9bcab069e44972f6723cde7f692f3"
           R"("]})");
}

CAF_TEST(calls have an array of arguments and perhaps a header) {
  CAF_CHECK_EQUAL(
    uut.call("order.cancel", R"([{"symbol":"BTCUSDT"}])", 7).value(),
    R"({"reqId":"7","op":"order.cancel","args":[{"symbol":"BTCUSDT"}]})");
  CAF_CHECK_EQUAL(uut
                    .call("order.create",
                          R"({"args":[{}],"header":{"X-BAPI-TIMESTAMP":"1"}})",
                          8)
                    .value(),
                  R"({"reqId":"8","op":"order.create",)"
                  R"("header":{"X-BAPI-TIMESTAMP":"1"},"args":[{}]})");
  CAF_CHECK_EQUAL(uut.call("subscribe", R"(["order"])", 9).value(),
                  R"({"req_id":"9","op":"subscribe","args":["order"]})");
  for (auto params : {"7", "{}", R"("x")", "[", "[]]", R"({"args":{}})"})
    CAF_CHECK(uut.call("order.create", params, 7).error().code
              == ec::invalid_message);
  CAF_CHECK(uut.id_in(R"({"op":"subscribe","req_id":"12"})") == 12);
  CAF_CHECK(uut.id_in(R"({"op":"order.create","reqId":"12"})") == 12);
  CAF_CHECK(uut.id_in(R"({"op":"ping"})") == std::nullopt);
}

CAF_TEST(requests about orders have ids of their login) {
  CAF_REQUIRE(uut.log_in({"k", "s", "", ""}, {.nonce = 0xab}, 5));
  auto text = uut.call("order.create", "[{}]", 7).value();
  CAF_CHECK_EQUAL(text, R"({"reqId":"00000000000000ab-7",)"
                        R"("op":"order.create","args":[{}]})");
  auto answer = [](const std::string& id) {
    return R"({"reqId":")" + id + R"(","op":"order.create","retCode":0})";
  };
  CAF_CHECK_EQUAL(request_of(answer("00000000000000ab-7")), 7);
  // Of the connection before, or of a text of the user's.
  CAF_CHECK_EQUAL(request_of(answer("00000000000000ac-7")), 0);
  CAF_CHECK_EQUAL(request_of(answer("7")), 7);
}

// -- messages -----------------------------------------------------------------

CAF_TEST(data belongs to its topic) {
  auto message = uut.read(
    R"({"topic":"order\u0062ook.50.BTCUSDT","type":"delta","data":{}})");
  CAF_CHECK(message.kind == inbound_kind::data);
  CAF_CHECK_EQUAL(message.channel, "orderbook.50.BTCUSDT");
  message
    = uut.read(R"({"id":"x","topic":"order","creationTime":1,"data":[]})");
  CAF_CHECK_EQUAL(message.channel, "order");
  CAF_CHECK(uut.read("{}").kind == inbound_kind::data);
  CAF_CHECK(uut.read("").kind == inbound_kind::malformed);
  CAF_CHECK(uut.read(R"({"topic":)").kind == inbound_kind::malformed);
}

CAF_TEST(each of the pongs is a heartbeat) {
  for (auto text :
       {R"({"success":true,"ret_msg":"pong","conn_id":"c","op":"ping"})",
        R"({"success":true,"ret_msg":"pong","req_id":"","op":"ping"})",
        R"({"args":["1672916271846"],"op":"pong"})",
        R"({"req_id":"x","op":"pong","args":["1"],"conn_id":"c"})",
        R"({"retCode":0,"retMsg":"OK","op":"pong","data":["1"]})"})
    CAF_CHECK(uut.read(text).kind == inbound_kind::heartbeat);
}

CAF_TEST(a channel begins with a snapshot) {
  CAF_CHECK(uut.begins_channel("", R"({"topic":"t","type":"snapshot"})"));
  CAF_CHECK(!uut.begins_channel("", R"({"topic":"t","type":"delta"})"));
  CAF_CHECK(uut.begins_channel("", R"({"topic":"order","data":[]})"));
}

// -- answers about channels ---------------------------------------------------

CAF_TEST(an answer with an id grants all of its request) {
  auto request = subscribe({"a", "b"}, 7);
  auto answer = uut.read(
    R"({"success":true,"ret_msg":"","req_id":"7","op":"subscribe"})");
  CAF_CHECK(answer.kind == inbound_kind::answer);
  CAF_CHECK_EQUAL(answer.request, 7);
  CAF_CHECK(uut.judge(answer).meaning == answer_meaning::answered);
  CAF_CHECK_EQUAL(uut.read_grants(request, answer).value().size(), 2u);
}

CAF_TEST(an answer without an id is for the only request) {
  auto granted = [](const std::string& op) {
    return R"({"success":true,"ret_msg":"","req_id":"","op":")" + op + "\"}";
  };
  subscribe({"a"}, 7);
  CAF_CHECK_EQUAL(request_of(granted("unsubscribe")), 0);
  CAF_CHECK_EQUAL(request_of(granted("subscribe")), 7);
  CAF_CHECK_EQUAL(request_of(granted("subscribe")), 0);
  subscribe({"a"}, 8);
  subscribe({"b"}, 9);
  CAF_CHECK_EQUAL(request_of(granted("subscribe")), 0);
  uut.connected();
  subscribe({"a"}, 10);
  subscribe({"b"}, 11, subscription_request_kind::unsubscribe);
  CAF_CHECK_EQUAL(request_of(granted("unsubscribe")), 11);
  CAF_CHECK_EQUAL(request_of(granted("subscribe")), 10);
}

CAF_TEST(answers on options name what was granted) {
  auto first = subscribe({"tickers.A-1-2-C", "tickers.A-1-2-P"}, 7);
  subscribe({"publicTrade.A"}, 8);
  auto text = [](std::string_view good, std::string_view bad) {
    return R"({"success":true,"conn_id":"c","data":{"failTopics":[)"
           + std::string{bad} + R"(],"successTopics":[)" + std::string{good}
           + R"(]},"type":"COMMAND_RESP"})";
  };
  CAF_CHECK_EQUAL(request_of(text(R"("publicTrade.A")", "")), 8);
  auto partial = text(R"("tickers.A-1-2-P")", R"("tickers.A-1-2-C")");
  auto answer = uut.read(partial);
  CAF_CHECK_EQUAL(answer.request, 7);
  CAF_CHECK(uut.judge(answer).meaning == answer_meaning::answered);
  CAF_CHECK(uut.read_grants(first, answer).value()
            == std::vector<std::string>{"tickers.A-1-2-P"});
  subscribe({"tickers.?"}, 9);
  auto refused = judged(text("", R"("tickers.?")"));
  CAF_CHECK(refused.meaning == answer_meaning::refused);
  CAF_CHECK(refused.subject == about::channels);
}

CAF_TEST(refusals are known by their words) {
  auto subject_of = [this](const std::string& words) {
    auto verdict = judged(refused_by(words));
    CAF_CHECK_EQUAL(verdict.refusal.message, words);
    return verdict.meaning == answer_meaning::unknown
             ? "unknown"
             : to_string(verdict.subject);
  };
  CAF_CHECK_EQUAL(subject_of("error:handler not found,topic:x"), "channels");
  CAF_CHECK_EQUAL(subject_of("Invalid symbol :[tickers.NOPE]"), "channels");
  CAF_CHECK_EQUAL(subject_of("Invalid topic: x"), "channels");
  CAF_CHECK_EQUAL(subject_of("args size >10"), "size");
  CAF_CHECK_EQUAL(subject_of("Request not authorized"), "login");
  CAF_CHECK_EQUAL(subject_of("something new"), "unknown");
  CAF_CHECK(judged(R"({"req_id":"7","op":"subscribe"})").meaning
            == answer_meaning::unknown);
}

CAF_TEST(a topic that is subscribed already is granted) {
  auto words = "error:already subscribed,topic:a";
  subscribe({"a"}, 7);
  CAF_CHECK(judged(refused_by(words)).meaning == answer_meaning::answered);
  // Which one of several it is does not matter: none of them was granted.
  subscribe({"a", "b"}, 8);
  auto verdict = judged(refused_by(words, "8"));
  CAF_CHECK(verdict.meaning == answer_meaning::refused);
  CAF_CHECK(verdict.subject == about::channels);
}

CAF_TEST(an error about nothing answers what is open) {
  auto text = R"({"success":false,"ret_msg":"Params Error","op":""})";
  CAF_CHECK(uut.read(text).kind == inbound_kind::notice);
  subscribe({"a"}, 7);
  CAF_CHECK_EQUAL(request_of(text), 7);
  CAF_CHECK(uut.read(R"({"op":"news","x":1})").kind == inbound_kind::notice);
  // Those to texts of the user's are none of ours.
  CAF_CHECK_EQUAL(request_of(R"({"op":"order.create","retCode":0})"), 0);
  CAF_CHECK_EQUAL(
    request_of(R"({"op":"order.create","reqId":"mine","retCode":0})"), 0);
}

CAF_TEST(requests that are never answered are forgotten) {
  for (int64_t id = 1; id <= 1'000; ++id)
    subscribe({"a" + std::to_string(id)}, id);
  CAF_CHECK_EQUAL(request_of(refused_by("x", "1")), 1);
  CAF_CHECK_EQUAL(request_of(refused_by("x", "1000")), 1000);
}

CAF_TEST(a channel that is asked for again is in the later request) {
  auto granted = R"({"success":true,"req_id":"","op":"subscribe"})";
  subscribe({"a", "b"}, 7);
  subscribe({"b"}, 8);
  CAF_CHECK_EQUAL(request_of(granted), 8);
  CAF_CHECK_EQUAL(request_of(granted), 0);
}

// -- logins -------------------------------------------------------------------

CAF_TEST(answers to a login may have no id) {
  auto log_in = [this] { uut.log_in({"k", "s", "", ""}, {}, 5); };
  log_in();
  auto answer
    = uut.read(R"({"success":true,"ret_msg":"","op":"auth","conn_id":"c"})");
  CAF_CHECK_EQUAL(answer.request, 5);
  CAF_CHECK(uut.judge(answer).meaning == answer_meaning::answered);
  CAF_CHECK(uut.read_login(answer));
  log_in();
  answer = uut.read(R"({"retCode":0,"retMsg":"OK","op":"auth","connId":"c"})");
  CAF_CHECK_EQUAL(answer.request, 5);
  CAF_CHECK(uut.judge(answer).meaning == answer_meaning::answered);
}

CAF_TEST(some refusals of a login are final) {
  auto verdict_of = [this](const std::string& members) {
    return judged(R"({"op":"auth","conn_id":"c",)" + members + '}');
  };
  CAF_CHECK(verdict_of(R"("retCode":10004,"retMsg":"m")").is_permanent());
  CAF_CHECK(
    verdict_of(R"("success":false,"retCode":10003,"retMsg":"Invalid apikey")")
      .is_permanent());
  // The same code for something that passes.
  auto sessions = verdict_of(
    R"("retCode":10003,"retMsg":"Too many sessions under the same UID")");
  CAF_CHECK(sessions.meaning == answer_meaning::try_later);
  CAF_CHECK(
    verdict_of(R"("success":false,"retCode":0,"ret_msg":"Params Error")")
      .meaning
    == answer_meaning::refused);
  // Of the clock or of the key: nobody knows.
  CAF_CHECK(
    !verdict_of(R"("success":false,"ret_msg":"Params Error")").is_permanent());
}

// -- orders -------------------------------------------------------------------

CAF_TEST(codes tell what became of an order) {
  CAF_CHECK(meaning_of(0) == answer_meaning::answered);
  for (auto code :
       {10001, 10404, 20006, 110001, 110007, 110072, 170121, 170131})
    CAF_CHECK(meaning_of(code) == answer_meaning::refused);
  for (auto code : {-1, 429, 10002, 10006, 10019, 10403, 10429, 20003, 170222})
    CAF_CHECK(meaning_of(code) == answer_meaning::try_later);
  for (auto code : {10000, 10016, 40004, 110035, 170001, 170007, 170035, 170146,
                    170147, 170212, 170310, 99'999})
    CAF_CHECK(meaning_of(code) == answer_meaning::unknown);
  CAF_CHECK(judged(R"({"reqId":"7","op":"order.create","retCode":"x"})").meaning
            == answer_meaning::unknown);
  CAF_CHECK(judged(R"({"reqId":"7","op":"order.create"})").meaning
            == answer_meaning::unknown);
}

CAF_TEST(each order of a batch has its own outcome) {
  auto batch = [this](const std::string& rows) {
    return judged(R"({"reqId":"7","op":"order.create-batch","retCode":0,)"
                  R"("retMsg":"OK","data":{"list":[]},"retExtInfo":{"list":[)"
                  + rows + "]}}");
  };
  auto good = R"({"code":0,"msg":"OK"})";
  auto bad = R"({"code":110007,"msg":"no money"})";
  auto both = [](std::string x, const std::string& y) { return x + ',' + y; };
  CAF_CHECK(batch(both(good, good)).meaning == answer_meaning::answered);
  CAF_CHECK_EQUAL(batch(both(good, good)).parts.size(), 2u);
  CAF_CHECK(batch(both(bad, bad)).meaning == answer_meaning::refused);
  auto partial = batch(both(good, bad));
  CAF_CHECK(to_error(partial).code == ec::partly_done);
  CAF_CHECK_EQUAL(partial.parts[1].code, 110007);
  CAF_CHECK(batch("").meaning == answer_meaning::unknown);
  CAF_CHECK(to_error(batch(both(good, "7"))).code == ec::outcome_unknown);
}

// -- real answers -------------------------------------------------------------

CAF_TEST(real answers are understood) {
  auto meaning = [this](const std::string& name) {
    auto text = sample("bybit/" + name + ".json");
    if (text.empty())
      return std::string{"skipped"};
    subscribe({"a"}, 7);
    uut.log_in({"k", "s", "", ""}, {}, 5);
    auto answer = uut.read(text);
    if (answer.kind != inbound_kind::answer)
      return std::string{"no answer"};
    return std::string{to_string(uut.judge(answer).meaning)};
  };
  auto check = [&](const char* name, const char* expected) {
    auto result = meaning(name);
    CAF_CHECK(result == expected || result == "skipped");
  };
  check("subscription_ack", "answered");
  check("subscription_failure", "refused");
  check("auth_success", "answered");
  check("auth_failure", "refused");
  check("order_response", "answered");
}

CAF_TEST_FIXTURE_SCOPE_END()
