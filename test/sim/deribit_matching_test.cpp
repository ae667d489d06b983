// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deribit_matching

#include "deribit_trader.hpp"

#include <cmath>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto changes = "user.changes.BTC-PERPETUAL.raw";

struct fixture {
  static int64_t code(const json_text& answer) {
    return answer.num("/error/code");
  }

  static std::string state(const json_text& answer) {
    return answer.str("/result/order/order_state");
  }

  // Returns a price as JSON.
  static std::string price(double x) {
    return R"(,"price":)" + std::to_string(x);
  }

  // The best prices while the market rests.
  struct touch {
    double bid;
    double ask;
  };

  touch best() {
    auto bid = uut.sell("probe", R"(,"type":"market")");
    auto ask = uut.buy("probe", R"(,"type":"market")");
    return {bid.real("/result/trades/0/price"),
            ask.real("/result/trades/0/price")};
  }

  std::unique_ptr<sim::server> server = start_server({.tick = 1ms});
  trader uut{*server};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deribit_matching_tests, fixture)

// -- fills --------------------------------------------------------------------

CAF_TEST(a command fills a resting order in parts) {
  uut.subscribe(changes);
  uut.buy("a", R"(,"amount":30,"price":50000)");
  uut.turn("fill_order", labeled("a", R"(,"amount":10)"));
  uut.turn("fill_order", labeled("a"));
  CAF_CHECK_EQUAL(uut.next(changes).size("/params/data/trades"), 0u);
  auto first = uut.next(changes);
  CAF_CHECK_EQUAL(first.str("/params/data/orders/0/order_state"), "open");
  CAF_CHECK_EQUAL(first.real("/params/data/orders/0/filled_amount"), 10.0);
  CAF_CHECK_EQUAL(first.real("/params/data/trades/0/amount"), 10.0);
  CAF_CHECK_EQUAL(first.str("/params/data/trades/0/liquidity"), "M");
  CAF_CHECK_EQUAL(first.str("/params/data/trades/0/label"), "a");
  CAF_CHECK_EQUAL(first.real("/params/data/positions/0/size"), 10.0);
  auto second = uut.next(changes);
  CAF_CHECK_EQUAL(second.str("/params/data/orders/0/order_state"), "filled");
  CAF_CHECK_EQUAL(second.real("/params/data/trades/0/amount"), 20.0);
  CAF_CHECK_NOT_EQUAL(first.str("/params/data/trades/0/trade_id"),
                      second.str("/params/data/trades/0/trade_id"));
  CAF_CHECK_EQUAL(uut.position(), 30.0);
}

CAF_TEST(a command cannot fill more than there is) {
  uut.buy("a");
  CAF_CHECK_EQUAL(
    code(uut.call("sim/fill_order", labeled("a", R"(,"amount":20)"))), -32602);
  CAF_CHECK_EQUAL(code(uut.call("sim/fill_order", labeled("b"))), 10004);
  CAF_CHECK_EQUAL(code(uut.call("sim/fill_order", "{}")), 10004);
}

CAF_TEST(an order is filled when the market comes to it) {
  uut.turn("follow_market", R"({"enabled":true})");
  uut.subscribe(changes);
  auto ask = best().ask;
  uut.buy("a", R"(,"amount":10,"post_only":true)" + price(ask - 2));
  for (;;) {
    auto news = uut.next(changes);
    if (news.str("/params/data/trades/0/label") != "a")
      continue;
    CAF_CHECK_EQUAL(news.real("/params/data/trades/0/price"), ask - 2);
    CAF_CHECK_EQUAL(news.str("/params/data/trades/0/liquidity"), "M");
    break;
  }
}

CAF_TEST(without that limit orders rest though the market crosses them) {
  auto placed = uut.buy("a", price(best().ask + 100));
  CAF_CHECK_EQUAL(state(placed), "open");
  CAF_CHECK_EQUAL(uut.state_of("a"), "open");
}

CAF_TEST(an order that crosses the market takes what is there) {
  uut.turn("follow_market", R"({"enabled":true})");
  auto placed = uut.buy("a", R"(,"amount":10)" + price(best().ask + 100));
  CAF_CHECK_EQUAL(placed.str("/result/trades/0/liquidity"), "T");
  CAF_CHECK(placed.real("/result/trades/0/price") < best().ask + 100);
  CAF_CHECK(placed.real("/result/trades/0/fee") > 0);
}

CAF_TEST(fees are a part of the value) {
  uut.buy("m", R"(,"price":50000)");
  uut.turn("fill_order", labeled("m", R"(,"price":40000)"));
  auto placed = uut.buy("t", R"(,"type":"market","amount":10000)");
  auto expected = 10000 / placed.real("/result/trades/0/price") * 0.0005;
  CAF_CHECK(std::abs(placed.real("/result/trades/0/fee") - expected) < 1e-8);
  CAF_CHECK_EQUAL(placed.str("/result/trades/0/fee_currency"), "BTC");
  auto trades = uut.call("private/get_user_trades_by_instrument",
                         R"({"instrument_name":"BTC-PERPETUAL"})");
  CAF_CHECK_EQUAL(trades.find("/result/trades/1/fee")->GetDouble(), -3e-8);
}

// -- terms --------------------------------------------------------------------

CAF_TEST(a post only order does not take) {
  auto touch = best();
  auto crossing = price(touch.ask + 10) + R"(,"post_only":true)";
  CAF_CHECK_EQUAL(code(uut.buy("a", crossing + R"(,"reject_post_only":true)")),
                  11054);
  CAF_CHECK_EQUAL(server->count_orders("a"), 0u);
  auto moved = uut.buy("b", crossing);
  CAF_CHECK_EQUAL(moved.real("/result/order/price"), touch.ask - 0.5);
  CAF_CHECK_EQUAL(state(uut.buy("c", price(touch.bid)
                                       + R"(,"post_only":true,)"
                                         R"("reject_post_only":true)")),
                  "open");
}

CAF_TEST(an order that must not rest is cancelled) {
  constexpr auto at_once = R"(,"time_in_force":"immediate_or_cancel")";
  constexpr auto whole = R"(,"time_in_force":"fill_or_kill")";
  auto limit = price(best().ask + 10);
  CAF_CHECK_EQUAL(state(uut.buy("a", at_once + price(50000))), "cancelled");
  CAF_CHECK_EQUAL(state(uut.buy("b", whole + price(50000))), "cancelled");
  auto part = uut.buy("c", at_once + limit + R"(,"amount":10000000)");
  CAF_CHECK_EQUAL(state(part), "cancelled");
  CAF_CHECK(part.real("/result/order/filled_amount") > 0);
  CAF_CHECK_EQUAL(part.real("/result/trades/0/amount"),
                  part.real("/result/order/filled_amount"));
  auto none = uut.buy("d", whole + limit + R"(,"amount":10000000)");
  CAF_CHECK_EQUAL(none.real("/result/order/filled_amount"), 0.0);
  CAF_CHECK_EQUAL(state(uut.buy("e", whole + limit)), "filled");
}

CAF_TEST(a reduce only order fits the position) {
  constexpr auto reduce = R"(,"type":"market","reduce_only":true,"amount":50)";
  CAF_CHECK_EQUAL(code(uut.sell("a", reduce)), 11030);
  uut.buy("b", R"(,"type":"market","amount":20)");
  CAF_CHECK_EQUAL(code(uut.buy("c", reduce)), 11030);
  CAF_CHECK_EQUAL(uut.sell("d", reduce).real("/result/order/amount"), 20.0);
  CAF_CHECK_EQUAL(uut.position(), 0.0);
}

CAF_TEST(amounts and prices have units) {
  CAF_CHECK_EQUAL(code(uut.buy("a", R"(,"amount":15,"price":50000)")), -32602);
  CAF_CHECK_EQUAL(code(uut.buy("a", R"(,"price":50000.25)")), 10043);
  CAF_CHECK_EQUAL(code(uut.buy("a", R"(,"price":5,"post_only":1)")), -32602);
  CAF_CHECK_EQUAL(code(uut.buy("a", R"(,"price":5,"time_in_force":"x")")),
                  -32602);
  CAF_CHECK_EQUAL(server->count_orders("a"), 0u);
}

// -- stops --------------------------------------------------------------------

CAF_TEST(a stop waits for its price and another order takes its place) {
  constexpr auto stop = R"(,"type":"stop_market","trigger":"last_price",)"
                        R"("trigger_price":65000)";
  auto placed = uut.buy("a", stop);
  CAF_CHECK_EQUAL(state(placed), "untriggered");
  CAF_CHECK_EQUAL(placed.str("/result/order/price"), "market_price");
  auto open = uut.call("private/get_open_orders_by_instrument",
                       R"({"instrument_name":"BTC-PERPETUAL"})");
  CAF_CHECK_EQUAL(open.size("/result"), 1u);
  uut.turn("trigger_order", labeled("a"));
  auto both = uut.call("private/get_order_state_by_label",
                       R"({"currency":"BTC","label":"a"})");
  CAF_REQUIRE_EQUAL(both.size("/result"), 2u);
  CAF_CHECK_EQUAL(both.str("/result/0/order_state"), "triggered");
  CAF_CHECK_EQUAL(both.str("/result/1/order_state"), "filled");
  CAF_CHECK_EQUAL(both.str("/result/1/trigger_order_id"),
                  both.str("/result/0/order_id"));
  CAF_CHECK_EQUAL(server->count_orders("a"), 1u);
}

CAF_TEST(the market triggers stops) {
  uut.turn("follow_market", R"({"enabled":true})");
  uut.subscribe(changes);
  uut.buy("a", R"(,"type":"stop_limit","trigger":"last_price",)"
               R"("trigger_price":50000,"price":40000)");
  std::string state;
  while (state != "triggered")
    state = uut.next(changes).str("/params/data/orders/0/order_state");
  CAF_CHECK_EQUAL(uut.next(changes).str("/params/data/orders/0/order_state"),
                  "open");
}

CAF_TEST(a stop that has nothing to reduce is rejected) {
  uut.sell("a", R"(,"type":"stop_market","trigger":"mark_price",)"
                R"("trigger_price":50000,"reduce_only":true)");
  uut.turn("trigger_order", labeled("a"));
  CAF_CHECK_EQUAL(uut.state_of("a"), "rejected:reduce_direction");
}

CAF_TEST(stops are cancelled like other orders) {
  constexpr auto stop = R"(,"type":"stop_market","trigger":"last_price",)"
                        R"("trigger_price":65000)";
  uut.buy("a", stop);
  uut.buy("b");
  auto gone = uut.call("private/cancel_all", R"({"detailed":true})");
  CAF_REQUIRE_EQUAL(gone.size("/result"), 2u);
  CAF_CHECK_EQUAL(gone.str("/result/0/type"), "limit");
  CAF_CHECK_EQUAL(gone.str("/result/0/result/0/label"), "b");
  CAF_CHECK_EQUAL(gone.str("/result/1/type"), "trigger");
  CAF_CHECK_EQUAL(gone.str("/result/1/result/0/label"), "a");
  CAF_CHECK_EQUAL(gone.str("/result/1/result/0/order_state"), "cancelled");
}

CAF_TEST_FIXTURE_SCOPE_END()
