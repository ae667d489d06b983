// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit_trading

#include "bybit_trader.hpp"

#include "zenws/sim/bybit/bybit_trade_session.hpp"

#include "support/unit_test.hpp"

#include <memory>
#include <string>
#include <string_view>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr int64_t now_ms = 1'700'000'000'000;

constexpr auto any_order = R"("side":"Buy","orderType":"Limit","qty":"10",)"
                           R"("price":"50000","orderLinkId":"a")";

struct fixture {
  sim::bybit_trade_session make_session() {
    return {cfg, 3, {orders, request_ids, [this](std::string_view symbol) {
                       return symbol == "BTCUSDT" ? &listed : nullptr;
                     }}};
  }

  /// Returns a session that is logged in.
  sim::bybit_trade_session make_trader() {
    auto result = make_session();
    CAF_REQUIRE_EQUAL(handle(result, login(now_ms + 1)).num("/retCode"), 0);
    return result;
  }

  static std::string login(int64_t expires,
                           const std::string& secret = "demo-secret") {
    return R"({"reqId":"l","op":"auth","args":)"
           + bybit_login_args(expires, secret) + '}';
  }

  static json_text handle(sim::bybit_trade_session& uut,
                          std::string_view text) {
    return json_text{
      uut.handle(text, {{}, std::chrono::milliseconds{now_ms}}).answer};
  }

  static std::string create(const std::string& id, int64_t sent = now_ms,
                            const std::string& members = any_order) {
    return bybit_order_text("create", members, id, sent);
  }

  sim::server_config cfg;
  sim::order_store orders{100};
  sim::bybit_request_ids request_ids;
  sim::instrument listed{{"BTC-PERPETUAL", 2, 10, 60'000}, 1};
  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(bybit_trading_tests, fixture)

// -- requests -----------------------------------------------------------------

CAF_TEST(orders need a login and there is one for a connection) {
  auto uut = make_session();
  CAF_CHECK_EQUAL(handle(uut, create("1")).num("/retCode"), 10007);
  CAF_CHECK_EQUAL(handle(uut, login(now_ms)).num("/retCode"), 10001);
  CAF_CHECK_EQUAL(handle(uut, login(now_ms + 1, "no")).num("/retCode"), 10004);
  auto granted = handle(uut, login(now_ms + 1));
  CAF_CHECK_EQUAL(granted.num("/retCode"), 0);
  CAF_CHECK_EQUAL(granted.str("/op"), "auth");
  CAF_CHECK_EQUAL(granted.str("/reqId"), "l");
  CAF_CHECK_EQUAL(handle(uut, login(now_ms + 1)).num("/retCode"), 20001);
  CAF_CHECK_EQUAL(handle(uut, create("2")).num("/retCode"), 0);
}

CAF_TEST(an answer has the id of the order and the limits) {
  auto uut = make_trader();
  auto answer = handle(uut, create("1"));
  CAF_CHECK_EQUAL(answer.str("/reqId"), "1");
  CAF_CHECK_EQUAL(answer.str("/op"), "order.create");
  CAF_CHECK_EQUAL(answer.str("/data/orderLinkId"), "a");
  CAF_CHECK_EQUAL(answer.str("/data/orderId").size(), 36u);
  CAF_CHECK(answer.has("/header/X-Bapi-Limit-Status"));
}

CAF_TEST(requests come in time and each with an id of its own) {
  auto uut = make_trader();
  auto code = [&](const std::string& text) {
    return handle(uut, text).num("/retCode");
  };
  CAF_CHECK_EQUAL(code(create("1", now_ms - 2'001)), 10002);
  CAF_CHECK_EQUAL(code(create("2", now_ms + 1'000)), 10002);
  CAF_CHECK_EQUAL(code(create("3", now_ms - 2'000)), 0);
  CAF_CHECK_EQUAL(code(create("3")), 20006);
  auto other = make_trader();
  CAF_CHECK_EQUAL(handle(other, create("3")).num("/retCode"), 20006);
  CAF_CHECK_EQUAL(code(create("4")), 110072);
}

CAF_TEST(nonsense about orders is refused) {
  auto uut = make_trader();
  auto code = [&](const std::string& text) {
    return handle(uut, text).num("/retCode");
  };
  for (auto text : {"", "[]", R"({"op":"order.create","args":[]})",
                    R"({"op":"order.create","args":[7]})"})
    CAF_CHECK(code(text) == 10001 || code(text) == 10404);
  CAF_CHECK_EQUAL(code(R"({"op":"order.fly"})"), 10404);
  CAF_CHECK_EQUAL(code(R"({"op":"order.create","args":[{}]})"), 10002);
  uint64_t last = 0;
  auto refused = [&](const std::string& members) {
    return code(create("n" + std::to_string(++last), now_ms, members));
  };
  CAF_CHECK_EQUAL(refused(R"("side":"Buy")"), 10001);
  CAF_CHECK_EQUAL(refused(R"("side":"Up","orderType":"Market","qty":"10")"),
                  10001);
  CAF_CHECK_EQUAL(refused(R"("side":"Buy","orderType":"Market","qty":"7")"),
                  10001);
  CAF_CHECK_EQUAL(refused(R"("side":"Buy","orderType":"Limit","qty":"10",)"
                          R"("price":"50000.2")"),
                  10001);
  CAF_CHECK_EQUAL(
    refused(R"("side":"Buy","orderType":"Market","qty":"9000000")"), 110007);
  CAF_CHECK_EQUAL(refused(R"("side":"Buy","orderType":"Market","qty":"10",)"
                          R"("reduceOnly":true)"),
                  110017);
  auto pong = handle(uut, R"({"op":"ping"})");
  CAF_CHECK_EQUAL(pong.str("/op"), "pong");
  CAF_CHECK_EQUAL(pong.str("/data/0"), std::to_string(now_ms));
}

CAF_TEST(orders are changed and canceled by either id until they are over) {
  auto uut = make_trader();
  auto id = handle(uut, create("1")).str("/data/orderId");
  auto code = [&](const std::string& op, const std::string& members,
                  const std::string& request) {
    return handle(uut, bybit_order_text(op, members, request, now_ms))
      .num("/retCode");
  };
  auto by_id = R"("orderId":")" + id + '"';
  CAF_CHECK_EQUAL(code("amend", by_id + R"(,"qty":"20")", "2"), 0);
  CAF_CHECK_EQUAL(code("amend", by_id + R"(,"qty":"20")", "3"), 10001);
  CAF_CHECK_EQUAL(code("amend", R"("orderLinkId":"a","price":"51000")", "4"),
                  0);
  CAF_CHECK_EQUAL(orders.all().at(0).amount, 20);
  CAF_CHECK_EQUAL(orders.all().at(0).price, 51'000);
  CAF_CHECK_EQUAL(code("cancel", R"("orderLinkId":"b")", "5"), 110001);
  CAF_CHECK_EQUAL(code("cancel", R"("orderLinkId":"a")", "6"), 0);
  CAF_CHECK_EQUAL(code("cancel", by_id, "7"), 110001);
  CAF_CHECK_EQUAL(code("amend", by_id + R"(,"qty":"30")", "8"), 110001);
}

CAF_TEST(a fault of a request has a code of the venue) {
  auto uut = make_session();
  json_text got{uut.failure(create("1"), {})};
  CAF_CHECK_EQUAL(got.num("/retCode"), 10019);
  CAF_CHECK_EQUAL(got.str("/reqId"), "1");
  json_text other{
    uut.failure(create("1"), {.code = "10016", .message = "Server error"})};
  CAF_CHECK_EQUAL(other.num("/retCode"), 10016);
}

// -- topics of the account ----------------------------------------------------

CAF_TEST(an order is told from its beginning to its end) {
  bybit_trader uut{*server};
  uut.subscribe(R"("order","position.linear")");
  auto id = uut.buy("a").str("/data/orderId");
  auto placed = uut.next("order");
  CAF_CHECK_EQUAL(placed.str("/data/0/orderStatus"), "New");
  CAF_CHECK_EQUAL(placed.str("/data/0/orderId"), id);
  CAF_CHECK_EQUAL(placed.str("/data/0/orderLinkId"), "a");
  CAF_CHECK_EQUAL(placed.str("/data/0/category"), "linear");
  CAF_CHECK_EQUAL(uut.next("position.linear").str("/data/0/size"), "0");
  CAF_CHECK_EQUAL(uut.buy("a").num("/retCode"), 110072);
  CAF_CHECK_EQUAL(server->count_orders("a"), 1u);
  uut.order("amend", R"("orderLinkId":"a","qty":"20")");
  CAF_CHECK_EQUAL(uut.next("order").str("/data/0/qty"), "20");
  uut.order("cancel", R"("orderLinkId":"a")");
  auto canceled = uut.next("order");
  CAF_CHECK_EQUAL(canceled.str("/data/0/orderStatus"), "Cancelled");
  CAF_CHECK_EQUAL(canceled.str("/data/0/cancelType"), "CancelByUser");
}

CAF_TEST(a market order is told with its fill and what it changes) {
  bybit_trader uut{*server};
  uut.subscribe(R"("order","execution","execution.fast","position","wallet")");
  uut.order("create", R"("side":"Sell","orderType":"Market","qty":"10",)"
                      R"("orderLinkId":"a")");
  auto order = uut.next("order");
  CAF_CHECK_EQUAL(order.str("/data/0/orderStatus"), "Filled");
  CAF_CHECK_EQUAL(order.str("/data/0/cumExecQty"), "10");
  auto fill = uut.next("execution");
  CAF_CHECK_EQUAL(fill.str("/data/0/execQty"), "10");
  CAF_CHECK_EQUAL(fill.str("/data/0/execType"), "Trade");
  CAF_CHECK_EQUAL(fill.str("/data/0/orderLinkId"), "a");
  CAF_CHECK(!fill.find("/data/0/isMaker")->GetBool());
  CAF_CHECK_EQUAL(uut.next("execution.fast").str("/data/0/execId"),
                  fill.str("/data/0/execId"));
  auto position = uut.next("position");
  CAF_CHECK_EQUAL(position.str("/data/0/side"), "Sell");
  CAF_CHECK_EQUAL(position.str("/data/0/size"), "10");
  CAF_CHECK_EQUAL(position.num("/data/0/seq"), fill.num("/data/0/seq"));
  CAF_CHECK(uut.next("wallet").has("/data/0/coin/0/walletBalance"));
}

CAF_TEST(an order that may not take is accepted and canceled) {
  bybit_trader uut{*server};
  uut.subscribe(R"("order")");
  auto answer = uut.buy("a", "90000", R"(,"timeInForce":"PostOnly")");
  CAF_CHECK_EQUAL(answer.num("/retCode"), 0);
  auto order = uut.next("order");
  CAF_CHECK_EQUAL(order.str("/data/0/orderStatus"), "Cancelled");
  CAF_CHECK_EQUAL(order.str("/data/0/rejectReason"),
                  "EC_PostOnlyWillTakeLiquidity");
  uut.buy("b", "50000", R"(,"timeInForce":"IOC")");
  CAF_CHECK_EQUAL(uut.next("order").str("/data/0/rejectReason"),
                  "EC_NoImmediateQtyToFill");
  uut.buy("c", "50000", R"(,"timeInForce":"FOK")");
  CAF_CHECK_EQUAL(uut.next("order").str("/data/0/rejectReason"),
                  "EC_CancelForNoFullFill");
}

CAF_TEST(fills come in parts and late and twice) {
  bybit_trader uut{*server};
  uut.subscribe(R"("order","execution","position")");
  uut.order("create", R"("side":"Buy","orderType":"Limit","qty":"40",)"
                      R"("price":"50000","orderLinkId":"a")");
  uut.next("order");
  uut.next("position");
  uut.turn("fill_order", R"({"label":"a","amount":10})");
  auto part = uut.next("order");
  CAF_CHECK_EQUAL(part.str("/data/0/orderStatus"), "PartiallyFilled");
  CAF_CHECK_EQUAL(part.str("/data/0/leavesQty"), "30");
  CAF_CHECK(uut.next("execution").find("/data/0/isMaker")->GetBool());
  CAF_CHECK_EQUAL(uut.next("position").str("/data/0/size"), "10");
  uut.turn("tell_fills", R"({"mode":"twice"})");
  uut.turn("fill_order", R"({"label":"a","amount":10})");
  auto fill = uut.next("execution").str("/data/0/execId");
  CAF_CHECK_EQUAL(uut.next("execution").str("/data/0/execId"), fill);
  uut.turn("tell_fills", R"({"mode":"held"})");
  uut.turn("fill_order", R"({"label":"a"})");
  auto filled = uut.news.await([](const json_text& x) {
    return x.str("/data/0/orderStatus") == "Filled";
  });
  CAF_CHECK(filled);
  uut.turn("tell_fills", R"({"mode":"once"})");
  CAF_CHECK_EQUAL(uut.next("execution").str("/data/0/execQty"), "20");
}

CAF_TEST(a stop keeps its id when it is triggered) {
  bybit_trader uut{*server};
  uut.subscribe(R"("order")");
  auto id
    = uut.buy("a", "90000", R"(,"triggerPrice":"80000","triggerDirection":1)")
        .str("/data/orderId");
  CAF_CHECK_EQUAL(uut.next("order").str("/data/0/orderStatus"), "Untriggered");
  uut.turn("trigger_order", R"({"label":"a"})");
  auto triggered = uut.next("order");
  CAF_CHECK_EQUAL(triggered.str("/data/0/orderStatus"), "Triggered");
  CAF_CHECK_EQUAL(triggered.str("/data/0/orderId"), id);
  auto placed = uut.next("order");
  CAF_CHECK_EQUAL(placed.str("/data/0/orderStatus"), "New");
  CAF_CHECK_EQUAL(placed.str("/data/0/orderId"), id);
  CAF_CHECK_EQUAL(
    uut.order("cancel", R"("orderId":")" + id + '"').num("/retCode"), 0);
}

CAF_TEST(an order follows the market once it is told to) {
  bybit_trader uut{*server};
  uut.subscribe(R"("execution")");
  uut.turn("follow_market", R"({"enabled":true})");
  uut.buy("a", "90000");
  CAF_CHECK_EQUAL(uut.next("execution").str("/data/0/orderLinkId"), "a");
}

CAF_TEST(the answer may be lost or come after the news) {
  bybit_trader uut{*server};
  uut.subscribe(R"("order")");
  server->apply(sim::fault_answer_nothing{.method = "order.create",
                                          .executes = sim::execution::done,
                                          .times = 1},
                "/v5/trade");
  uut.trade.send(create("lost", milliseconds_now()));
  CAF_CHECK_EQUAL(uut.next("order").str("/data/0/orderStatus"), "New");
  CAF_CHECK_EQUAL(uut.buy("b").num("/retCode"), 0);
}

CAF_TEST(a trade stream without messages is cut) {
  auto hasty = start_server({.bybit = {.idle_timeout = 100ms}});
  sim_client idle{*hasty, "/v5/trade"};
  CAF_CHECK_EQUAL(idle.end(), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
