// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_trading

#include "binance_trader.hpp"

#include "support/key_pair.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture {
  static int64_t code(const json_text& answer) {
    return answer.num("/error/code");
  }

  // What an event tells: the step, the state, what is filled by it and in all.
  static std::string step(const json_text& event) {
    std::string result;
    for (auto name : {"x", "X", "l", "z"})
      result += event.str(std::string{"/event/"} + name) + ' ';
    return result;
  }

  // Asks for a price that is in the book, from the buyer's side.
  std::string ask_price() {
    auto book = uut.call("depth", R"({"symbol":"BTCUSDT","limit":5})");
    return book.str("/result/asks/0/0");
  }

  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
  binance_trader uut{*server};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_trading_tests, fixture)

// -- sessions -----------------------------------------------------------------

CAF_TEST(a session is logged on by Ed25519 and needs no other signature) {
  auto pair = make_key_pair(key_kind::ed25519);
  auto venue = start_server(
    {.accounts = {{.key = "me", .public_key = pair.public_key}}});
  binance_trader client{*venue};
  auto open = [&] {
    return client.call("openOrders.status",
                       R"({"timestamp":)" + binance_trader::now() + '}');
  };
  CAF_CHECK_EQUAL(code(open()), -2015);
  CAF_CHECK_EQUAL(code(client.call("userDataStream.subscribe")), -2015);
  auto log_on = [&](const std::string& signed_text) {
    auto now = binance_trader::now();
    auto proof = sim::to_base64(sign(pair.private_key, signed_text + now));
    return client.call("session.logon", R"({"apiKey":"me","timestamp":)" + now
                                          + R"(,"signature":")" + proof
                                          + R"("})");
  };
  CAF_CHECK_EQUAL(code(log_on("something else")), -1022);
  auto done = log_on("apiKey=me&timestamp=");
  CAF_CHECK_EQUAL(done.str("/result/apiKey"), "me");
  CAF_CHECK(done.num("/result/authorizedSince") > 0);
  CAF_CHECK(open().has("/result"));
  CAF_CHECK_EQUAL(code(client.call("openOrders.status")), -1102);
  client.call("session.logout");
  CAF_CHECK_EQUAL(code(open()), -2015);
}

CAF_TEST(only keys of Ed25519 log a session on) {
  CAF_CHECK_EQUAL(code(uut.ask_signed("session.logon", {})), -1022);
}

CAF_TEST(requests are signed by RSA as well) {
  auto pair = make_key_pair(key_kind::rsa);
  auto venue = start_server(
    {.accounts = {{.key = "me", .public_key = pair.public_key}}});
  binance_trader client{*venue};
  auto now = binance_trader::now();
  auto proof
    = sim::to_base64(sign(pair.private_key, "apiKey=me&timestamp=" + now));
  auto params = R"({"apiKey":"me","timestamp":)" + now + R"(,"signature":")"
                + proof + R"("})";
  CAF_CHECK(client.call("account.status", params).has("/result/balances"));
  params.insert(params.size() - 4, "x");
  CAF_CHECK_EQUAL(code(client.call("account.status", params)), -1022);
}

CAF_TEST(a public key that is none is told at the start) {
  sim::server_config cfg{.accounts = {{.public_key = "nonsense"}}};
  CAF_CHECK(problem_of(cfg));
}

CAF_TEST(requests come in their time) {
  auto late = std::to_string(sim::wall_clock().count() - 2'000);
  CAF_CHECK_EQUAL(
    code(uut.about("openOrders.status", {},
                   {{"timestamp", late}, {"recvWindow", "1000"}})),
    -1021);
  CAF_CHECK_EQUAL(
    code(uut.about("openOrders.status", {}, {{"recvWindow", "70000"}})), -1102);
}

// -- events -------------------------------------------------------------------

CAF_TEST(an account has one subscription of a connection) {
  CAF_CHECK_EQUAL(uut.subscribe(), 0);
  CAF_CHECK_EQUAL(
    code(uut.ask_signed("userDataStream.subscribe.signature", {})), -2035);
  CAF_CHECK_EQUAL(uut.call("session.subscriptions").size("/result"), 1u);
  CAF_CHECK(uut.call("userDataStream.unsubscribe").has("/result"));
  CAF_CHECK_EQUAL(uut.next("eventStreamTerminated").num("/subscriptionId"), 0);
  CAF_CHECK_EQUAL(code(uut.call("userDataStream.unsubscribe")), -2036);
  CAF_CHECK_EQUAL(uut.subscribe(), 1);
}

CAF_TEST(each step of an order has an event) {
  uut.subscribe();
  auto placed = uut.place("a");
  CAF_CHECK_EQUAL(placed.str("/result/status"), "NEW");
  auto event = uut.next();
  CAF_CHECK_EQUAL(step(event), "NEW NEW 0.00000000 0.00000000 ");
  CAF_CHECK_EQUAL(event.str("/event/c"), "a");
  CAF_CHECK_EQUAL(event.num("/event/i"), placed.num("/result/orderId"));
  CAF_CHECK_EQUAL(event.num("/event/t"), -1);
  uut.turn("fill_order", R"({"label":"a","amount":4})");
  event = uut.next();
  CAF_CHECK_EQUAL(step(event), "TRADE PARTIALLY_FILLED 4.00000000 4.00000000 ");
  CAF_CHECK_EQUAL(event.str("/event/n"), "0.00400000");
  CAF_CHECK_EQUAL(event.str("/event/N"), "BTC");
  CAF_CHECK(event.num("/event/t") > 0);
  CAF_CHECK(event.find("/event/m")->GetBool());
  CAF_CHECK(uut.about("order.cancel", "a").has("/result"));
  event = uut.next();
  CAF_CHECK_EQUAL(step(event), "CANCELED CANCELED 0.00000000 4.00000000 ");
  CAF_CHECK_EQUAL(event.str("/event/C"), "a");
  CAF_CHECK(event.str("/event/c") != "a");
}

CAF_TEST(an order of the market trades at once) {
  uut.subscribe();
  auto placed = uut.place("m", {{"type", text("MARKET")}});
  CAF_CHECK_EQUAL(placed.str("/result/status"), "FILLED");
  CAF_CHECK_EQUAL(placed.size("/result/fills"), 1u);
  CAF_CHECK_EQUAL(step(uut.next()), "NEW NEW 0.00000000 0.00000000 ");
  auto event = uut.next();
  CAF_CHECK_EQUAL(step(event), "TRADE FILLED 10.00000000 10.00000000 ");
  CAF_CHECK_EQUAL(event.num("/event/t"), placed.num("/result/fills/0/tradeId"));
  CAF_CHECK(!event.find("/event/m")->GetBool());
}

CAF_TEST(balances follow) {
  uut.subscribe();
  uut.place("a", {{"price", text("1000")}});
  auto event = uut.next("outboundAccountPosition");
  CAF_CHECK_EQUAL(event.str("/event/B/0/a"), "BTC");
  CAF_CHECK_EQUAL(event.str("/event/B/0/f"), "10000000.00000000");
  CAF_CHECK_EQUAL(event.str("/event/B/1/a"), "USDT");
  CAF_CHECK_EQUAL(event.str("/event/B/1/f"), "9990000.00000000");
  CAF_CHECK_EQUAL(event.str("/event/B/1/l"), "10000.00000000");
  uut.turn("fill_order", R"({"label":"a"})");
  event = uut.next("outboundAccountPosition");
  CAF_CHECK_EQUAL(event.str("/event/B/0/f"), "10000009.99000000");
  CAF_CHECK_EQUAL(event.str("/event/B/1/l"), "0.00000000");
  auto status = uut.ask_signed("account.status", {});
  CAF_CHECK_EQUAL(status.str("/result/balances/0/free"), "10000009.99000000");
}

CAF_TEST(fills can be told twice or later) {
  uut.subscribe();
  uut.place("a");
  uut.next();
  uut.turn("tell_fills", R"({"mode":"held"})");
  uut.turn("fill_order", R"({"label":"a","amount":4})");
  uut.turn("tell_fills", R"({"mode":"twice"})");
  auto held = uut.next();
  CAF_CHECK_EQUAL(held.str("/event/l"), "4.00000000");
  uut.turn("fill_order", R"({"label":"a"})");
  auto first = uut.next();
  auto second = uut.next();
  CAF_CHECK_EQUAL(step(first), step(second));
  CAF_CHECK_EQUAL(first.num("/event/t"), second.num("/event/t"));
}

CAF_TEST(an order is filled when the market comes to it) {
  uut.turn("follow_market", R"({"enabled":true})");
  uut.subscribe();
  auto placed = uut.place("a", {{"price", text("90000")}});
  CAF_CHECK_EQUAL(placed.str("/result/fills/0/commissionAsset"), "BTC");
  CAF_CHECK_EQUAL(step(uut.next()), "NEW NEW 0.00000000 0.00000000 ");
  CAF_CHECK_EQUAL(uut.next().str("/event/x"), "TRADE");
}

// -- terms --------------------------------------------------------------------

CAF_TEST(an order that must not rest expires) {
  uut.subscribe();
  auto placed = uut.place("a", {{"timeInForce", text("IOC")}});
  CAF_CHECK_EQUAL(placed.str("/result/status"), "EXPIRED");
  CAF_CHECK_EQUAL(placed.str("/result/expiryReason"),
                  "UNFILLED_IOC_QUANTITY_EXPIRED");
  uut.next();
  auto event = uut.next();
  CAF_CHECK_EQUAL(event.str("/event/x"), "EXPIRED");
  CAF_CHECK_EQUAL(event.str("/event/eR"), "UNFILLED_IOC_QUANTITY_EXPIRED");
  CAF_CHECK_EQUAL(event.str("/event/c"), "a");
  placed = uut.place("b", {{"timeInForce", text("FOK")}});
  CAF_CHECK_EQUAL(placed.str("/result/expiryReason"),
                  "UNFILLED_FOK_ORDER_EXPIRED");
}

CAF_TEST(a maker does not take) {
  uut.subscribe();
  auto refused = uut.place("a", {{"type", text("LIMIT_MAKER")},
                                 {"price", text(ask_price())}});
  CAF_CHECK_EQUAL(code(refused), -2010);
  CAF_CHECK_EQUAL(refused.str("/error/msg"),
                  "Order would immediately match and take.");
  auto event = uut.next();
  CAF_CHECK_EQUAL(event.str("/event/x"), "REJECTED");
  CAF_CHECK_EQUAL(event.str("/event/r"), "WOULD_MATCH_IMMEDIATELY");
  CAF_CHECK_EQUAL(
    uut.place("b", {{"type", text("LIMIT_MAKER")}}).str("/result/type"),
    "LIMIT_MAKER");
}

CAF_TEST(nobody buys for what he does not have) {
  uut.subscribe();
  CAF_CHECK_EQUAL(code(uut.place("a", {{"quantity", text("1000")}})), -2010);
  CAF_CHECK_EQUAL(uut.next().str("/event/r"), "INSUFFICIENT_BALANCES");
  CAF_CHECK(uut.place("b", {{"quantity", text("100")}}).has("/result"));
  CAF_CHECK_EQUAL(code(uut.place("c", {{"quantity", text("110")}})), -2010);
}

CAF_TEST(a name is free again once its order is over) {
  uut.place("a");
  auto twin = uut.place("a");
  CAF_CHECK_EQUAL(code(twin), -2010);
  CAF_CHECK_EQUAL(twin.str("/error/msg"), "Duplicate order sent.");
  CAF_CHECK_EQUAL(server->count_orders("a"), 1u);
  uut.about("order.cancel", "a");
  CAF_CHECK_EQUAL(code(uut.about("order.status", "a")), -2013);
  CAF_CHECK(uut.place("a").has("/result"));
  CAF_CHECK_EQUAL(server->count_orders("a"), 2u);
}

CAF_TEST(orders that make no sense are refused by their codes) {
  CAF_CHECK_EQUAL(code(uut.place("a", {{"symbol", text("XYZ")}})), -1121);
  CAF_CHECK_EQUAL(code(uut.place("a", {{"side", text("HOLD")}})), -1117);
  CAF_CHECK_EQUAL(code(uut.place("a", {{"type", text("FLY")}})), -1116);
  CAF_CHECK_EQUAL(code(uut.place("a", {{"type", text("STOP_LOSS")}})), -2010);
  CAF_CHECK_EQUAL(code(uut.place("a", {{"timeInForce", text("X")}})), -1115);
  CAF_CHECK_EQUAL(code(uut.place("a", {{"quantity", text("0")}})), -1102);
  CAF_CHECK_EQUAL(code(uut.place("a", {{"quantity", text("7")}})), -1013);
  CAF_CHECK_EQUAL(code(uut.place("a", {{"price", text("50000.3")}})), -1013);
  CAF_CHECK_EQUAL(code(uut.place("a b")), -1100);
  CAF_CHECK_EQUAL(server->count_orders("a"), 0u);
}

// -- changes and questions ----------------------------------------------------

CAF_TEST(an amount is only made smaller) {
  uut.subscribe();
  uut.place("a", {{"quantity", text("30")}});
  uut.next();
  auto amend = [&](const std::string& amount) {
    return uut.about("order.amend.keepPriority", "a",
                     {{"newQty", text(amount)},
                      {"newClientOrderId", text("a")}});
  };
  CAF_CHECK_EQUAL(code(amend("40")), -2038);
  CAF_CHECK_EQUAL(code(amend("30")), -2038);
  auto done = amend("20");
  CAF_CHECK_EQUAL(done.str("/result/amendedOrder/qty"), "20.00000000");
  CAF_CHECK_EQUAL(done.str("/result/amendedOrder/clientOrderId"), "a");
  auto event = uut.next();
  CAF_CHECK_EQUAL(event.str("/event/x"), "REPLACED");
  CAF_CHECK_EQUAL(event.str("/event/q"), "20.00000000");
}

CAF_TEST(all orders of a symbol are canceled) {
  CAF_CHECK_EQUAL(code(uut.about("openOrders.cancelAll")), -2011);
  uut.place("a");
  uut.place("b");
  CAF_CHECK_EQUAL(uut.about("openOrders.status").size("/result"), 2u);
  auto canceled = uut.about("openOrders.cancelAll");
  CAF_CHECK_EQUAL(canceled.size("/result"), 2u);
  CAF_CHECK_EQUAL(canceled.str("/result/1/origClientOrderId"), "b");
  CAF_CHECK_EQUAL(uut.about("openOrders.status").size("/result"), 0u);
}

CAF_TEST(an order that is over cannot be changed) {
  for (auto method : {"order.cancel", "order.status"})
    CAF_CHECK_EQUAL(code(uut.about(method)), -1102);
  auto number = std::to_string(uut.place("a").num("/result/orderId"));
  auto other = uut.about("order.cancel", "b", {{"orderId", number}});
  CAF_CHECK_EQUAL(code(other), -2039);
  uut.about("order.cancel", "a");
  auto again = uut.about("order.cancel", "", {{"orderId", number}});
  CAF_CHECK_EQUAL(code(again), -2011);
  CAF_CHECK_EQUAL(again.str("/error/msg"), "Unknown order sent.");
  auto found = uut.about("order.status", "", {{"orderId", number}});
  CAF_CHECK_EQUAL(found.str("/result/status"), "CANCELED");
}

CAF_TEST(trades are told from a moment on) {
  uut.place("a", {{"type", text("MARKET")}});
  uut.place("b", {{"type", text("MARKET")}, {"side", text("SELL")}});
  auto all = uut.about("myTrades");
  CAF_REQUIRE_EQUAL(all.size("/result"), 2u);
  CAF_CHECK(all.find("/result/0/isBuyer")->GetBool());
  CAF_CHECK_EQUAL(all.str("/result/1/commissionAsset"), "USDT");
  CAF_CHECK_EQUAL(
    uut.about("myTrades", {}, {{"limit", "1"}}).num("/result/0/id"),
    all.num("/result/1/id"));
  CAF_CHECK_EQUAL(uut
                    .about("myTrades", {}, {{"startTime", "1"}, {"limit", "1"}})
                    .num("/result/0/id"),
                  all.num("/result/0/id"));
  CAF_CHECK_EQUAL(
    uut.about("myTrades", {}, {{"startTime", "9000000000000"}}).size("/result"),
    0u);
}

// -- faults -------------------------------------------------------------------

CAF_TEST(an order may be there though its answer says nothing of it) {
  uut.subscribe();
  server->apply(sim::fault_fail_calls{.method = "order.place",
                                      .code = "-1007",
                                      .status = 408,
                                      .executes = sim::execution::done});
  CAF_CHECK_EQUAL(code(uut.place("a")), -1007);
  CAF_CHECK_EQUAL(uut.next().str("/event/c"), "a");
  CAF_CHECK_EQUAL(uut.state_of("a"), "NEW");
}

CAF_TEST(events may come before the answer) {
  uut.subscribe();
  server->apply(sim::fault_notify_first{});
  uut.place("a");
  // `call` has kept what came before the answer.
  CAF_CHECK_EQUAL(uut.next().str("/event/x"), "NEW");
}

CAF_TEST(a subscription that expires says so) {
  uut.subscribe();
  server->apply(sim::fault_expire_listen_key{});
  uut.next("eventStreamTerminated");
  CAF_CHECK_EQUAL(uut.call("session.subscriptions").size("/result"), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
