// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE monitor.actions

#include "monitor_fixture.hpp"
#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

std::string client_action(const std::string& action,
                          const std::string& client) {
  return R"({"action":")" + action + R"(","client":")" + client + R"("})";
}

struct fixture : monitor_fixture {
  uint64_t epoch_of(const client_actor& client) {
    auto result = ask<uint64_t>(client, await_ready{});
    return result ? *result : 0;
  }

  // Starts a supervisor of any children with a client.
  client_actor start_own(const std::string& name) {
    supervisor_config inner{.name = "inner"};
    inner.children.push_back(rt.child(spec(name)));
    supervisor_config outer{.name = "outer"};
    outer.children.push_back(rt.child(std::move(inner)));
    if (!rt.start_supervisor(std::move(outer)))
      throw std::runtime_error{"a supervisor does not start"};
    for (;;)
      if (auto client = rt.find_client(name))
        return *client;
  }
};

// Writes down what a desk is asked for.
struct fake_desk {
  std::shared_ptr<std::string> halted_because
    = std::make_shared<std::string>("never");

  order_desk_actor start(caf::actor_system& sys) {
    return caf::actor_cast<order_desk_actor>(sys.spawn(
      [](caf::event_based_actor*,
         const std::shared_ptr<std::string>& to) -> caf::behavior {
        return {
          [to](const halt_trading& x) { *to = x.reason; },
          [to](resume_trading) { *to = ""; },
          [to](get_desk_report) {
            return desk_report{.placed = 3, .is_halted = !to->empty()};
          },
          [](const get_orders&) {
            trading::order open;
            open.key.instrument = *market::instrument_name::make("BTC");
            return order_list{{open}};
          },
          [](get_positions) { return position_list{}; },
        };
      },
      halted_because));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(monitor_actions_tests, fixture)

CAF_TEST(without the token nothing happens) {
  start_with_token();
  auto client = start_client("feed");
  auto body = client_action("restart", "feed");
  http_client http{uut->port()};
  auto refused = http.post("/actions", body);
  CAF_CHECK_EQUAL(refused.result_int(), 401u);
  CAF_CHECK_EQUAL(refused["WWW-Authenticate"], "Bearer");
  CAF_CHECK_EQUAL(http
                    .post("/actions", body, {{"Authorization", "Bearer wrong"}})
                    .result_int(),
                  401u);
  CAF_CHECK_EQUAL(epoch_of(client), 1u);
  start(); // without a token
  CAF_CHECK_EQUAL(act(body), 401u);
  CAF_CHECK_EQUAL(epoch_of(client), 1u);
}

CAF_TEST(a client is restarted and stopped and that is written down) {
  start_with_token();
  auto client = start_client("feed");
  CAF_CHECK_EQUAL(act(client_action("restart", "feed")), 200u);
  CAF_CHECK_EQUAL(epoch_of(client), 2u);
  CAF_CHECK_EQUAL(act(client_action("start", "feed")), 409u);
  CAF_CHECK_EQUAL(act(client_action("stop", "feed")), 200u);
  CAF_CHECK_EQUAL(json("/clients.json")["total"].GetUint(), 0u);
  CAF_CHECK_EQUAL(act(client_action("restart", "feed")), 404u);
  CAF_CHECK(entries->wait_for("operator: restart feed"));
  auto events = text("/events.json");
  CAF_CHECK(events.find("stop feed") != std::string::npos);
}

CAF_TEST(a client of a supervisor of ones own is stopped and started) {
  start_with_token();
  auto client = start_own("feed");
  CAF_CHECK_EQUAL(epoch_of(client), 1u);
  CAF_CHECK_EQUAL(act(client_action("restart", "feed")), 200u);
  CAF_CHECK_EQUAL(epoch_of(client), 2u);
  CAF_CHECK_EQUAL(act(client_action("start", "feed")), 409u);
  CAF_CHECK_EQUAL(act(client_action("stop", "feed")), 200u);
  CAF_CHECK(eventually([&] {
    auto page = json("/clients.json");
    return page["clients"][0]["child"].GetString() == std::string{"stopped"};
  }));
  CAF_CHECK_EQUAL(act(client_action("start", "feed")), 200u);
  CAF_CHECK_EQUAL(epoch_of(client), 3u);
}

CAF_TEST(channels are renewed) {
  start_with_token();
  auto deribit = spec("venue", "/ws/api/v2");
  deribit.config.venue.dialect = "deribit";
  auto client = ask<client_actor>(supervisor, zenws::start_client{deribit});
  CAF_REQUIRE(client);
  auto [subscriber, in] = collect(*client);
  CAF_CHECK_EQUAL(act(client_action("renew", "venue")), 404u);
  CAF_REQUIRE(ask<channel_report>(
    *client,
    subscribe_channels{{{.name = "book.BTC-PERPETUAL.100ms"}}, subscriber}));
  CAF_CHECK_EQUAL(act(client_action("renew", "venue")), 200u);
  CAF_CHECK_EQUAL(act(R"({"action":"renew","client":"venue",)"
                      R"("channel":"book.BTC-PERPETUAL.100ms"})"),
                  200u);
  CAF_CHECK_EQUAL(act(R"({"action":"renew","client":"venue",)"
                      R"("channel":"other"})"),
                  404u);
  CAF_CHECK_EQUAL(act(client_action("renew", "other")), 404u);
}

CAF_TEST(a desk is halted and resumed) {
  fake_desk desk;
  desk_map desks{{"mm", desk.start(sys)}};
  start_with_token({.desks = [=] { return desks; }});
  CAF_CHECK_EQUAL(act(R"({"action":"halt","desk":"mm","reason":"news"})"),
                  200u);
  CAF_CHECK_EQUAL(*desk.halted_because, "news");
  auto state = json("/state.json");
  CAF_CHECK_EQUAL(state["desks"][0]["name"].GetString(), std::string{"mm"});
  CAF_CHECK_EQUAL(state["desks"][0]["halted"].GetBool(), true);
  CAF_CHECK_EQUAL(state["desks"][0]["placed"].GetUint(), 3u);
  CAF_CHECK_EQUAL(state["desks"][0]["orders"][0]["instrument"].GetString(),
                  std::string{"BTC"});
  CAF_CHECK_EQUAL(act(R"({"action":"resume","desk":"mm"})"), 200u);
  CAF_CHECK_EQUAL(*desk.halted_because, "");
  CAF_CHECK_EQUAL(act(R"({"action":"halt","desk":"other"})"), 404u);
}

CAF_TEST(a mistake in an action is named) {
  start_with_token();
  http_client http{uut->port()};
  auto problem = [&](const std::string& body) {
    auto response = http.post("/actions", body,
                              {{"Authorization", "Bearer " + right_token}});
    CAF_CHECK_EQUAL(response.result_int(), 422u);
    return std::string{find_member(response.body(), "error").text};
  };
  CAF_CHECK(problem("").starts_with("action: must be restart, "));
  CAF_CHECK(problem("[1,2").starts_with("action: "));
  CAF_CHECK(problem(R"({"action":7})").starts_with("action: "));
  CAF_CHECK(problem(R"({"action":"burn"})").starts_with("action: "));
  CAF_CHECK_EQUAL(problem(R"({"action":"stop"})"), "client: must be a name");
  CAF_CHECK_EQUAL(problem(R"({"action":"halt","client":"x"})"),
                  "desk: must be a name");
  auto long_name = std::string(300, 'x');
  CAF_CHECK(problem(client_action("stop", long_name)).starts_with("client: "));
}

CAF_TEST_FIXTURE_SCOPE_END()
