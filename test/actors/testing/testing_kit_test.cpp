// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE testing_kit

#include "support/actor_test.hpp"
#include "support/world.hpp"

#include "zenws/testing/mock_exchange.hpp"

using namespace zenws;
using namespace zenws::test_support;
using zenws::testing::json_with;
using zenws::testing::message_matcher;
using zenws::testing::mock_exchange;

namespace {

struct fixture : world {
  client_actor connect(const std::string& path) {
    auto [client, events] = connect_collecting(*this, quick(venue.url(path)));
    in = events;
    CAF_REQUIRE(ask<uint64_t>(client, await_ready{}));
    return client;
  }

  mock_exchange venue;
  inbox_ptr in;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(testing_kit_tests, fixture)

CAF_TEST(a message is matched by text or expression or part or function) {
  constexpr auto text = R"({"id":1,"params":{"a":[1,{"b":2,"c":3}]}})";
  CAF_CHECK(message_matcher{text}(text));
  CAF_CHECK(!message_matcher{"other"}(text));
  CAF_CHECK(message_matcher{std::regex{R"("id":\d)"}}(text));
  CAF_CHECK(!message_matcher{std::regex{"^id"}}(text));
  CAF_CHECK(json_with(R"({"params":{"a":[1,{"c":3}]}})")(text));
  CAF_CHECK(!json_with(R"({"params":{"a":[1]}})")(text));
  CAF_CHECK(!json_with(R"({"id":"1"})")(text));
  CAF_CHECK(!json_with(R"({"id":1})")("not JSON"));
  message_matcher is_long{[](std::string_view x) { return x.size() > 10; }};
  CAF_CHECK(is_long(text));
  auto is_refused = false;
  try {
    json_with("{");
  } catch (const std::invalid_argument&) {
    is_refused = true;
  }
  CAF_CHECK(is_refused);
}

CAF_TEST(messages of clients can be waited for) {
  auto uut = connect("/echo");
  CAF_CHECK(!venue.assert_sent("hello", 0ms));
  caf_compat::tell(*self, uut, send_text{"hello"});
  CAF_CHECK(venue.assert_sent("hello"));
  CAF_CHECK_EQUAL(venue.count_sent("hello"), 1u);
  venue.clear();
  CAF_CHECK_EQUAL(venue.count_sent("hello"), 0u);
}

CAF_TEST(messages of the exchange arrive) {
  connect("/broadcast");
  venue.inject_message("news");
  CAF_CHECK(in->wait_for_text("news"));
}

CAF_TEST(outages of all kinds can be had) {
  connect("/echo");
  uint64_t epoch = 1;
  auto returns = [&] {
    return in->wait_for_state(client_state::ready, ++epoch);
  };
  venue.disconnect(1001, "bye");
  CAF_CHECK(returns());
  venue.drop();
  CAF_CHECK(returns());
  venue.go_away();
  CAF_REQUIRE(in->wait_for_event([&](auto& x) {
    return x.state == client_state::backing_off && x.epoch == epoch;
  }));
  venue.come_back();
  CAF_CHECK(returns());
}

CAF_TEST(a refusal lasts until it is undone) {
  venue.refuse(503);
  auto [uut, events] = connect_collecting(*this, quick(venue.url("/echo")));
  auto refused = events->wait_for_event(
    [](auto& x) { return x.reason.code == ec::upgrade_refused; });
  CAF_REQUIRE(refused);
  venue.accept();
  CAF_CHECK(events->wait_for_state(client_state::ready));
}

CAF_TEST(a rate limit is obeyed) {
  venue.rate_limit(1s);
  auto [uut, events] = connect_collecting(*this, quick(venue.url("/echo")));
  auto waits = events->wait_for_event(
    [](auto& x) { return x.state == client_state::backing_off; });
  CAF_REQUIRE(waits);
  CAF_CHECK_GREATER(waits->retry_in.count(), 0);
  CAF_CHECK(events->wait_for_state(client_state::ready));
}

CAF_TEST(a venue that stalls goes on later) {
  auto uut = connect("/echo");
  venue.stall();
  caf_compat::tell(*self, uut, send_text{"late"});
  CAF_CHECK(!venue.assert_sent("late", 50ms));
  venue.resume();
  CAF_CHECK(venue.assert_sent("late"));
  CAF_CHECK(in->wait_for_text("late"));
}

CAF_TEST_FIXTURE_SCOPE_END()
