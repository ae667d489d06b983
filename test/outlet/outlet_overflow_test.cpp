// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet.overflow

#include "outlet_fixture.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <string>
#include <utility>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// More than the system buffers for a connection.
constexpr size_t num_messages = 400;
const std::string padding(50'000, 'x');

struct fixture : outlet_fixture {
  fixture() {
    start(patient());
    start_client("feed", "/broadcast");
  }

  // Returns options by which nobody is left for its silence, however busy the
  // machine is.
  static outlet_options patient() {
    return {.silence_limit = std::chrono::hours{1}};
  }

  // Connects and subscribes to everything.
  std::unique_ptr<outlet_client> follow(const std::string& options = {}) {
    auto result = connect();
    auto answer = result->ask(
      R"({"id":1,"op":"subscribe","client":"feed","everything":true)" + options
      + "}");
    CAF_REQUIRE_EQUAL(answer["result"], "done");
    return result;
  }

  // Sends messages that `fast` reads, all of them, and others do not.
  void flood(outlet_client& fast) {
    for (size_t i = 1; i <= num_messages; ++i) {
      server->broadcast("{\"i\":" + std::to_string(i) + ",\"x\":\"" + padding
                        + "\"}");
      auto message = fast.read_until(is_no_event);
      CAF_REQUIRE_EQUAL(message["seq"], std::to_string(i));
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlet_overflow_tests, fixture)

CAF_TEST(a program that stalls loses what it is told and holds nobody up) {
  auto stalled = follow(R"(,"budget":200000)");
  auto fast = follow();
  flood(*fast);
  uint64_t seen = 0;
  uint64_t lost = 0;
  while (seen + lost < num_messages) {
    auto message = stalled->read_until(is_no_event);
    if (message.has("lost")) {
      lost += message.json()["lost"].GetUint64();
      continue;
    }
    ++seen;
    CAF_REQUIRE_EQUAL(message["seq"], std::to_string(seen + lost));
  }
  CAF_MESSAGE(seen << " seen, " << lost << " lost");
  CAF_CHECK(lost > 0);
  CAF_CHECK_EQUAL(seen + lost, num_messages);
  // And it goes on.
  server->broadcast("1");
  CAF_CHECK_EQUAL(stalled->read_until(is_no_event)["data"], "1");
}

CAF_TEST(the budget of a connection is that of all its subscriptions) {
  auto options = patient();
  options.budget_bytes = 200'000;
  start(std::move(options));
  start_client("other", "/broadcast");
  auto stalled = follow();
  auto answer = stalled->ask(
    R"({"id":2,"op":"subscribe","client":"other","everything":true})");
  CAF_REQUIRE_EQUAL(answer["result"], "done");
  auto fast = follow();
  flood(*fast);
  uint64_t told[2] = {0, 0};
  while (told[0] + told[1] < 2 * num_messages) {
    auto message = stalled->read_until(is_no_event);
    told[message["client"] == "other"]
      += message.has("lost") ? message.json()["lost"].GetUint64() : 1;
  }
  CAF_CHECK_EQUAL(told[0], num_messages);
  CAF_CHECK_EQUAL(told[1], num_messages);
}

CAF_TEST(a subscription that must lose nothing ends instead) {
  auto stalled
    = follow(R"(,"budget":200000,"overflow":"disconnect_subscriber")");
  auto fast = follow();
  flood(*fast);
  uint64_t seen = 0;
  auto end = stalled->read_until([&](auto& x) {
    seen += x.has("seq");
    CAF_CHECK(!x.has("lost"));
    return x["event"] == "subscriber_removed";
  });
  CAF_CHECK(seen < num_messages);
  CAF_CHECK(end.json()["reason"]["code"] == "subscriber_overflow");
  CAF_CHECK_EQUAL(stalled->ask(R"({"id":2,"op":"ping"})")["result"], "pong");
  server->broadcast("1");
  // The subscription is over, and may begin anew.
  auto again = stalled->ask(
    R"({"id":3,"op":"subscribe","client":"feed","everything":true})");
  CAF_CHECK_EQUAL(again["result"], "done");
}

CAF_TEST(a program that asks and does not read is not read either) {
  auto program = connect();
  // Answers of 60 bytes would fill megabytes if all were kept.
  std::string request = R"({"id":1,"op":"ping"})";
  for (size_t i = 0; i < 20'000; ++i)
    program->send(request);
  for (size_t i = 0; i < 20'000; ++i)
    CAF_REQUIRE_EQUAL(program->read()["result"], "pong");
}

CAF_TEST_FIXTURE_SCOPE_END()
