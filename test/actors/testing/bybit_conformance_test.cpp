// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit_conformance

#include "zenws/testing/dialect_conformance.hpp"

#include "zenws/json/json_value.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using zenws::testing::venue_script;

namespace {

bool is_order(std::string_view request) {
  return request.find("\"reqId\"") != request.npos;
}

std::string id_of(std::string_view request) {
  auto name = is_order(request) ? "reqId" : "req_id";
  return find_member(request, name).string().value_or("");
}

venue_script::answer order_answer(int code) {
  return [code](std::string_view request) {
    return R"({"reqId":")" + id_of(request)
           + R"(","op":"order.create","retMsg":"m","data":{},"retCode":)"
           + std::to_string(code) + R"(,"retExtInfo":{},"connId":"c"})";
  };
}

venue_script::answer refusal_by(const std::string& words) {
  return [words](std::string_view request) {
    return R"({"success":false,"ret_msg":")" + words
           + R"(","conn_id":"c","req_id":")" + id_of(request)
           + R"(","op":"subscribe"})";
  };
}

venue_script::answer text(const std::string& answer) {
  return [answer](std::string_view) { return answer; };
}

/// A public stream of futures or spot, with order entry and a login beside it.
venue_script bybit() {
  venue_script result;
  result.make = [] { return make_dialect("bybit"); };
  result.channel = {.name = "publicTrade.BTCUSDT"};
  result.other_channel = {.name = "orderbook.50.BTCUSDT"};
  result.data = R"({"topic":"publicTrade.BTCUSDT","type":"snapshot",)"
                R"("ts":1,"data":[]})";
  result.grant = [](std::string_view request) {
    return std::vector{R"({"success":true,"ret_msg":"","conn_id":"c",)"
                       R"("req_id":")"
                       + id_of(request) + R"(","op":"subscribe"})"};
  };
  result.refuse_names = refusal_by("error:handler not found,topic:x");
  result.busy = [](std::string_view request) {
    return is_order(request) ? order_answer(10429)(request)
                             : refusal_by("too many requests")(request);
  };
  result.method = "order.create";
  result.result = order_answer(0);
  result.refusal = order_answer(110007);
  result.failure = order_answer(10016);
  result.nonsense = [](std::string_view request) {
    return R"({"reqId":")" + id_of(request) + R"(","op":"order.create"})";
  };
  result.grant_login
    = text(R"({"success":true,"ret_msg":"","op":"auth","conn_id":"c"})");
  result.refuse_login = text(
    R"({"success":false,"ret_msg":"Params Error","op":"auth","conn_id":"c"})");
  result.refuse_credentials
    = text(R"({"retCode":10004,"retMsg":"m","op":"auth","connId":"c"})");
  result.beat = R"({"success":true,"ret_msg":"pong","op":"ping"})";
  return result;
}

/// The stream of options, whose answers have names but no ids.
venue_script bybit_options() {
  auto answer = [](const std::string& good, const std::string& bad) {
    return R"({"success":true,"conn_id":"c","data":{"failTopics":[)" + bad
           + R"(],"successTopics":[)" + good + R"(]},"type":"COMMAND_RESP"})";
  };
  auto result = bybit();
  result.channel = {.name = "publicTrade.BTC"};
  result.other_channel = {.name = "orderbook.25.BTC-27MAR26-60000-C"};
  result.data = R"({"id":"1","topic":"publicTrade.BTC","type":"snapshot",)"
                R"("ts":1,"data":[]})";
  auto first = '"' + result.channel.name + '"';
  auto second = '"' + result.other_channel.name + '"';
  result.grant = [=](std::string_view request) {
    auto both = request.find(second) != request.npos;
    return std::vector{answer(both ? first + ',' + second : first, "")};
  };
  result.grant_one = text(answer(first, second));
  result.refuse_names = text(answer("", first));
  result.beat = R"({"args":["1672916271846"],"op":"pong"})";
  return result;
}

std::string problems_of(const venue_script& script) {
  std::string result;
  for (auto& x : zenws::testing::check_dialect(script))
    result += x + "; ";
  return result;
}

} // namespace

CAF_TEST(the dialect of Bybit meets the needs of the venue) {
  CAF_CHECK_EQUAL(problems_of(bybit()), "");
  CAF_CHECK_EQUAL(problems_of(bybit_options()), "");
}
