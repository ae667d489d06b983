// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deribit_user_channels

#include "deribit_trader.hpp"

#include <cmath>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto changes = "user.changes.BTC-PERPETUAL.raw";
constexpr auto market_order = R"(,"type":"market")";

struct fixture {
  std::unique_ptr<sim::server> server = start_server();
  trader uut{*server};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deribit_user_channels_tests, fixture)

// -- channels -----------------------------------------------------------------

CAF_TEST(channels of accounts need a login and a known name) {
  sim_client stranger{*server, trader::path};
  auto refused = stranger.call("private/subscribe",
                               R"({"channels":["user.portfolio.any"]})");
  CAF_CHECK_EQUAL(refused.num("/error/code"), 13009);
  for (auto name :
       {"user.changes.BTC-PERPETUAL.raw", "user.changes.BTC-PERPETUAL.100ms",
        "user.changes.any.any.raw", "user.trades.future.BTC.100ms",
        "user.orders.ETH-PERPETUAL.100ms", "user.portfolio.any",
        "user.portfolio.btc"})
    uut.subscribe(name);
  auto granted = uut.call(
    "private/subscribe",
    R"({"channels":["user.changes","user.changes.NO-SUCH.raw",)"
    R"("user.changes.any.raw.","user.changes.BTC-PERPETUAL.7ms",)"
    R"("user.portfolio.DOGE","user.portfolio.any.raw","user.portfolio.",)"
    R"("user.other.any.any.raw","user.trades.BTC-PERPETUAL",)"
    R"("user.changes.any.any.raw.raw","user.orders..raw"]})");
  CAF_CHECK(granted.has("/result"));
  CAF_CHECK_EQUAL(granted.size("/result"), 0u);
}

CAF_TEST(changes bring an order with its fills and the position) {
  uut.subscribe(changes);
  uut.buy("a", market_order);
  auto news = uut.next(changes);
  CAF_CHECK_EQUAL(news.str("/params/data/instrument_name"), "BTC-PERPETUAL");
  CAF_CHECK_EQUAL(news.size("/params/data/orders"), 1u);
  CAF_CHECK_EQUAL(news.str("/params/data/orders/0/order_state"), "filled");
  CAF_CHECK_EQUAL(news.size("/params/data/trades"), 1u);
  CAF_CHECK_EQUAL(news.str("/params/data/trades/0/liquidity"), "T");
  CAF_CHECK_EQUAL(news.str("/params/data/trades/0/direction"), "buy");
  CAF_CHECK_EQUAL(news.size("/params/data/positions"), 1u);
  CAF_CHECK_EQUAL(news.real("/params/data/positions/0/size"), 10.0);
  CAF_CHECK_EQUAL(news.str("/params/data/positions/0/direction"), "buy");
}

CAF_TEST(orders come one by one on raw channels and in lists on others) {
  uut.subscribe("user.orders.BTC-PERPETUAL.raw");
  uut.subscribe("user.orders.BTC-PERPETUAL.100ms");
  uut.subscribe("user.trades.any.any.raw");
  uut.buy("a", market_order);
  CAF_CHECK_EQUAL(
    uut.next("user.orders.BTC-PERPETUAL.raw").str("/params/data/label"), "a");
  CAF_CHECK_EQUAL(
    uut.next("user.orders.BTC-PERPETUAL.100ms").str("/params/data/0/label"),
    "a");
  CAF_CHECK_EQUAL(
    uut.next("user.trades.any.any.raw").str("/params/data/0/label"), "a");
}

CAF_TEST(the portfolio follows fees and profits) {
  uut.subscribe("user.portfolio.any");
  auto balance = [&] {
    auto news = uut.next("user.portfolio.any");
    CAF_CHECK_EQUAL(news.str("/params/data/currency"), "BTC");
    CAF_CHECK_EQUAL(news.real("/params/data/available_funds"),
                    news.real("/params/data/balance"));
    return news.real("/params/data/balance");
  };
  uut.buy("a", R"(,"amount":100000,"price":50000)");
  auto before = balance();
  auto bought = R"({"label":"a"})";
  uut.turn("fill_order", bought);
  CAF_CHECK_EQUAL(balance(), before + 0.0002); // the maker's rebate
  uut.sell("b", R"(,"amount":100000,"price":80000)");
  balance();
  uut.turn("fill_order", R"({"label":"b"})");
  auto profit = 100000.0 / 50000 - 100000.0 / 80000;
  CAF_CHECK(std::abs(balance() - before - profit - 0.0002 - 0.000125) < 1e-8);
}

CAF_TEST(an account is told what other connections cancel when they end) {
  trader watcher{*server};
  watcher.subscribe(changes);
  {
    trader gone{*server};
    gone.call("private/enable_cancel_on_disconnect",
              R"({"scope":"connection"})");
    gone.buy("a");
    watcher.next(changes);
  }
  auto news = watcher.next(changes);
  CAF_CHECK_EQUAL(news.str("/params/data/orders/0/label"), "a");
  CAF_CHECK_EQUAL(news.str("/params/data/orders/0/order_state"), "cancelled");
  CAF_CHECK_EQUAL(news.str("/params/data/orders/0/cancel_reason"),
                  "cancel_on_disconnect");
}

// -- faults -------------------------------------------------------------------

CAF_TEST(fills are told late) {
  uut.subscribe(changes);
  uut.turn("tell_fills", R"({"mode":"held"})");
  auto placed = uut.buy("a", market_order);
  CAF_CHECK_EQUAL(placed.size("/result/trades"), 1u);
  auto state = uut.next(changes);
  CAF_CHECK_EQUAL(state.str("/params/data/orders/0/order_state"), "filled");
  CAF_CHECK_EQUAL(state.size("/params/data/trades"), 0u);
  uut.buy("b");
  CAF_CHECK_EQUAL(uut.next(changes).str("/params/data/orders/0/label"), "b");
  uut.turn("tell_fills", R"({"mode":"once"})");
  auto late = uut.next(changes);
  CAF_CHECK_EQUAL(late.size("/params/data/orders"), 0u);
  CAF_CHECK_EQUAL(late.str("/params/data/trades/0/label"), "a");
  CAF_CHECK_EQUAL(late.size("/params/data/positions"), 1u);
}

CAF_TEST(fills are told twice) {
  uut.subscribe("user.trades.BTC-PERPETUAL.raw");
  uut.turn("tell_fills", R"({"mode":"twice"})");
  uut.buy("a", market_order);
  auto first = uut.next("user.trades.BTC-PERPETUAL.raw");
  auto second = uut.next("user.trades.BTC-PERPETUAL.raw");
  CAF_CHECK_EQUAL(first.str("/params/data/0/trade_id"),
                  second.str("/params/data/0/trade_id"));
  CAF_CHECK_EQUAL(uut.position(), 10.0);
  CAF_CHECK_EQUAL(
    uut.call("sim/tell_fills", R"({"mode":"never"})").num("/error/code"),
    -32602);
}

CAF_TEST(an order is told before its answer) {
  uut.subscribe(changes);
  server->apply(sim::fault_notify_first{});
  uut.send(R"({"jsonrpc":"2.0","id":77,"method":"private/buy","params":)"
           R"({"instrument_name":"BTC-PERPETUAL","amount":10,"price":50000}})");
  CAF_CHECK_EQUAL(uut.receive()->str("/params/channel"), changes);
  CAF_CHECK_EQUAL(uut.receive()->num("/id"), 77);
}

CAF_TEST(an order whose answer fails is told all the same) {
  uut.subscribe(changes);
  server->apply(sim::fault_fail_calls{.method = "private/buy",
                                      .code = "13888",
                                      .executes = sim::execution::done});
  CAF_CHECK_EQUAL(uut.buy("a").num("/error/code"), 13888);
  CAF_CHECK_EQUAL(uut.next(changes).str("/params/data/orders/0/label"), "a");
}

CAF_TEST_FIXTURE_SCOPE_END()
