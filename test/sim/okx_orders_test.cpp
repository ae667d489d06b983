// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_orders

#include "okx_fixture.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto private_path = "/ws/v5/private";

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_operations_tests, okx_session_fixture)

CAF_TEST(an order is placed and amended and cancelled) {
  auto uut = make_trader();
  auto run = [&](const std::string& op, const std::string& arg) {
    return handle(
      uut, R"({"id":"1","op":")" + op + R"(","args":[)" + arg + "]}", now);
  };
  auto placed = run("order", limit_order("a1"));
  CAF_CHECK_EQUAL(placed.str("/id"), "1");
  CAF_CHECK_EQUAL(placed.str("/op"), "order");
  CAF_CHECK_EQUAL(placed.str("/code"), "0");
  CAF_CHECK_EQUAL(placed.str("/data/0/sCode"), "0");
  CAF_CHECK_EQUAL(placed.str("/data/0/clOrdId"), "a1");
  auto id = placed.str("/data/0/ordId");
  CAF_CHECK(!id.empty());
  auto amended = run("amend-order", swap_argument("a1", R"(,"newSz":"30")"));
  CAF_CHECK_EQUAL(amended.str("/code"), "0");
  CAF_CHECK(orders.all().at(0).amount == 30.0);
  auto cancel = swap_argument("", R"(,"ordId":")" + id + '"');
  CAF_CHECK_EQUAL(run("cancel-order", cancel).str("/code"), "0");
  auto again = run("cancel-order", cancel);
  CAF_CHECK_EQUAL(again.str("/code"), "1");
  CAF_CHECK_EQUAL(again.str("/data/0/sCode"), "51400");
}

CAF_TEST(each row of a batch has a code of its own) {
  auto uut = make_trader();
  auto answer = handle(uut,
                       R"({"id":"1","op":"batch-orders","args":[)"
                         + limit_order("a1") + ',' + limit_order("a1") + ','
                         + limit_order("a2", "9999999990") + "]}",
                       now);
  CAF_CHECK_EQUAL(answer.str("/code"), "2");
  CAF_REQUIRE_EQUAL(answer.size("/data"), 3u);
  CAF_CHECK_EQUAL(answer.str("/data/0/sCode"), "0");
  CAF_CHECK_EQUAL(answer.str("/data/1/sCode"), "51016");
  CAF_CHECK_EQUAL(answer.str("/data/2/sCode"), "51008");
  auto cancelled = handle(uut,
                          R"({"id":"2","op":"batch-cancel-orders","args":[)"
                            + swap_argument("a1") + ',' + swap_argument("a2")
                            + "]}",
                          now);
  CAF_CHECK_EQUAL(cancelled.str("/code"), "2");
  CAF_CHECK_EQUAL(orders.all().size(), 1u);
}

CAF_TEST(an operation needs a login and time and a proper form) {
  auto stranger = make_session(sim::okx_side::private_data);
  auto request = [](const std::string& more) {
    return R"({"id":"1","op":"order","args":[)" + limit_order("a") + ']' + more
           + '}';
  };
  CAF_CHECK_EQUAL(handle(stranger, request(""), now).str("/code"), "60011");
  auto uut = make_trader();
  auto late = handle(uut, request(R"(,"expTime":"1699999999999")"), now);
  CAF_CHECK_EQUAL(late.str("/code"), "1");
  CAF_CHECK_EQUAL(late.str("/data/0/clOrdId"), "a");
  CAF_CHECK(orders.all().empty());
  auto bad = handle(uut, R"({"id":"1","op":"order","args":[]})", now);
  CAF_CHECK_EQUAL(bad.str("/code"), "60013");
  CAF_CHECK_EQUAL(bad.size("/data"), 0u);
  auto good = handle(uut, request(R"(,"expTime":"1700000000001")"), now);
  CAF_CHECK_EQUAL(good.str("/code"), "0");
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(okx_orders_channel_tests, okx_server_fixture)

CAF_TEST(orders of the account are told after a login) {
  sim_client uut{*server, private_path};
  CAF_CHECK_EQUAL(uut.ask(login(now_in_seconds())).str("/event"), "login");
  auto confirmed = uut.ask(R"({"op":"subscribe","args":[{"channel":"orders",)"
                           R"("instType":"ANY"}]})");
  CAF_CHECK_EQUAL(confirmed.str("/event"), "subscribe");
  CAF_CHECK_EQUAL(confirmed.str("/arg/instType"), "ANY");
  auto count = uut.receive();
  CAF_REQUIRE(count);
  CAF_CHECK_EQUAL(count->str("/event"), "channel-conn-count");
  CAF_CHECK_EQUAL(count->str("/channel"), "orders");
  CAF_CHECK_EQUAL(count->str("/connCount"), "1");
  sim_client trader{*server, "/ws/api/v2"};
  trader.call("public/auth", R"({"grant_type":"client_credentials",)"
                             R"("client_id":"demo",)"
                             R"("client_secret":"demo-secret"})");
  trader.call("private/buy", R"({"instrument_name":"BTC-PERPETUAL",)"
                             R"("amount":10,"price":50000.5,"label":"l"})");
  auto news = uut.receive();
  CAF_REQUIRE(news);
  CAF_CHECK_EQUAL(news->str("/arg/channel"), "orders");
  CAF_CHECK_EQUAL(news->str("/arg/instType"), "ANY");
  // The client did not ask with it.
  CAF_CHECK(!news->str("/arg/uid").empty());
  CAF_CHECK_EQUAL(news->str("/data/0/clOrdId"), "l");
  CAF_CHECK_EQUAL(news->str("/data/0/px"), "50000.5");
  CAF_CHECK_EQUAL(news->str("/data/0/state"), "live");
}

CAF_TEST(orders are told by type and family of the instrument) {
  sim_client uut{*server, private_path};
  uut.ask(login(now_in_seconds()));
  uut.send(R"({"op":"subscribe","args":[{"channel":"orders",)"
           R"("instType":"SPOT"},{"channel":"orders","instType":"SWAP",)"
           R"("instFamily":"BTC-USDT"}]})");
  uut.send(R"({"id":"1","op":"order","args":[)" + limit_order("s1") + "]}");
  auto news
    = uut.await([](const json_text& x) { return x.has("/data/0/state"); });
  CAF_REQUIRE(news);
  CAF_CHECK_EQUAL(news->str("/arg/instType"), "SWAP");
  CAF_CHECK_EQUAL(news->str("/arg/instFamily"), "BTC-USDT");
  CAF_CHECK_EQUAL(news->str("/data/0/instId"), "BTC-USDT-SWAP");
  CAF_CHECK_EQUAL(news->str("/data/0/clOrdId"), "s1");
  // Nothing else was told of it.
  uut.send("ping");
  auto told = 0;
  for (auto x = uut.receive(); x && x->text() != "pong"; x = uut.receive())
    told += x->has("/data/0/state");
  CAF_CHECK_EQUAL(told, 0);
}

CAF_TEST(too many connections with a private channel are told afterwards) {
  start({.max_connections_per_channel = 1});
  auto subscribe_to_orders
    = R"({"op":"subscribe","args":[{"channel":"orders","instType":"SPOT"}]})";
  sim_client first{*server, private_path};
  first.ask(login(now_in_seconds()));
  first.ask(subscribe_to_orders);
  CAF_CHECK_EQUAL(first.receive()->str("/event"), "channel-conn-count");
  sim_client second{*server, private_path};
  second.ask(login(now_in_seconds()));
  CAF_CHECK_EQUAL(second.ask(subscribe_to_orders).str("/event"), "subscribe");
  auto refused = second.receive();
  CAF_REQUIRE(refused);
  CAF_CHECK_EQUAL(refused->str("/event"), "channel-conn-count-error");
  CAF_CHECK_EQUAL(refused->str("/channel"), "orders");
  CAF_CHECK_EQUAL(refused->str("/connCount"), "1");
  CAF_CHECK(!refused->has("/arg"));
  // It has the channel no more, and can ask again.
  first.close();
  CAF_REQUIRE(server->wait_for_connections(1, patience));
  second.ask(subscribe_to_orders);
  CAF_CHECK_EQUAL(second.receive()->str("/event"), "channel-conn-count");
}

CAF_TEST_FIXTURE_SCOPE_END()
