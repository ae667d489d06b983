// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_orders_sim

#include "kraken_trader.hpp"

#include "zenws/sim/kraken/kraken_tokens.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

using texts = std::vector<std::string>;

struct fixture {
  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});

  static std::string error_of(const json_text& answer) {
    CAF_CHECK_EQUAL(answer.find("/success")->GetBool(), false);
    return answer.str("/error");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kraken_orders_sim_tests, fixture)

// -- tokens -------------------------------------------------------------------

CAF_TEST(a token is needed and known) {
  kraken_trader uut{*server};
  CAF_CHECK_EQUAL(uut.add("a").str("/method"), "add_order");
  uut.token = "nobodys";
  CAF_CHECK_EQUAL(error_of(uut.add("b")), "ESession:Invalid session");
  CAF_CHECK_EQUAL(error_of(uut.ask("subscribe", R"({"channel":"executions"})")),
                  "ESession:Invalid session");
  uut.token.clear();
  CAF_CHECK_EQUAL(error_of(uut.add("c")), "EGeneral:Invalid arguments:token");
  CAF_CHECK_EQUAL(server->orders().size(), 1u);
}

CAF_TEST(tokens are given to accounts only) {
  CAF_CHECK(server->issue_token("nobody").empty());
  CAF_CHECK(server->issue_token() != server->issue_token());
  auto answer = post(*server, "/control", R"({"token":"demo"})");
  CAF_CHECK(answer.find(R"({"ok":true,"token":")") != std::string::npos);
  answer = post(*server, "/control", R"({"token":"nobody"})");
  CAF_CHECK(answer.find("error") != std::string::npos);
}

CAF_TEST(a token grows old unless a subscription holds it) {
  std::vector<sim::account_config> accounts{{}};
  sim::kraken_config cfg;
  sim::kraken_tokens uut{accounts, cfg};
  sim::kraken_tokens::time_point start{};
  auto token = uut.issue("demo", start);
  CAF_CHECK(uut.account_of(token, start + 899s) == "demo");
  CAF_CHECK(!uut.account_of(token, start + 900s));
  uut.hold(token);
  CAF_CHECK(uut.account_of(token, start + 24h) == "demo");
  uut.release(token);
  CAF_CHECK(!uut.account_of(token, start + 24h));
}

CAF_TEST(tokens can be made to expire) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  server->apply(sim::fault_expire_tokens{});
  CAF_CHECK_EQUAL(error_of(uut.add("a")), "ESession:Invalid session");
  uut.token = server->issue_token();
  CAF_CHECK(!uut.add("a").has("/error"));
  CAF_CHECK_EQUAL(uut.next().str("/type"), "snapshot"); // it goes on
  CAF_CHECK_EQUAL(uut.next().str("/data/0/cl_ord_id"), "a");
}

CAF_TEST(the endpoints have different channels) {
  kraken_trader uut{*server};
  CAF_CHECK_EQUAL(error_of(uut.ask(
                    "subscribe", R"({"channel":"book","symbol":["BTC/USD"]})")),
                  "Subscription name invalid");
  sim_client of_market{*server, "/kraken"};
  of_market.send(R"({"method":"subscribe","params":{"channel":"executions"}})");
  auto refused
    = of_market.await([](const json_text& x) { return x.has("/error"); });
  CAF_CHECK_EQUAL(refused->str("/error"), "Subscription name invalid");
}

// -- orders -------------------------------------------------------------------

CAF_TEST(an order is told step by step) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  CAF_CHECK_EQUAL(uut.next().num("/sequence"), 1);
  auto placed = uut.add("mine");
  auto id = placed.str("/result/order_id");
  CAF_CHECK_EQUAL(id, "O00000-00000-000001");
  CAF_CHECK_EQUAL(placed.str("/result/cl_ord_id"), "mine");
  auto pending = uut.next();
  CAF_CHECK_EQUAL(pending.num("/sequence"), 2);
  CAF_CHECK_EQUAL(pending.str("/data/0/exec_type"), "pending_new");
  CAF_CHECK_EQUAL(pending.str("/data/0/symbol"), "BTC/USD");
  CAF_CHECK_EQUAL(pending.str("/data/0/side"), "buy");
  CAF_CHECK_EQUAL(pending.real("/data/0/limit_price"), 50000);
  auto live = uut.next();
  CAF_CHECK_EQUAL(live.str("/data/0/order_status"), "new");
  CAF_CHECK(!live.has("/data/0/symbol"));
  uut.turn("fill_order", R"({"label":"mine","amount":4})");
  auto fill = uut.next();
  CAF_CHECK_EQUAL(fill.str("/data/0/exec_type"), "trade");
  CAF_CHECK_EQUAL(fill.str("/data/0/order_status"), "partially_filled");
  CAF_CHECK_EQUAL(fill.real("/data/0/last_qty"), 4);
  CAF_CHECK_EQUAL(fill.real("/data/0/fees/0/qty"), 500);
  uut.turn("fill_order", R"({"label":"mine"})");
  CAF_CHECK_EQUAL(uut.events(2), (texts{"trade", "filled"}));
  CAF_CHECK_EQUAL(
    error_of(uut.ask("cancel_order", R"({"cl_ord_id":["mine"]})")),
    "EOrder:Unknown order");
}

CAF_TEST(an id is unique among open orders) {
  kraken_trader uut{*server};
  uut.add("a");
  CAF_CHECK(error_of(uut.add("a")).starts_with("EOrder:"));
  CAF_CHECK_EQUAL(server->count_orders("a"), 1u);
  uut.ask("cancel_order", R"({"cl_ord_id":["a"]})");
  CAF_CHECK(!uut.add("a").has("/error"));
  CAF_CHECK_EQUAL(server->count_orders("a"), 2u);
}

CAF_TEST(orders that make no sense are refused) {
  kraken_trader uut{*server};
  auto refuse = [&](const std::string& params) {
    return error_of(uut.ask("add_order", params));
  };
  CAF_CHECK_EQUAL(refuse(R"({"symbol":"FOO/BAR"})"),
                  "EQuery:Unknown asset pair");
  CAF_CHECK_EQUAL(refuse(R"({"symbol":"BTC/USD","order_type":"sing"})"),
                  "EGeneral:Invalid arguments:order_type");
  CAF_CHECK_EQUAL(error_of(uut.add("a", R"(,"time_in_force":"never")")),
                  "EGeneral:Invalid arguments:time_in_force");
  CAF_CHECK_EQUAL(error_of(uut.add("longer than eighteen")),
                  "EGeneral:Invalid arguments:cl_ord_id");
  CAF_CHECK_EQUAL(error_of(uut.add("a", "", "buy", "50000.25")),
                  "EOrder:Invalid price");
  CAF_CHECK_EQUAL(
    error_of(uut.add("a", R"(,"deadline":"2024-05-06T07:08:09.123Z")")),
    "EService:Deadline elapsed");
  CAF_CHECK_EQUAL(error_of(uut.ask("cancel_order", "{}")),
                  "EGeneral:Invalid arguments");
  CAF_CHECK(!uut.add("a", R"(,"validate":true)").has("/error"));
  CAF_CHECK(server->orders().empty());
}

CAF_TEST(orders that must not rest or take are canceled) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  uut.next();
  uut.add("a", R"(,"post_only":true)", "buy", "900000");
  CAF_CHECK_EQUAL(uut.events(3), (texts{"pending_new", "new", "canceled"}));
  uut.add("b", R"(,"time_in_force":"ioc")", "buy", "1");
  CAF_CHECK_EQUAL(uut.events(3), (texts{"pending_new", "new", "canceled"}));
  uut.ask("add_order", R"({"order_type":"market","side":"sell",)"
                       R"("symbol":"BTC/USD","order_qty":10})");
  CAF_CHECK_EQUAL(uut.events(4),
                  (texts{"pending_new", "new", "trade", "filled"}));
}

CAF_TEST(orders are amended in place) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  uut.next();
  uut.add("a");
  uut.events(2);
  auto amended = uut.ask("amend_order", R"({"cl_ord_id":"a","order_qty":30,)"
                                        R"("limit_price":50001})");
  CAF_CHECK_EQUAL(amended.str("/result/cl_ord_id"), "a");
  CAF_CHECK(amended.has("/result/amend_id"));
  auto told = uut.next();
  CAF_CHECK_EQUAL(told.str("/data/0/exec_type"), "amended");
  CAF_CHECK_EQUAL(told.real("/data/0/order_qty"), 30);
  CAF_CHECK_EQUAL(told.real("/data/0/limit_price"), 50001);
  CAF_CHECK_EQUAL(error_of(uut.ask("amend_order",
                                   R"({"cl_ord_id":"a","post_only":true,)"
                                   R"("limit_price":900000})")),
                  "EOrder:Post only order");
  uut.turn("fill_order", R"({"label":"a","amount":20})");
  uut.events(1);
  uut.ask("amend_order", R"({"cl_ord_id":"a","order_qty":10})");
  auto rest = uut.next();
  CAF_CHECK_EQUAL(rest.str("/data/0/exec_type"), "canceled");
  CAF_CHECK_EQUAL(rest.real("/data/0/cum_qty"), 20);
}

CAF_TEST(a stop keeps its id when it is triggered) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  uut.next();
  auto placed = uut.ask(
    "add_order", R"({"order_type":"stop-loss-limit","side":"sell",)"
                 R"("symbol":"BTC/USD","order_qty":10,"limit_price":900000,)"
                 R"("triggers":{"price":40000},"cl_ord_id":"s"})");
  auto waiting = uut.next();
  CAF_CHECK_EQUAL(waiting.str("/data/0/order_status"), "pending_new");
  CAF_CHECK_EQUAL(waiting.str("/data/0/triggers/status"), "untriggered");
  uut.turn("trigger_order", R"({"label":"s"})");
  CAF_CHECK_EQUAL(uut.events(2), (texts{"status", "new"}));
  auto id = placed.str("/result/order_id");
  auto canceled = uut.ask("cancel_order", R"({"order_id":[")" + id + R"("]})");
  CAF_CHECK_EQUAL(canceled.str("/result/order_id"), id);
  CAF_CHECK_EQUAL(uut.next().str("/data/0/order_id"), id);
}

CAF_TEST(all orders of an account are canceled at once) {
  kraken_trader uut{*server};
  uut.add("a");
  uut.add("b");
  CAF_CHECK_EQUAL(uut.ask("cancel_all").num("/result/count"), 2);
  CAF_CHECK_EQUAL(uut.ask("cancel_all").num("/result/count"), 0);
}

CAF_TEST(orders of a client that is gone are canceled) {
  server = start_server({.tick = 1ms, .kraken = {.guard_second = 1ms}});
  kraken_trader uut{*server};
  uut.subscribe("executions");
  uut.next();
  auto guard = [&](const std::string& timeout) {
    return uut.ask("cancel_all_orders_after", R"({"timeout":)" + timeout + '}');
  };
  uut.add("a");
  uut.events(2);
  CAF_CHECK(guard("1000").has("/result/triggerTime"));
  CAF_CHECK_EQUAL(guard("0").str("/result/triggerTime"), "0");
  CAF_CHECK_EQUAL(error_of(guard("86400")),
                  "EGeneral:Invalid arguments:timeout");
  guard("5");
  CAF_CHECK_EQUAL(uut.events(1), texts{"canceled"});
}

// -- channels -----------------------------------------------------------------

CAF_TEST(snapshots have open orders and the latest fills) {
  kraken_trader uut{*server};
  uut.add("a");
  uut.add("b");
  uut.turn("fill_order", R"({"label":"b"})");
  uut.subscribe("executions", R"(,"snap_trades":true)");
  auto first = uut.next();
  CAF_CHECK_EQUAL(first.size("/data"), 2u);
  CAF_CHECK_EQUAL(first.str("/data/0/exec_type"), "trade");
  CAF_CHECK_EQUAL(first.str("/data/0/cl_ord_id"), "b");
  CAF_CHECK_EQUAL(first.str("/data/1/exec_type"), "new");
  CAF_CHECK_EQUAL(first.str("/data/1/cl_ord_id"), "a");
  CAF_CHECK_EQUAL(first.real("/data/1/order_qty"), 10);
  uut.ask("unsubscribe", R"({"channel":"executions"})");
  uut.subscribe("executions", R"(,"snap_orders":false)");
  auto second = uut.next();
  CAF_CHECK_EQUAL(second.size("/data"), 0u);
  CAF_CHECK_EQUAL(second.num("/sequence"), 1);
}

CAF_TEST(balances follow the fills) {
  kraken_trader uut{*server};
  uut.subscribe("balances");
  auto first = uut.next("balances");
  CAF_CHECK_EQUAL(first.str("/data/0/asset"), "BTC");
  CAF_CHECK_EQUAL(first.real("/data/0/balance"), 1000);
  CAF_CHECK_EQUAL(first.str("/data/0/wallets/0/id"), "main");
  uut.add("a", "", "sell", "60000");
  uut.turn("fill_order", R"({"label":"a"})");
  auto told = uut.next("balances");
  CAF_CHECK_EQUAL(told.str("/type"), "update");
  CAF_CHECK_EQUAL(told.num("/sequence"), 2);
  CAF_CHECK_EQUAL(told.str("/data/0/asset"), "BTC");
  CAF_CHECK_EQUAL(told.real("/data/0/balance"), 990);
  CAF_CHECK_EQUAL(told.str("/data/1/asset"), "USD");
  CAF_CHECK_EQUAL(told.real("/data/1/amount"), 600000);
  CAF_CHECK_EQUAL(told.real("/data/1/fee"), 1500);
  CAF_CHECK_EQUAL(told.real("/data/1/balance"), 599500);
}

CAF_TEST(fills can be told late and twice) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  uut.next();
  uut.add("a");
  uut.events(2);
  uut.turn("tell_fills", R"({"mode":"twice"})");
  uut.turn("fill_order", R"({"label":"a","amount":3})");
  auto first = uut.next();
  CAF_CHECK_EQUAL(uut.next().str("/data/0/exec_id"),
                  first.str("/data/0/exec_id"));
  uut.turn("tell_fills", R"({"mode":"held"})");
  uut.turn("fill_order", R"({"label":"a"})");
  CAF_CHECK_EQUAL(uut.events(1), texts{"filled"});
  uut.turn("tell_fills", R"({"mode":"once"})");
  CAF_CHECK_EQUAL(uut.events(1), texts{"trade"});
}

CAF_TEST(orders can follow the market) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  uut.next();
  uut.turn("follow_market", R"({"enabled":true})");
  uut.add("a", "", "buy", "900000");
  CAF_CHECK_EQUAL(uut.events(4),
                  (texts{"pending_new", "new", "trade", "filled"}));
}

CAF_TEST(channels can come before the answer) {
  kraken_trader uut{*server};
  uut.subscribe("executions");
  uut.next();
  server->apply(sim::fault_notify_first{});
  uut.send(R"({"method":"add_order","params":{"token":")" + uut.token
           + R"(","order_type":"limit","side":"buy","symbol":"BTC/USD",)"
             R"("order_qty":10,"limit_price":50000},"req_id":99})");
  auto first = uut.await([](const json_text& x) {
    return x.num("/req_id") == 99 || x.str("/channel") == "executions";
  });
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->str("/data/0/exec_type"), "pending_new");
}

CAF_TEST(channels of accounts can be taken away) {
  kraken_trader uut{*server};
  uut.subscribe("balances");
  server->apply(sim::fault_revoke{.channel = "balances"});
  auto told = uut.await(
    [](const json_text& x) { return x.str("/method") == "unsubscribe"; });
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->str("/result/channel"), "balances");
  uut.subscribe("balances");
}

CAF_TEST_FIXTURE_SCOPE_END()
