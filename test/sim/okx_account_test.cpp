// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_account

#include "okx_trader.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto buy_at_market = R"(,"side":"buy","ordType":"market")";

constexpr auto sell_at_market = R"(,"side":"sell","ordType":"market")";

std::string labeled(const std::string& label, const std::string& more = "") {
  return R"({"label":")" + label + '"' + more + '}';
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_account_tests, okx_server_fixture)

// -- fills --------------------------------------------------------------------

CAF_TEST(a fill is told with its number and role and fee) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  uut.rest("a");
  uut.turn("fill_order", labeled("a", R"(,"amount":4)"));
  uut.turn("fill_order", labeled("a"));
  CAF_CHECK_EQUAL(uut.next_order("live").str("/data/0/tradeId"), "");
  auto first = uut.next_order("partially_filled");
  CAF_CHECK_EQUAL(first.str("/data/0/clOrdId"), "a");
  CAF_CHECK_EQUAL(first.str("/data/0/fillSz"), "4");
  CAF_CHECK_EQUAL(first.str("/data/0/fillPx"), "50000");
  CAF_CHECK_EQUAL(first.str("/data/0/accFillSz"), "4");
  CAF_CHECK_EQUAL(first.str("/data/0/avgPx"), "50000");
  CAF_CHECK_EQUAL(first.str("/data/0/execType"), "M");
  // 4 contracts of 0.01 BTC, of which makers receive a part.
  CAF_CHECK_EQUAL(first.str("/data/0/fillFee"), "0.2");
  CAF_CHECK_EQUAL(first.str("/data/0/fillFeeCcy"), "USDT");
  auto last = uut.next_order("filled");
  CAF_CHECK_EQUAL(last.str("/data/0/fillSz"), "6");
  CAF_CHECK_EQUAL(last.str("/data/0/accFillSz"), "10");
  CAF_CHECK_EQUAL(last.str("/data/0/fee"), "0.5");
  CAF_CHECK_NOT_EQUAL(first.str("/data/0/tradeId"),
                      last.str("/data/0/tradeId"));
}

CAF_TEST(a market order is filled by the taker) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  CAF_CHECK_EQUAL(code_in(uut.place("a", buy_at_market)), "0");
  CAF_CHECK_EQUAL(uut.next_order("live").str("/data/0/px"), "");
  auto filled = uut.next_order("filled");
  CAF_CHECK_EQUAL(filled.str("/data/0/execType"), "T");
  CAF_CHECK(filled.str("/data/0/fillFee").starts_with("-"));
}

CAF_TEST(fills are told twice or later on command) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  uut.turn("tell_fills", R"({"mode":"twice"})");
  uut.place("a", buy_at_market);
  auto trade = uut.next_order("filled").str("/data/0/tradeId");
  CAF_CHECK(!trade.empty());
  CAF_CHECK_EQUAL(uut.next_order("filled").str("/data/0/tradeId"), trade);
  uut.turn("tell_fills", R"({"mode":"held"})");
  uut.place("b", buy_at_market);
  auto state = uut.next_order("filled");
  CAF_CHECK_EQUAL(state.str("/data/0/clOrdId"), "b");
  CAF_CHECK_EQUAL(state.str("/data/0/tradeId"), "");
  uut.turn("tell_fills", R"({"mode":"once"})");
  CAF_CHECK(!uut.next_order("filled").str("/data/0/tradeId").empty());
}

CAF_TEST(a knob that cannot be turned says why) {
  okx_trader uut{*server};
  auto failed = uut.run("sim/fill_order", labeled("no"));
  CAF_CHECK_EQUAL(failed.str("/code"), "1");
  CAF_CHECK_EQUAL(failed.str("/msg"), "no such order");
  uut.rest("a");
  failed = uut.run("sim/fill_order", labeled("a", R"(,"amount":11)"));
  CAF_CHECK(failed.str("/msg").starts_with("amount "));
}

CAF_TEST(an order is filled when the market comes to it) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  uut.turn("follow_market", R"({"enabled":true})");
  uut.place("a", buy_at_market);
  auto price = std::stod(uut.next_order("filled").str("/data/0/fillPx")) - 2;
  uut.place("b", R"(,"side":"buy","ordType":"post_only","px":")"
                   + std::to_string(price) + '"');
  auto filled = uut.await([](const json_text& x) {
    return x.str("/data/0/clOrdId") == "b" && x.str("/data/0/fillSz") != "0"
           && x.has("/data/0/fillSz");
  });
  CAF_REQUIRE(filled);
  CAF_CHECK_EQUAL(filled->str("/data/0/execType"), "M");
}

// -- positions and balances ---------------------------------------------------

CAF_TEST(positions begin with a snapshot and follow the fills) {
  okx_trader uut{*server};
  uut.subscribe_to("positions");
  auto empty = uut.next("positions");
  CAF_CHECK_EQUAL(empty.str("/eventType"), "snapshot");
  CAF_CHECK_EQUAL(empty.num("/curPage"), 1);
  CAF_CHECK_EQUAL(empty.size("/data"), 0u);
  uut.place("a", buy_at_market);
  auto news = uut.next("positions");
  CAF_CHECK_EQUAL(news.str("/eventType"), "event_update");
  CAF_CHECK_EQUAL(news.str("/data/0/instId"), "BTC-USDT-SWAP");
  CAF_CHECK_EQUAL(news.str("/data/0/pos"), "10");
  CAF_CHECK_EQUAL(news.str("/data/0/posSide"), "net");
  CAF_CHECK(!news.str("/data/0/posId").empty());
  CAF_CHECK(!news.str("/data/0/tradeId").empty());
  okx_trader second{*server};
  second.subscribe_to("positions");
  CAF_CHECK_EQUAL(second.next("positions").str("/data/0/pos"), "10");
  uut.place("b", R"(,"sz":"30")" + std::string{sell_at_market});
  CAF_CHECK_EQUAL(uut.next("positions").str("/data/0/pos"), "-20");
}

CAF_TEST(snapshots are repeated) {
  start({.snapshot_interval = 1ms});
  okx_trader uut{*server};
  uut.subscribe_to("positions");
  uut.place("a", buy_at_market);
  while (uut.next("positions").str("/eventType") == "snapshot")
    continue; // until the fill is told
  for (auto i = 0; i < 3; ++i) {
    auto again = uut.next("positions");
    CAF_CHECK_EQUAL(again.str("/eventType"), "snapshot");
    CAF_CHECK_EQUAL(again.str("/data/0/pos"), "10");
  }
}

CAF_TEST(balances follow fees) {
  okx_trader uut{*server};
  uut.subscribe_to("account");
  auto all = uut.next("account");
  CAF_CHECK_EQUAL(all.str("/eventType"), "snapshot");
  CAF_CHECK_EQUAL(all.str("/data/0/details/0/ccy"), "USDT");
  CAF_CHECK_EQUAL(all.str("/data/0/details/0/cashBal"), "1000");
  uut.rest("a");
  uut.turn("fill_order", labeled("a"));
  std::string total;
  while (total != "1000.5")
    total = uut.next("account").str("/data/0/details/0/cashBal");
}

// -- terms --------------------------------------------------------------------

CAF_TEST(orders that do not rest end as the venue says) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  auto check = [&](const char* type, const char* price, const char* source) {
    auto placed = uut.place("a", R"(,"side":"buy","ordType":")"
                                   + std::string{type} + R"(","px":")" + price
                                   + '"');
    CAF_CHECK_EQUAL(code_in(placed), "0");
    auto ended = uut.next_order("canceled");
    CAF_CHECK_EQUAL(ended.str("/data/0/ordType"), type);
    CAF_CHECK_EQUAL(ended.str("/data/0/cancelSource"), source);
    CAF_CHECK_EQUAL(ended.str("/data/0/accFillSz"), "0");
  };
  check("post_only", "90000", "31");
  check("fok", "50000", "13");
  check("ioc", "50000", "14");
}

CAF_TEST(the rest of an order that must not rest is told behind its fill) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  uut.place("a", R"(,"side":"buy","ordType":"ioc","px":"90000",)"
                 R"("sz":"900000")");
  auto news = uut.next_order("partially_filled");
  CAF_CHECK_EQUAL(news.str("/data/1/state"), "canceled");
  CAF_CHECK_EQUAL(news.str("/data/1/cancelSource"), "14");
  CAF_CHECK_EQUAL(news.str("/data/1/accFillSz"), news.str("/data/0/fillSz"));
}

CAF_TEST(a cancellation is told by its channel) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  uut.rest("a");
  CAF_CHECK_EQUAL(code_in(uut.run("cancel-order", swap_argument("a"))), "0");
  CAF_CHECK_EQUAL(uut.next_order("canceled").str("/data/0/cancelSource"), "1");
  CAF_CHECK_EQUAL(code_in(uut.run("cancel-order", swap_argument("a"))),
                  "51400");
  CAF_CHECK_EQUAL(
    code_in(uut.run("amend-order", swap_argument("a", R"(,"newSz":"20")"))),
    "51503");
}

CAF_TEST(an amendment is told by its channel) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  uut.rest("a");
  uut.next_order("live");
  uut.run("amend-order",
          swap_argument("a", R"(,"newSz":"20","newPx":"49000")"));
  auto news = uut.next_order("live");
  CAF_CHECK_EQUAL(news.str("/data/0/sz"), "20");
  CAF_CHECK_EQUAL(news.str("/data/0/px"), "49000");
  CAF_CHECK_EQUAL(news.str("/data/0/amendResult"), "0");
}

CAF_TEST(an operation names its instrument by number) {
  okx_trader uut{*server};
  auto order = R"(,"tdMode":"cross","side":"buy","ordType":"limit",)"
               R"("px":"50000","sz":"10"})";
  CAF_CHECK_EQUAL(code_in(uut.run("order", R"({"instId":"BTC-USDT-SWAP")"
                                             + std::string{order})),
                  "50014");
  CAF_CHECK_EQUAL(
    code_in(uut.run("order", R"({"instIdCode":7)" + std::string{order})),
    "51001");
  start({.operations = sim::instrument_naming::by_code_or_name});
  okx_trader other{*server};
  CAF_CHECK_EQUAL(code_in(other.run("order", R"({"instId":"BTC-USDT-SWAP")"
                                               + std::string{order})),
                  "0");
}

CAF_TEST(sizes have units and orders their names once at a time) {
  okx_trader uut{*server};
  auto place = [&](const std::string& size) {
    return code_in(uut.run("order", limit_order("a", size)));
  };
  CAF_CHECK_EQUAL(place("5"), "51020");
  CAF_CHECK_EQUAL(place("15"), "51121");
  CAF_CHECK_EQUAL(place("9000000"), "51008");
  CAF_CHECK_EQUAL(server->count_orders("a"), 0u);
  CAF_CHECK_EQUAL(place("10"), "0");
  CAF_CHECK_EQUAL(place("10"), "51016");
  uut.turn("fill_order", labeled("a"));
  // It is over, so that the same request places another one.
  CAF_CHECK_EQUAL(place("10"), "0");
  CAF_CHECK_EQUAL(server->count_orders("a"), 2u);
}

CAF_TEST(a reduce only order fits the position) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  constexpr auto reduce
    = R"(,"side":"sell","ordType":"market","sz":"50","reduceOnly":true)";
  CAF_CHECK_EQUAL(code_in(uut.place("a", reduce)), "51169");
  uut.place("b", buy_at_market);
  uut.next_order("filled");
  CAF_CHECK_EQUAL(code_in(uut.place("c", reduce)), "0");
  CAF_CHECK_EQUAL(uut.next_order("filled").str("/data/0/sz"), "10");
}

CAF_TEST(an order may be told before its answer) {
  okx_trader uut{*server};
  uut.subscribe_to("orders");
  server->apply(sim::fault_notify_first{});
  uut.send(R"({"id":"x","op":"order","args":[)" + limit_order("a") + "]}");
  auto first = uut.await([](const json_text& x) {
    return x.str("/id") == "x" || x.has("/data/0/state");
  });
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->str("/data/0/state"), "live");
}

CAF_TEST_FIXTURE_SCOPE_END()
