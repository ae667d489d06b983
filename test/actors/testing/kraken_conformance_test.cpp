// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_conformance

#include "zenws/testing/dialect_conformance.hpp"

#include "zenws/json/json_value.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using zenws::testing::venue_script;

namespace {

std::string member_of(std::string_view request, std::string_view name) {
  return std::string{find_member(request, name).text};
}

std::string answer_to(std::string_view request, const std::string& members) {
  return R"({"method":")" + member_of(request, "method") + R"(",)" + members
         + R"(,"time_in":"2024-05-06T07:08:09Z",)"
           R"("time_out":"2024-05-06T07:08:09Z","req_id":)"
         + member_of(request, "req_id") + '}';
}

venue_script::answer refusal_by(const std::string& text) {
  return [text](std::string_view request) {
    return answer_to(request, R"("error":")" + text + R"(","success":false)");
  };
}

std::vector<std::string> grants(std::string_view request) {
  std::vector<std::string> result;
  auto params = member_of(request, "params");
  auto symbols = member_of(params, "symbol");
  for (auto& symbol : elements_of(symbols).value())
    result.push_back(answer_to(
      request, R"("result":{"channel":")" + member_of(params, "channel")
                 + R"(","symbol":")" + std::string{symbol.text}
                 + R"("},"success":true)"));
  return result;
}

venue_script kraken() {
  venue_script result;
  result.make = [] { return make_dialect("kraken"); };
  result.channel = {.name = "trade:BTC/USD"};
  result.other_channel = {.name = "trade:ETH/USD"};
  result.data = R"({"channel":"trade","type":"update","data":[)"
                R"({"symbol":"BTC/USD","side":"buy"}]})";
  result.grant = grants;
  result.refuse_names = [](std::string_view request) {
    return answer_to(request,
                     R"("error":"Currency pair not supported BTC/USD",)"
                     R"("symbol":"BTC/USD","success":false)");
  };
  result.busy = refusal_by("Exceeded msg rate");
  result.take_away = R"({"method":"unsubscribe","success":true,)"
                     R"("result":{"channel":"trade","symbol":"BTC/USD"}})";
  result.method = "add_order";
  result.result = [](std::string_view request) {
    return answer_to(request, R"("result":{"order_id":"O"},"success":true)");
  };
  result.refusal = refusal_by("EOrder:Insufficient funds");
  result.failure = refusal_by("EGeneral:Internal error");
  result.nonsense = [](std::string_view request) {
    return answer_to(request, R"("success":7)");
  };
  result.beat = R"({"channel":"heartbeat"})";
  return result;
}

} // namespace

CAF_TEST(the dialect of Kraken meets the needs of venues) {
  std::string problems;
  for (auto& x : zenws::testing::check_dialect(kraken()))
    problems += x + "; ";
  CAF_CHECK_EQUAL(problems, "");
}
