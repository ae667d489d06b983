// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_token

#include "zenws/venue/kraken/kraken_dialect.hpp"

#include "core/session/venue_fixture.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <utility>

using namespace zenws;
using namespace zenws::test_support;

namespace {

client_config private_config() {
  auto cfg = fast_config();
  cfg.heartbeat.kind = heartbeat_kind::none;
  cfg.venue.dialect = "kraken";
  cfg.venue.login = login_mode::required;
  return cfg;
}

struct fixture : venue_fixture {
  uint64_t last_call = 0;

  fixture() {
    restart(private_config());
    connect();
  }

  void give_token(const std::string& token) {
    take(uut.authorized(credentials{.secret = token},
                        std::chrono::system_clock::time_point{}, now));
  }

  std::string param(size_t index, std::string_view name) const {
    auto params = find_member(sent.at(index), "params");
    return std::string{find_member(params.text, name).text};
  }

  std::string token_of(size_t index) const {
    return param(index, "token");
  }

  void call(const std::string& method, const std::string& params) {
    take(uut.call(++last_call, method, params, 5s, fail_if_down, now));
  }

  inbound_kind answer(size_t index, const std::string& members) {
    auto& request = sent.at(index);
    return peer(R"({"method":")"
                + std::string{find_member(request, "method").text} + R"(",)"
                + members + R"(,"req_id":)"
                + std::string{find_member(request, "req_id").text} + '}');
  }

  bool asks_for_credentials() const {
    return count<action::get_credentials>(out) > 0;
  }

  /// Lets time pass until something is due.
  void pass(session::duration time) {
    now += time;
    take(uut.expired(now));
  }
};

constexpr auto invalid = R"("error":"ESession:Invalid session",)"
                         R"("success":false)";

} // namespace

CAF_TEST_FIXTURE_SCOPE(kraken_token_tests, fixture)

CAF_TEST(a token is a login without a request) {
  CAF_CHECK(asks_for_credentials());
  CAF_CHECK(uut.state() == client_state::authenticating);
  give_token("t/+=");
  CAF_CHECK(uut.state() == client_state::ready);
  CAF_CHECK(sent.empty());
}

CAF_TEST(requests about orders carry the token) {
  give_token("one");
  for (auto method :
       {"add_order", "amend_order", "batch_add", "batch_cancel", "cancel_all",
        "cancel_all_orders_after", "cancel_order", "edit_order"})
    call(method, R"({"a":1})");
  for (auto& text : sent)
    CAF_CHECK(text.find(R"("params":{"a":1,"token":"one"})")
              != std::string::npos);
  call("cancel_all", "{ }");
  CAF_CHECK(sent.back().find(R"("params":{ "token":"one"})")
            != std::string::npos);
  call("cancel_all", "");
  CAF_CHECK(sent.back().find(R"("params":{"token":"one"})")
            != std::string::npos);
  call("add_order", R"({"token":"mine"})");
  CAF_CHECK_EQUAL(token_of(sent.size() - 1), "mine");
  call("ping", "");
  CAF_CHECK(sent.back().find("one") == std::string::npos);
}

CAF_TEST(channels of accounts carry the token and others do not ) {
  subscribe(1, {"executions"}, channel_access::authenticated_only);
  CAF_CHECK(sent.empty()); // they wait for it
  give_token("one");
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK_EQUAL(token_of(0), "one");
  subscribe(1, {"balances"});
  subscribe(1, {"future_kind"}, channel_access::authenticated_only);
  subscribe(1, {"instrument"});
  CAF_REQUIRE_EQUAL(sent.size(), 4u);
  CAF_CHECK_EQUAL(token_of(1), "one");
  CAF_CHECK_EQUAL(token_of(2), "one");
  CAF_CHECK_EQUAL(token_of(3), "");
}

CAF_TEST(a channel is given up with the token) {
  give_token("one");
  subscribe(1, {"executions"});
  answer(0, R"("success":true,"result":{"channel":"executions"})");
  take(uut.remove_subscriber(1, now));
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(sent[1].find("unsubscribe") != std::string::npos);
  CAF_CHECK_EQUAL(token_of(1), "one");
}

CAF_TEST(another token is asked for before the first one is old) {
  give_token("one");
  pass(12min);
  CAF_CHECK(asks_for_credentials());
  call("cancel_all", "{}");
  give_token("two");
  call("cancel_all", "{}");
  CAF_CHECK_EQUAL(token_of(0), "one");
  CAF_CHECK_EQUAL(token_of(1), "two");
}

CAF_TEST(a provider that fails then is asked again and the client goes on) {
  give_token("one");
  pass(12min);
  take(uut.authorized(error{ec::provider_failed}, {}, now));
  CAF_CHECK(says(out, "login_delayed"));
  CAF_CHECK(uut.state() == client_state::ready);
  pass(1s);
  CAF_CHECK(asks_for_credentials());
}

CAF_TEST(a token that the venue refuses is replaced at once) {
  give_token("one");
  now += 1min;
  call("add_order", "{}");
  answer(0, invalid);
  CAF_CHECK(says(out, "answer:1:ESession:Invalid session"));
  pass(0s);
  CAF_CHECK(asks_for_credentials());
  CAF_CHECK(uut.state() == client_state::ready);
  give_token("two");
  call("add_order", "{}");
  CAF_CHECK_EQUAL(token_of(1), "two");
}

CAF_TEST(channels are asked for again with the next token) {
  give_token("one");
  now += 1min;
  subscribe(1, {"executions"});
  answer(0, invalid);
  CAF_CHECK(!says(out, "report"));
  pass(0s);
  CAF_CHECK(asks_for_credentials());
  give_token("two");
  pass(1s);
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK_EQUAL(token_of(1), "two");
}

CAF_TEST(a key without the permission is no matter of another token) {
  give_token("one");
  now += 1min;
  subscribe(1, {"executions"});
  answer(0, R"("error":"EGeneral:Permission denied","success":false)");
  CAF_CHECK(says(out, "report:executions=rejected"));
  pass(0s);
  CAF_CHECK(!asks_for_credentials());
}

CAF_TEST(an empty token is a failure of its provider) {
  give_token("");
  CAF_CHECK(says(out, "notify:backing_off"));
  CAF_CHECK(sent.empty());
}

CAF_TEST(the next connection begins without the token) {
  give_token("one");
  subscribe(1, {"executions"});
  drop();
  reconnect();
  CAF_CHECK(asks_for_credentials());
  CAF_CHECK_EQUAL(sent.size(), 1u);
  give_token("two");
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK_EQUAL(token_of(1), "two");
}

CAF_TEST(without a login nothing is added) {
  kraken_dialect dialect;
  auto text = dialect.call("cancel_all", "{}", 7);
  CAF_CHECK_EQUAL(text.value(),
                  R"({"method":"cancel_all","params":{},"req_id":7})");
}

CAF_TEST_FIXTURE_SCOPE_END()
