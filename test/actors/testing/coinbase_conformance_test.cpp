// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE coinbase_conformance

#include "zenws/testing/dialect_conformance.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using zenws::testing::venue_script;

namespace {

std::string list(const std::string& kinds) {
  return R"({"channel":"subscriptions","timestamp":"2027-01-01T00:00:00Z",)"
         R"("events":[{"subscriptions":{)"
         + kinds + "}}]}";
}

venue_script::answer error_text(const std::string& words) {
  return [words](std::string_view) {
    return R"({"type":"error","message":")" + words + R"("})";
  };
}

venue_script script() {
  venue_script result;
  result.make = [] { return make_dialect("coinbase"); };
  result.channel = {.name = "level2:BTC-USD"};
  result.other_channel = {.name = "level2:ETH-USD"};
  result.data = R"({"channel":"l2_data","events":[{"type":"update",)"
                R"("product_id":"BTC-USD","updates":[]}]})";
  result.grant = [](std::string_view) {
    return std::vector{list(R"("level2":["BTC-USD","ETH-USD"])")};
  };
  result.grant_one = [](std::string_view) {
    return list(R"("heartbeats":["heartbeats"],"level2":["BTC-USD"])");
  };
  result.refuse_names
    = error_text("too many L2 streams requested in a single session");
  result.busy = error_text("rate limit exceeded");
  result.take_away = list(R"("heartbeats":["heartbeats"])");
  result.beat = R"({"channel":"heartbeats","events":[)"
                R"({"current_time":"t","heartbeat_counter":1}]})";
  return result;
}

} // namespace

CAF_TEST(the dialect of Coinbase meets the needs of the venue) {
  auto problems = zenws::testing::check_dialect(script());
  CAF_CHECK_EQUAL(problems, std::vector<std::string>{});
}
