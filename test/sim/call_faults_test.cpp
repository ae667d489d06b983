// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE call_faults

#include "sim_client.hpp"

#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/rules.hpp"
#include "zenws/sim/control_command.hpp"

#include "support/unit_test.hpp"

#include <set>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto deribit = "/ws/api/v2";
constexpr auto okx = "/ws/v5/public";

const std::string login = R"({"grant_type":"client_credentials",)"
                          R"("client_id":"demo",)"
                          R"("client_secret":"demo-secret"})";
const std::string order = R"({"instrument_name":"BTC-PERPETUAL","amount":10,)"
                          R"("price":5,"label":"a"})";
const std::string okx_trades
  = R"({"op":"subscribe","args":[{"channel":"trades",)"
    R"("instId":"BTC-USDT"},{"channel":"trades","instId":"ETH-USDT"}]})";

struct fixture {
  // Returns whether a channel of Deribit brings nothing while another does.
  static bool is_silent(sim_client& uut, const std::string& channel,
                        const std::string& other) {
    for (int others = 0; others < 20;) {
      auto next = uut.receive();
      CAF_REQUIRE(next);
      if (next->str("/params/channel") == channel)
        return false;
      others += next->str("/params/channel") == other;
    }
    return true;
  }

  static std::string channels(const std::string& name) {
    return R"({"channels":[")" + name + R"("]})";
  }

  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(call_fault_tests, fixture)

// -- calls --------------------------------------------------------------------

CAF_TEST(a call fails by the given code and the next is served) {
  sim_client uut{*server, deribit};
  server->apply(sim::fault_fail_calls{.method = "public/get_time",
                                      .code = "10041",
                                      .message = "settlement_in_progress"});
  CAF_CHECK(uut.call("public/test").has("/result"));
  auto failed = uut.call("public/get_time");
  CAF_CHECK_EQUAL(failed.num("/error/code"), 10041);
  CAF_CHECK_EQUAL(failed.str("/error/message"), "settlement_in_progress");
  CAF_CHECK(uut.call("public/get_time").has("/result"));
}

CAF_TEST(a login fails like any other call) {
  sim_client uut{*server, deribit};
  server->apply(sim::fault_fail_calls{.code = "13028",
                                      .message = "temporarily_unavailable"});
  CAF_CHECK_EQUAL(uut.call("public/auth", login).num("/error/code"), 13028);
  CAF_CHECK(uut.call("public/auth", login).has("/result"));
}

CAF_TEST(a call that failed may have been carried out) {
  sim_client uut{*server, deribit};
  uut.call("public/auth", login);
  server->apply(sim::fault_fail_calls{.method = "private/buy",
                                      .code = "13888",
                                      .message = "timed_out",
                                      .executes = sim::execution::done});
  CAF_CHECK_EQUAL(uut.call("private/buy", order).num("/error/code"), 13888);
  CAF_CHECK_EQUAL(server->count_orders("a"), 1u);
}

CAF_TEST(a call may get no answer whether or not it was carried out) {
  sim_client uut{*server, deribit};
  uut.call("public/auth", login);
  for (auto executes : {sim::execution::left, sim::execution::done}) {
    server->apply(
      sim::fault_answer_nothing{.method = "private/buy", .executes = executes});
    uut.send(R"({"jsonrpc":"2.0","id":77,"method":"private/buy","params":)"
             + order + '}');
    // The next answer is that of the next call.
    uut.send(R"({"jsonrpc":"2.0","id":78,"method":"public/test"})");
    CAF_CHECK_EQUAL(uut.receive()->num("/id"), 78);
  }
  CAF_CHECK_EQUAL(server->count_orders("a"), 1u);
}

CAF_TEST(an operation of OKX fails in the shape of its answers) {
  sim_client uut{*server, okx};
  server->apply(sim::fault_fail_calls{.method = "order", .code = "50004"}, okx);
  auto failed = uut.ask(R"({"id":"1","op":"order","args":[{}]})");
  CAF_CHECK_EQUAL(failed.str("/id"), "1");
  CAF_CHECK_EQUAL(failed.str("/op"), "order");
  CAF_CHECK_EQUAL(failed.str("/code"), "50004");
  server->apply(sim::fault_fail_calls{.code = "63999"}, okx);
  failed = uut.ask(R"({"id":"2","op":"login","args":[{}]})");
  CAF_CHECK_EQUAL(failed.str("/event"), "error");
  CAF_CHECK_EQUAL(failed.str("/code"), "63999");
  CAF_CHECK_EQUAL(failed.str("/id"), "2");
}

CAF_TEST(a fault for one path leaves the others alone) {
  sim::call_faults uut;
  sim::call_faults::time_point now{};
  uut.fail("/a", {.code = "1", .times = 0});
  CAF_CHECK(uut.judge("/a", "x", now));
  CAF_CHECK(!uut.judge("/b", "x", now));
  uut.recover("/b");
  CAF_CHECK(uut.judge("/a", "x", now));
  uut.recover("");
  CAF_CHECK(!uut.judge("/a", "x", now));
  CAF_CHECK(uut.empty());
}

CAF_TEST(maintenance ends by itself) {
  sim::call_faults uut;
  sim::call_faults::time_point now{};
  uut.maintain("", now + 1s);
  CAF_CHECK(uut.judge("/a", "x", now + 999ms));
  CAF_CHECK(!uut.judge("/a", "x", now + 1s));
}

CAF_TEST(maintenance refuses by the code of the venue) {
  sim_client at_deribit{*server, deribit};
  sim_client at_okx{*server, okx};
  sim_client at_binance{*server, "/ws"};
  sim_client at_api{*server, "/ws-api/v3"};
  auto list = R"({"id":1,"method":"LIST_SUBSCRIPTIONS"})";
  server->apply(sim::fault_maintenance{});
  auto refused = at_deribit.call("public/auth", login);
  CAF_CHECK_EQUAL(refused.num("/error/code"), 11051);
  CAF_CHECK_EQUAL(refused.str("/error/message"), "system_maintenance");
  CAF_CHECK_EQUAL(at_okx.ask(okx_trades).str("/code"), "50001");
  CAF_CHECK_EQUAL(at_okx.ask("ping").text(), "pong");
  CAF_CHECK_EQUAL(at_binance.ask(list).num("/error/code"), 503);
  CAF_CHECK_EQUAL(at_api.ask(R"({"id":1,"method":"ping"})").num("/status"),
                  503);
  auto upgrade = http(*server, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  CAF_CHECK(upgrade.starts_with("HTTP/1.1 503"));
  server->apply(sim::fault_recover{});
  CAF_CHECK(at_deribit.call("public/auth", login).has("/result"));
  CAF_CHECK(at_binance.ask(list).has("/result"));
}

// -- channels -----------------------------------------------------------------

CAF_TEST(data may come before its acknowledgement) {
  server->apply(sim::fault_notify_first{.times = 3});
  sim_client at_deribit{*server, deribit};
  at_deribit.send(R"({"id":1,"method":"public/subscribe","params":)"
                  + channels("trades.BTC-PERPETUAL.100ms") + '}');
  CAF_CHECK_EQUAL(at_deribit.receive()->str("/method"), "subscription");
  CAF_CHECK_EQUAL(at_deribit.receive()->num("/id"), 1);
  sim_client at_okx{*server, okx};
  CAF_CHECK(at_okx.ask(okx_trades).has("/data"));
  CAF_CHECK_EQUAL(at_okx.receive()->str("/event"), "subscribe");
  sim_client at_binance{*server, "/ws"};
  auto first = at_binance.ask(R"({"method":"SUBSCRIBE","id":1,)"
                              R"("params":["btcusdt@trade"]})");
  CAF_CHECK_EQUAL(first.str("/e"), "trade");
  CAF_CHECK_EQUAL(at_binance.receive()->num("/id"), 1);
}

CAF_TEST(a channel is silent until it is subscribed to anew) {
  auto silent = std::string{"ticker.BTC-PERPETUAL.100ms"};
  auto other = std::string{"ticker.ETH-PERPETUAL.100ms"};
  sim_client uut{*server, deribit};
  uut.call("public/subscribe", channels(silent));
  uut.call("public/subscribe", channels(other));
  server->apply(sim::fault_silence{silent});
  // Messages under way come before this answer.
  uut.call("public/test");
  uut.forget();
  CAF_CHECK(is_silent(uut, silent, other));
  uut.call("public/subscribe", channels(silent));
  CAF_CHECK(is_silent(uut, silent, other));
  uut.call("public/unsubscribe", channels(silent));
  uut.call("public/subscribe", channels(silent));
  uut.forget();
  CAF_CHECK(!is_silent(uut, silent, other));
  server->apply(sim::fault_silence{silent, sim::reach::future_too});
  uut.call("public/unsubscribe", channels(silent));
  uut.call("public/subscribe", channels(silent));
  uut.forget();
  CAF_CHECK(is_silent(uut, silent, other));
}

CAF_TEST(words of the venue come with a channel that is taken away) {
  sim_client uut{*server, okx};
  uut.send(okx_trades);
  auto acknowledged = [](const json_text& x) {
    return x.str("/event") == "subscribe";
  };
  CAF_REQUIRE(uut.await(acknowledged));
  CAF_REQUIRE(uut.await(acknowledged));
  server->apply(sim::fault_revoke{"trades:BTC-USDT"});
  auto told = uut.await(
    [](const json_text& x) { return x.str("/event") == "unsubscribe"; });
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->str("/arg/instId"), "BTC-USDT");
  CAF_CHECK(!told->str("/connId").empty());
  server->apply(
    sim::fault_revoke{"trades", sim::revocation::too_many_connections});
  told = uut.await([](const json_text& x) {
    return x.str("/event") == "channel-conn-count-error";
  });
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->str("/channel"), "trades");
  // Nothing follows, and the channel can be had again.
  uut.send("ping");
  CAF_REQUIRE(uut.await([](const json_text& x) { return x.text() == "pong"; }));
  uut.send(okx_trades);
  CAF_CHECK(uut.await(acknowledged));
}

CAF_TEST(Deribit takes a channel away without a word) {
  auto channel = std::string{"book.BTC-PERPETUAL.100ms"};
  sim_client uut{*server, deribit};
  uut.call("public/subscribe", channels(channel));
  server->apply(sim::fault_revoke{channel});
  CAF_CHECK(uut.call("public/test").has("/result"));
  CAF_CHECK_EQUAL(
    uut.call("public/unsubscribe", channels(channel)).size("/result"), 0u);
}

CAF_TEST(a broken message comes on a channel) {
  auto channel = std::string{"book.BTC-PERPETUAL.100ms"};
  sim_client uut{*server, deribit};
  uut.call("public/subscribe", channels(channel));
  server->apply(sim::fault_malformed{channel});
  CAF_CHECK(uut.await([&](const json_text& x) {
    return x.str("/params/channel") == channel && x.num("/params/data") == 7;
  }));
  server->apply(sim::fault_malformed{channel, sim::breakage::truncated});
  CAF_CHECK(uut.await([](const json_text& x) {
    return x.find("")->IsNull() && x.text().starts_with(R"({"jsonrpc")");
  }));
}

CAF_TEST(the pace of pings changes while connections are open) {
  server = start_server({.tick = 1ms, .binance = {.ping_interval = 24h}});
  sim_client uut{*server, "/ws/btcusdt@depth"};
  CAF_REQUIRE(uut.receive());
  CAF_CHECK(uut.pings().empty());
  server->apply(sim::fault_rare_pings{1ms});
  while (uut.pings().empty())
    CAF_REQUIRE(uut.receive());
}

// -- commands -----------------------------------------------------------------

CAF_TEST(a command by POST is answered like one by WebSocket) {
  sim_client control{*server, "/control"};
  for (std::string text :
       {R"({"count":"orders"})", R"({"fault":"nonsense"})", "nonsense"}) {
    auto response = post(*server, "/control", text);
    CAF_CHECK(response.starts_with("HTTP/1.1 200"));
    auto body = response.substr(response.find("\r\n\r\n") + 4);
    CAF_CHECK_EQUAL(body, control.ask(text).text() + '\n');
  }
  CAF_CHECK(post(*server, "/echo", "{}").starts_with("HTTP/1.1 405"));
  auto too_long = post(*server, "/control", std::string(70'000, ' '));
  CAF_CHECK(too_long.starts_with("HTTP/1.1 400"));
}

CAF_TEST(a refusal has any status and any header) {
  auto command
    = R"({"fault":"refuse","status":418,"times":2,)"
      R"("retry_after":"Wed, 21 Oct 2026 07:28:00 GMT",)"
      R"("headers":{"X-Reason":"banned"},"body":"until 1800000000000"})";
  CAF_CHECK(post(*server, "/control", command).find(R"({"ok":true})")
            != std::string::npos);
  auto response = http(*server, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  CAF_CHECK(response.starts_with("HTTP/1.1 418"));
  auto has = [&](const char* text) {
    return response.find(text) != std::string::npos;
  };
  CAF_CHECK(has("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n"));
  CAF_CHECK(has("X-Reason: banned\r\n"));
  CAF_CHECK(has("until 1800000000000"));
  post(*server, "/control",
       R"({"fault":"refuse","status":403,)"
       R"("retry_after":7})");
  response = http(*server, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  CAF_CHECK(response.starts_with("HTTP/1.1 403"));
  CAF_CHECK(has("Retry-After: 7\r\n"));
}

CAF_TEST(each listed fault can be commanded) {
  for (auto& x : sim::fault_descriptions()) {
    auto command = R"({"fault":")" + std::string{x.name} + R"("})";
    auto read = sim::parse_control_command(command);
    auto* parsed = std::get_if<sim::control_command>(&read);
    CAF_REQUIRE(parsed);
    CAF_CHECK(std::holds_alternative<sim::fault>(parsed->action));
    CAF_CHECK(!x.sentence.empty());
  }
}

CAF_TEST(members of a command are read) {
  auto read = [](const char* text) {
    auto command = sim::parse_control_command(text);
    return std::get<sim::fault>(
      std::get<sim::control_command>(std::move(command)).action);
  };
  auto failing = std::get<sim::fault_fail_calls>(
    read(R"({"fault":"fail_calls","method":"login","code":60009,"message":"m",)"
         R"("status":418,"executes":true,"times":3})"));
  CAF_CHECK_EQUAL(failing.method, "login");
  CAF_CHECK_EQUAL(failing.code, "60009");
  CAF_CHECK_EQUAL(failing.message, "m");
  CAF_CHECK_EQUAL(failing.status, 418u);
  CAF_CHECK(failing.executes == sim::execution::done);
  CAF_CHECK_EQUAL(failing.times, 3u);
  auto revoked = std::get<sim::fault_revoke>(
    read(R"({"fault":"revoke","channel":"orders","words":"conn_count"})"));
  CAF_CHECK_EQUAL(revoked.channel, "orders");
  CAF_CHECK(revoked.words == sim::revocation::too_many_connections);
  auto pings = std::get<sim::fault_rare_pings>(
    read(R"({"fault":"rare_pings","interval_ms":60000})"));
  CAF_CHECK(pings.interval == 1min);
  for (auto bad : {R"({"fault":"revoke","words":"x"})",
                   R"({"fault":"malformed","how":"x"})",
                   R"({"fault":"refuse","headers":[]})",
                   R"({"fault":"fail_calls","code":true})"})
    CAF_CHECK(
      std::holds_alternative<std::string>(sim::parse_control_command(bad)));
}

CAF_TEST(each rule has a name of its own and a source) {
  std::set<std::string_view> ids;
  for (auto& x : sim::rules()) {
    CAF_CHECK(ids.insert(x.id).second);
    CAF_CHECK(x.source.starts_with("https://") || x.source == "observed");
    CAF_CHECK(!x.sentence.empty());
    CAF_CHECK(!x.venue.empty());
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
