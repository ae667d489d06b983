// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deribit_orders

#include "deribit_trader.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto path = trader::path;

struct fixture {
  static json_text buy(sim_client& by, const std::string& label,
                       const std::string& more = R"(,"price":50000)") {
    return by.call("private/buy",
                   R"({"instrument_name":"BTC-PERPETUAL","amount":10,)"
                   R"("label":")"
                     + label + '"' + more + '}');
  }

  static std::string with_id(const std::string& id) {
    return R"({"order_id":")" + id + R"("})";
  }

  static json_text next_order(sim_client& by) {
    auto result = by.await([](const json_text& x) {
      return x.str("/params/channel").starts_with("user.orders.");
    });
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  std::unique_ptr<sim::server> server = start_server();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deribit_orders_tests, fixture)

CAF_TEST(an order that comes too late is not placed) {
  auto uut = trader(*server);
  auto late = buy(uut, "a", R"(,"type":"market","valid_until":1000)");
  CAF_CHECK_EQUAL(late.num("/error/code"), 13888);
  auto good = buy(uut, "a", R"(,"type":"market","valid_until":9999999999999)");
  CAF_CHECK_EQUAL(good.str("/result/order/order_state"), "filled");
  CAF_CHECK_EQUAL(server->count_orders("a"), 1u);
}

CAF_TEST(closed orders are found by their label) {
  auto uut = trader(*server);
  buy(uut, "a", R"(,"type":"market")");
  auto found = uut.call("private/get_order_state_by_label",
                        R"({"currency":"BTC","label":"a"})");
  CAF_CHECK_EQUAL(found.size("/result"), 1u);
  CAF_CHECK_EQUAL(found.str("/result/0/order_state"), "filled");
  found = uut.call("private/get_order_state_by_label",
                   R"({"currency":"ETH","label":"a"})");
  CAF_CHECK_EQUAL(found.size("/result"), 0u);
}

CAF_TEST(open orders are found by the currency that settles them) {
  auto uut = trader(*server);
  buy(uut, "a-1");
  buy(uut, "a-2");
  buy(uut, "done", R"(,"type":"market")");
  auto count = [&](const std::string& method, const std::string& params) {
    return uut.call("private/get_open_orders_by_" + method, params)
      .size("/result");
  };
  CAF_CHECK_EQUAL(count("currency", R"({"currency":"BTC"})"), 2u);
  CAF_CHECK_EQUAL(count("currency", R"({"currency":"B"})"), 0u);
  CAF_CHECK_EQUAL(count("currency", R"({"currency":"ETH"})"), 0u);
  CAF_CHECK_EQUAL(count("label", R"({"currency":"BTC","label":"a-1"})"), 1u);
  CAF_CHECK_EQUAL(count("label", R"({"currency":"ETH","label":"a-1"})"), 0u);
  CAF_CHECK_EQUAL(
    uut.call("private/get_open_orders_by_label", R"({"label":"a-1"})")
      .num("/error/code"),
    -32602);
}

CAF_TEST(positions follow the fills) {
  auto uut = trader(*server);
  auto position = [&] {
    return uut.call("private/get_position",
                    R"({"instrument_name":"BTC-PERPETUAL"})");
  };
  CAF_CHECK_EQUAL(position().str("/result/direction"), "zero");
  buy(uut, "a", R"(,"type":"market")");
  buy(uut, "b", R"(,"type":"market")");
  buy(uut, "rests");
  CAF_CHECK_EQUAL(position().real("/result/size"), 20.0);
  CAF_CHECK_EQUAL(position().str("/result/direction"), "buy");
  CAF_CHECK(position().real("/result/average_price") > 0);
  uut.call("private/sell", R"({"instrument_name":"BTC-PERPETUAL","amount":50,)"
                           R"("type":"market"})");
  auto all = uut.call("private/get_positions", R"({"currency":"BTC"})");
  CAF_REQUIRE_EQUAL(all.size("/result"), 1u);
  CAF_CHECK_EQUAL(all.find("/result/0/size")->GetDouble(), -30.0);
  CAF_CHECK_EQUAL(all.str("/result/0/direction"), "sell");
  all = uut.call("private/get_positions", R"({"currency":"ETH"})");
  CAF_CHECK_EQUAL(all.size("/result"), 0u);
}

CAF_TEST(instruments tell their terms) {
  sim_client uut{*server, path};
  auto got = uut.call("public/get_instrument",
                      R"({"instrument_name":"BTC-PERPETUAL"})");
  CAF_CHECK_EQUAL(got.real("/result/contract_size"), 10.0);
  CAF_CHECK_EQUAL(got.real("/result/tick_size"), 0.5);
  CAF_CHECK_EQUAL(got.str("/result/base_currency"), "BTC");
  CAF_CHECK_EQUAL(got.str("/result/settlement_currency"), "BTC");
  CAF_CHECK_EQUAL(got.str("/result/quote_currency"), "USD");
  CAF_CHECK_EQUAL(got.str("/result/kind"), "future");
  auto all = uut.call("public/get_instruments", R"({"currency":"ETH"})");
  CAF_REQUIRE_EQUAL(all.size("/result"), 1u);
  CAF_CHECK_EQUAL(all.str("/result/0/instrument_name"), "ETH-PERPETUAL");
  CAF_CHECK_EQUAL(
    uut.call("public/get_instrument", R"({"instrument_name":"NO-SUCH"})")
      .num("/error/code"),
    -32602);
}

CAF_TEST(a repeated subscription brings no new snapshot) {
  sim_client uut{*server, path};
  auto channels = R"({"channels":["book.BTC-PERPETUAL.100ms"]})";
  auto snapshots = [&] {
    CAF_CHECK(uut.call("public/subscribe", channels).has("/result"));
    int result = 0;
    for (int i = 0; i < 5; ++i)
      result += uut.receive()->str("/params/data/type") == "snapshot";
    return result;
  };
  CAF_CHECK_EQUAL(snapshots(), 1);
  CAF_CHECK_EQUAL(snapshots(), 0);
}

CAF_TEST(control reports orders that came twice) {
  auto uut = trader(*server);
  for (auto label : {"a", "b", "a"})
    buy(uut, label);
  sim_client control{*server, "/control"};
  control.send(R"({"count":"orders"})");
  auto answer = control.await([](auto&) { return true; });
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(answer->num("/orders"), 3);
  CAF_CHECK_EQUAL(answer->num("/duplicates"), 1);
}

CAF_TEST(an order rests until it is changed and cancelled) {
  auto uut = trader(*server);
  auto placed = buy(uut, "a");
  auto id = placed.str("/result/order/order_id");
  CAF_CHECK(id.starts_with("BTC-"));
  CAF_CHECK_EQUAL(placed.str("/result/order/order_state"), "open");
  CAF_CHECK_EQUAL(placed.str("/result/order/direction"), "buy");
  CAF_CHECK_EQUAL(placed.size("/result/trades"), 0u);
  auto edited = uut.call("private/edit", R"({"order_id":")" + id
                                           + R"(","amount":20,"price":51000})");
  CAF_CHECK_EQUAL(edited.real("/result/order/amount"), 20.0);
  auto open = uut.call("private/get_open_orders");
  CAF_REQUIRE_EQUAL(open.size("/result"), 1u);
  CAF_CHECK_EQUAL(open.real("/result/0/price"), 51000.0);
  auto cancelled = uut.call("private/cancel", with_id(id));
  CAF_CHECK_EQUAL(cancelled.str("/result/order_state"), "cancelled");
  CAF_CHECK_EQUAL(uut.call("private/get_open_orders").size("/result"), 0u);
  auto state = uut.call("private/get_order_state", with_id(id));
  CAF_CHECK_EQUAL(state.str("/result/order_state"), "cancelled");
}

CAF_TEST(impossible changes of an order are reported) {
  auto uut = trader(*server);
  auto code = [&](const char* method, const std::string& params) {
    return uut.call(method, params).num("/error/code");
  };
  CAF_CHECK_EQUAL(code("private/cancel", with_id("BTC-9")), 10004);
  CAF_CHECK_EQUAL(code("private/cancel", with_id("nonsense-")), 10004);
  CAF_CHECK_EQUAL(code("private/cancel", "{}"), -32602);
  CAF_CHECK_EQUAL(code("private/buy", "{}"), -32602);
  CAF_CHECK_EQUAL(code("private/buy",
                       R"({"instrument_name":"NO-SUCH","amount":1,"price":1})"),
                  -32602);
  for (auto bad :
       {R"(,"price":0)", R"(,"price":"x")", "", R"(,"type":"stop","price":1)"})
    CAF_CHECK_EQUAL(buy(uut, "a", bad).num("/error/code"), -32602);
  auto long_label = buy(uut, std::string(65, 'x'));
  CAF_CHECK_EQUAL(long_label.num("/error/code"), -32602);
  auto id = buy(uut, "a").str("/result/order/order_id");
  uut.call("private/cancel", with_id(id));
  CAF_CHECK_EQUAL(code("private/cancel", with_id(id)), 11044);
  CAF_CHECK_EQUAL(
    code("private/edit", R"({"amount":1,"order_id":")" + id + R"("})"), 10010);
}

CAF_TEST(a market order is filled at once) {
  auto uut = trader(*server);
  auto placed = buy(uut, "m", R"(,"type":"market")");
  CAF_CHECK_EQUAL(placed.str("/result/order/order_state"), "filled");
  CAF_CHECK_EQUAL(placed.real("/result/order/filled_amount"), 10.0);
  CAF_CHECK(placed.real("/result/trades/0/price") > 0);
}

CAF_TEST(all orders of an account are cancelled together) {
  auto uut = trader(*server);
  buy(uut, "a");
  buy(uut, "a");
  buy(uut, "b");
  auto by_label = uut.call("private/cancel_by_label", R"({"label":"b"})");
  CAF_CHECK_EQUAL(by_label.num("/result"), 1);
  CAF_CHECK_EQUAL(uut.call("private/cancel_all").num("/result"), 2);
  CAF_CHECK_EQUAL(uut.call("private/cancel_all").num("/result"), 0);
}

CAF_TEST(orders outlive the connection and are counted by label) {
  {
    trader before{*server};
    buy(before, "twice");
    buy(before, "twice");
  }
  CAF_REQUIRE(server->wait_for_connections(0, patience));
  auto after = trader(*server);
  auto open = after.call("private/get_open_orders_by_label",
                         R"({"currency":"BTC","label":"twice"})");
  CAF_CHECK_EQUAL(open.size("/result"), 2u);
  CAF_CHECK_EQUAL(server->count_orders("twice"), 2u);
  CAF_CHECK_EQUAL(server->count_orders("once"), 0u);
  auto arrived = server->orders();
  CAF_REQUIRE_EQUAL(arrived.size(), 2u);
  CAF_CHECK_EQUAL(arrived[1].label, "twice");
}

CAF_TEST(accounts do not see each other) {
  server
    = start_server({.accounts = {{}, {.key = "x", .secret = "demo-secret"}}});
  auto one = trader(*server);
  auto other = trader(*server, "x");
  auto id = buy(one, "a").str("/result/order/order_id");
  CAF_CHECK_EQUAL(other.call("private/get_open_orders").size("/result"), 0u);
  CAF_CHECK_EQUAL(other.call("private/cancel", with_id(id)).num("/error/code"),
                  10004);
  CAF_CHECK_EQUAL(other.call("private/cancel_all").num("/result"), 0);
}

CAF_TEST(subscribers are told about orders of their account) {
  server
    = start_server({.accounts = {{}, {.key = "x", .secret = "demo-secret"}}});
  auto watcher = trader(*server);
  watcher.call("private/subscribe",
               R"({"channels":["user.orders.BTC-PERPETUAL.raw"]})");
  auto stranger = trader(*server, "x");
  buy(stranger, "not yours");
  auto uut = trader(*server);
  uut.call("private/subscribe", R"({"channels":["user.orders.any.BTC.raw"]})");
  auto id = buy(uut, "a").str("/result/order/order_id");
  for (auto* client : {&watcher, &uut}) {
    auto news = next_order(*client);
    CAF_CHECK_EQUAL(news.str("/params/data/order_id"), id);
    CAF_CHECK_EQUAL(news.str("/params/data/order_state"), "open");
  }
  uut.call("private/unsubscribe",
           R"({"channels":["user.orders.any.BTC.raw"]})");
  uut.call("private/cancel", with_id(id));
  CAF_CHECK_EQUAL(next_order(watcher).str("/params/data/order_state"),
                  "cancelled");
}

CAF_TEST(the end of a connection cancels its orders if it asked for that) {
  auto watcher = trader(*server);
  watcher.call("private/subscribe",
               R"({"channels":["user.orders.any.any.raw"]})");
  buy(watcher, "stays");
  next_order(watcher);
  {
    auto uut = trader(*server);
    uut.call("private/enable_cancel_on_disconnect");
    buy(uut, "goes");
    next_order(watcher);
  }
  auto news = next_order(watcher);
  CAF_CHECK_EQUAL(news.str("/params/data/label"), "goes");
  CAF_CHECK_EQUAL(news.str("/params/data/order_state"), "cancelled");
  auto open = watcher.call("private/get_open_orders");
  CAF_REQUIRE_EQUAL(open.size("/result"), 1u);
  CAF_CHECK_EQUAL(open.str("/result/0/label"), "stays");
}

CAF_TEST(cancel on disconnect can be for an account and can be undone) {
  auto watcher = trader(*server);
  buy(watcher, "mine");
  auto leave_after = [&](const char* method, const char* params) {
    auto uut = trader(*server);
    CAF_CHECK_EQUAL(uut.call(method, params).str("/result"), "ok");
    uut.close();
    CAF_REQUIRE(server->wait_for_connections(1, patience));
  };
  auto open = [&] {
    return watcher.call("private/get_open_orders").size("/result");
  };
  leave_after("private/enable_cancel_on_disconnect",
              R"({"scope":"connection"})");
  CAF_CHECK_EQUAL(open(), 1u);
  leave_after("private/enable_cancel_on_disconnect", R"({"scope":"account"})");
  CAF_CHECK_EQUAL(open(), 0u);
  buy(watcher, "mine");
  leave_after("private/disable_cancel_on_disconnect", R"({"scope":"account"})");
  CAF_CHECK_EQUAL(open(), 1u);
}

CAF_TEST(a logout is no disconnect) {
  auto uut = trader(*server);
  uut.call("private/enable_cancel_on_disconnect");
  buy(uut, "stays");
  uut.send(R"({"jsonrpc":"2.0","id":99,"method":"private/logout"})");
  CAF_CHECK_EQUAL(uut.end(), 1000);
  CAF_CHECK(server->orders().at(0).state == sim::order_state::open);
}

CAF_TEST(the store is bounded) {
  server = start_server({.api = {.max_orders = 2}});
  auto uut = trader(*server);
  buy(uut, "a");
  auto second = buy(uut, "b").str("/result/order/order_id");
  CAF_CHECK_EQUAL(buy(uut, "c").num("/error/code"), 10013);
  uut.call("private/cancel", with_id(second));
  CAF_CHECK(buy(uut, "d").has("/result"));
  CAF_CHECK_EQUAL(server->orders().size(), 2u);
}

// -- ends of a session --------------------------------------------------------

CAF_TEST(too many requests end the connection) {
  server = start_server(
    {.api = {.limits = sim::deribit_limits{.matching = {1, 1, 0}}}});
  auto uut = trader(*server);
  CAF_CHECK(buy(uut, "a").has("/result"));
  CAF_CHECK_EQUAL(buy(uut, "b").num("/error/code"), 10028);
  CAF_CHECK_EQUAL(uut.end(), 1008);
  CAF_CHECK_EQUAL(server->count_orders("b"), 0u);
}

CAF_TEST(an answered test request keeps the connection open) {
  server = start_server({.api = {.heartbeat_second = 5ms}});
  sim_client uut{*server, path};
  CAF_CHECK_EQUAL(
    uut.call("public/set_heartbeat", R"({"interval":10})").str("/result"),
    "ok");
  for (int i = 0; i < 3; ++i) {
    CAF_REQUIRE(uut.await([](const json_text& x) {
      return x.str("/params/type") == "test_request";
    }));
    CAF_CHECK(uut.call("public/test").has("/result"));
  }
  // From here on, silence.
  CAF_CHECK_EQUAL(uut.end(), 4000);
  CAF_CHECK_EQUAL(uut.end_reason(), "heartbeat close");
}

CAF_TEST_FIXTURE_SCOPE_END()
