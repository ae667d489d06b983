// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE hyperliquid_conformance

#include "zenws/json/json_value.hpp"
#include "zenws/testing/dialect_conformance.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using zenws::testing::venue_script;

namespace {

std::string subscription_response(const char* method,
                                  std::string_view subscription) {
  return R"({"channel":"subscriptionResponse","data":{"method":")"
         + std::string{method} + R"(","subscription":)"
         + std::string{subscription} + "}}";
}

std::string error_text(const std::string& text) {
  return R"({"channel":"error","data":)" + *quoted_json(text) + '}';
}

std::string id_of(std::string_view request) {
  return std::string{find_member(request, "id").text};
}

venue_script::answer response(const std::string& json) {
  return [json](std::string_view request) {
    return R"({"channel":"post","data":{"id":)" + id_of(request)
           + R"(,"response":)" + json + "}}";
  };
}

venue_script::answer http_error(const std::string& status) {
  return response(R"({"type":"error","payload":")" + status + "\"}");
}

venue_script script() {
  venue_script result;
  result.make = [] { return make_dialect("hyperliquid"); };
  result.channel = {.name = "trades:BTC"};
  result.other_channel = {"l2Book:BTC:fast",
                          R"({"type":"l2Book","coin":"BTC","fast":true})"};
  result.data = R"({"channel":"trades","data":[{"coin":"BTC"}]})";
  result.grant = [](std::string_view) {
    return std::vector{
      subscription_response("subscribe", R"({"type":"trades","coin":"BTC"})"),
      subscription_response("subscribe", R"({"type":"l2Book","coin":"BTC",)"
                                         R"("nSigFigs":null,"fast":true})")};
  };
  result.refuse_names = [](std::string_view request) {
    return error_text("Error parsing JSON into valid websocket request: "
                      + std::string{request});
  };
  result.busy = [](std::string_view request) {
    return find_member(request, "id")
             ? error_text("too many pending post requests id=" + id_of(request))
             : error_text("Cannot send more than 2000 messages per minute.");
  };
  result.take_away = subscription_response("unsubscribe",
                                           R"({"type":"trades","coin":"BTC"})");
  result.method = "info";
  result.result = response(R"({"type":"info","payload":{"data":{}}})");
  result.refusal = http_error("422 Unprocessable Entity");
  result.failure = http_error("500 Internal Server Error");
  result.nonsense = response("7");
  result.beat = R"({"channel":"pong"})";
  return result;
}

} // namespace

CAF_TEST(the dialect of Hyperliquid meets the needs of the venue) {
  auto problems = zenws::testing::check_dialect(script());
  CAF_CHECK_EQUAL(problems, std::vector<std::string>{});
}
