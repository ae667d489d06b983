// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_orders

#include "zenws/venue/binance/binance_orders.hpp"

#include "account_check.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

// -- messages -----------------------------------------------------------------

constexpr std::string_view spot_new
  = R"({"e":"executionReport","E":2000,"s":"ABCUSDT","c":"zen1","S":"SELL",)"
    R"("o":"LIMIT","f":"GTC","q":"3.0","p":"0.25","P":"0.0","F":"0.0",)"
    R"("g":-1,"C":"","x":"NEW","X":"NEW","r":"NONE","i":77,"l":"0.0",)"
    R"("z":"0.0","L":"0.0","n":"0","N":null,"T":1999,"t":-1,"I":86,"w":true,)"
    R"("m":false,"M":false,"O":1999,"Z":"0.0","Y":"0.0","Q":"0.0","W":1999,)"
    R"("V":"NONE"})";

constexpr std::string_view futures_trade
  = R"({"e":"ORDER_TRADE_UPDATE","E":3000,"T":2998,"o":{"s":"XYZUSDT",)"
    R"("c":"zen2","S":"BUY","o":"LIMIT","f":"GTC","q":"5","p":"10.5",)"
    R"("ap":"10.25","sp":"0","x":"TRADE","X":"PARTIALLY_FILLED","i":88,)"
    R"("l":"2","z":"3","L":"10.5","N":"USDT","n":"-0.004","T":2997,)"
    R"("t":501,"b":"0","a":"0","m":true,"R":false,"wt":"CONTRACT_PRICE",)"
    R"("ot":"LIMIT","ps":"BOTH","cp":false,"rp":"0","pP":false,"si":0,)"
    R"("ss":0,"V":"NONE","pm":"NONE","gtd":0,"er":"0"}})";

constexpr std::string_view spot_balances
  = R"({"e":"outboundAccountPosition","E":2000,"u":1999,"B":[{"a":"ABC",)"
    R"("f":"10.25","l":"0.75"},{"a":"USDT","f":"0.0","l":"0.0"}]})";

constexpr std::string_view futures_account
  = R"({"e":"ACCOUNT_UPDATE","E":3000,"T":2999,"a":{"m":"ORDER","B":[)"
    R"({"a":"USDT","wb":"100.5","cw":"90.0","bc":"0"}],"P":[)"
    R"({"s":"XYZUSDT","pa":"-5","ep":"10.5","bep":"10.4","cr":"0","up":"1",)"
    R"("mt":"cross","iw":"0","ps":"BOTH"},{"s":"UVWUSDT","pa":"0",)"
    R"("ep":"0.00","ps":"BOTH"}]}})";

constexpr std::string_view trade_lite
  = R"({"e":"TRADE_LITE","E":3000,"T":2998,"s":"XYZUSDT","q":"5","p":"10.5",)"
    R"("m":true,"c":"zen2","S":"BUY","L":"10.5","l":"2","t":501,"i":88})";

constexpr std::string_view full_answer
  = R"({"symbol":"ABCUSDT","orderId":77,"orderListId":-1,)"
    R"("clientOrderId":"zen1","transactTime":2000,"price":"0.00",)"
    R"("origQty":"3.0","executedQty":"2.0","origQuoteOrderQty":"0.0",)"
    R"("cummulativeQuoteQty":"0.5","status":"EXPIRED","timeInForce":"GTC",)"
    R"("type":"MARKET","side":"BUY","workingTime":2000,"fills":[)"
    R"({"price":"0.25","qty":"1.5","commission":"0.001",)"
    R"("commissionAsset":"ABC","tradeId":501},{"price":"0.25","qty":"0.5",)"
    R"("commission":"0","commissionAsset":"ABC","tradeId":-1}],)"
    R"("selfTradePreventionMode":"NONE",)"
    R"("expiryReason":"INSUFFICIENT_LIQUIDITY"})";

std::string wrapped(std::string_view event) {
  return R"({"subscriptionId":0,"event":)" + std::string{event} + '}';
}

std::string stream(std::string_view event) {
  return R"({"stream":"listenKey","data":)" + std::string{event} + '}';
}

// -- showing ------------------------------------------------------------------

using lines = std::vector<std::string>;

lines shown(const account_updates& updates) {
  lines result;
  for (auto& x : updates)
    result.push_back(shown_with_time(x));
  return result;
}

// -- protocol -----------------------------------------------------------------

instrument_name instrument(std::string_view name) {
  return instrument_name::make(name).value();
}

order_key key(std::string_view name, std::string_view id,
              std::string_view venue_id = "") {
  return {instrument(name), client_order_id::make(id).value(),
          venue_order_id::make(venue_id).value()};
}

constexpr request_time at{std::chrono::sys_time<std::chrono::milliseconds>{5s},
                          1'500ms};

struct fixture {
  binance_orders uut;

  fixture() {
    uut.learn({.instrument = instrument("ABCUSDT"),
               .kind = instrument_kind::spot,
               .unit = amount_unit::base});
    uut.learn({.instrument = instrument("XYZUSDT"),
               .kind = instrument_kind::perpetual});
  }

  /// Reads a message as a client does.
  lines decoded(std::string_view text) {
    auto news = read_news(uut, "binance", text);
    return news.problem ? lines{to_string(news.problem)} : shown(news.updates);
  }

  lines answered(std::string_view method, std::string_view result,
                 std::string_view params = "{}") {
    account_updates updates;
    order_call request{std::string{method}, std::string{params}};
    if (auto problem = uut.read_answer(request, result, updates))
      return {to_string(problem)};
    return shown(updates);
  }

  static std::string text_of(const result<order_call>& x) {
    return x ? x->method + ' ' + x->params : to_string(x.error());
  }

  std::string place(const order_request& order, std::string_view id = "zen1") {
    return text_of(uut.place(order, client_order_id::make(id).value(), at));
  }

  std::string amend(const order_key& order, std::optional<decimal> amount,
                    std::optional<decimal> price = {}) {
    return text_of(uut.amend({.order = order,
                              .side = order_side::sell,
                              .amount = amount,
                              .price = price},
                             at));
  }

  order_request limit(std::string_view name = "ABCUSDT") {
    return {.instrument = instrument(name),
            .amount = number("0.5"),
            .price = number("61000.10")};
  }

  order_request market(std::string_view name = "ABCUSDT") {
    return {.instrument = instrument(name),
            .side = order_side::sell,
            .type = order_type::market,
            .amount = number("200000000000.000001")};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_orders_tests, fixture)

// -- placing ------------------------------------------------------------------

CAF_TEST(a limit order of spot has all that it needs) {
  CAF_CHECK_EQUAL(
    place(limit()),
    R"(order.place {"symbol":"ABCUSDT","side":"BUY","type":"LIMIT",)"
    R"("timeInForce":"GTC","quantity":"0.5","price":"61000.1",)"
    R"("newClientOrderId":"zen1","newOrderRespType":"FULL",)"
    R"("timestamp":5000,"recvWindow":1500})");
}

CAF_TEST(a market order of spot has its amount in the base currency) {
  CAF_CHECK_EQUAL(
    place(market()),
    R"(order.place {"symbol":"ABCUSDT","side":"SELL","type":"MARKET",)"
    R"("quantity":"200000000000.000001","newClientOrderId":"zen1",)"
    R"("newOrderRespType":"FULL","timestamp":5000,"recvWindow":1500})");
}

CAF_TEST(orders of futures have their own forms) {
  auto order = limit("XYZUSDT");
  order.side = order_side::sell;
  order.reduce_only = true;
  CAF_CHECK_EQUAL(
    place(order),
    R"(order.place {"symbol":"XYZUSDT","side":"SELL","type":"LIMIT",)"
    R"("timeInForce":"GTC","quantity":"0.5","price":"61000.1",)"
    R"("reduceOnly":"true","newClientOrderId":"zen1",)"
    R"("newOrderRespType":"RESULT","timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(
    place(market("XYZUSDT")),
    R"(order.place {"symbol":"XYZUSDT","side":"SELL","type":"MARKET",)"
    R"("quantity":"200000000000.000001","newClientOrderId":"zen1",)"
    R"("newOrderRespType":"RESULT","timestamp":5000,"recvWindow":1500})");
}

CAF_TEST(a time in force is that of limit orders) {
  for (auto name : {"ABCUSDT", "XYZUSDT"}) {
    auto order = limit(name);
    order.validity = time_in_force::immediate_or_cancel;
    CAF_CHECK(place(order).find(R"("timeInForce":"IOC")") != std::string::npos);
    order.validity = time_in_force::fill_or_kill;
    CAF_CHECK(place(order).find(R"("timeInForce":"FOK")") != std::string::npos);
    order = market(name);
    order.validity = time_in_force::immediate_or_cancel;
    CAF_CHECK_EQUAL(place(order), place(market(name)));
    order.validity = time_in_force::fill_or_kill;
    CAF_CHECK_EQUAL(place(order), "not_supported: orders without a limit have "
                                  "no time in force");
  }
}

CAF_TEST(an order that must not trade at once is refused by the venue) {
  auto order = limit();
  order.post_only = true;
  CAF_CHECK_EQUAL(
    place(order),
    R"(order.place {"symbol":"ABCUSDT","side":"BUY","type":"LIMIT_MAKER",)"
    R"("quantity":"0.5","price":"61000.1","newClientOrderId":"zen1",)"
    R"("newOrderRespType":"FULL","timestamp":5000,"recvWindow":1500})");
  order.instrument = instrument("XYZUSDT");
  CAF_CHECK(place(order).find(R"("type":"LIMIT","timeInForce":"GTX")")
            != std::string::npos);
  order.validity = time_in_force::immediate_or_cancel;
  CAF_CHECK_EQUAL(place(order), "invalid_config: post_only contradicts the "
                                "type or the validity");
}

CAF_TEST(stops of spot wait for their trigger) {
  auto order = limit();
  order.type = order_type::stop_limit;
  order.side = order_side::sell;
  order.trigger = number("61001");
  CAF_CHECK_EQUAL(
    place(order),
    R"(order.place {"symbol":"ABCUSDT","side":"SELL",)"
    R"("type":"STOP_LOSS_LIMIT","timeInForce":"GTC","quantity":"0.5",)"
    R"("price":"61000.1","stopPrice":"61001","newClientOrderId":"zen1",)"
    R"("newOrderRespType":"FULL","timestamp":5000,"recvWindow":1500})");
  order.post_only = true;
  CAF_CHECK_EQUAL(place(order), "not_supported: LIMIT_MAKER has no trigger");
  order = market();
  order.type = order_type::stop_market;
  order.trigger = number("0.001");
  CAF_CHECK_EQUAL(
    place(order),
    R"(order.place {"symbol":"ABCUSDT","side":"SELL","type":"STOP_LOSS",)"
    R"("quantity":"200000000000.000001","stopPrice":"0.001",)"
    R"("newClientOrderId":"zen1","newOrderRespType":"FULL",)"
    R"("timestamp":5000,"recvWindow":1500})");
}

CAF_TEST(stops of futures are refused) {
  auto order = market("XYZUSDT");
  order.type = order_type::stop_market;
  order.trigger = number("1");
  CAF_CHECK_EQUAL(place(order),
                  "not_supported: USD-M takes stops as algo orders only");
}

CAF_TEST(spot has no positions to reduce) {
  auto order = limit();
  order.reduce_only = true;
  CAF_CHECK_EQUAL(place(order),
                  "not_supported: spot has no positions to reduce");
}

CAF_TEST(orders that contradict themselves are refused) {
  auto order = market();
  order.price = number("1");
  CAF_CHECK_EQUAL(place(order), "invalid_config: the price has no meaning for "
                                "this type of order");
  CAF_CHECK_EQUAL(place(limit(), ""),
                  "invalid_config: the client's id is missing");
}

CAF_TEST(members of the venue are added and ours win) {
  auto order = market("XYZUSDT");
  order.venue_members = R"( { "positionSide" : "LONG" , "quantity":"9",)"
                        R"("newClientOrderId":"","a\"b":[1,{"c":null}] } )";
  CAF_CHECK_EQUAL(
    place(order),
    R"(order.place {"symbol":"XYZUSDT","side":"SELL","type":"MARKET",)"
    R"("quantity":"200000000000.000001","newClientOrderId":"zen1",)"
    R"("newOrderRespType":"RESULT","timestamp":5000,"recvWindow":1500,)"
    R"("positionSide":"LONG","a\"b":[1,{"c":null}]})");
  for (auto nothing : {"", "{}", " { } "}) {
    order.venue_members = nothing;
    CAF_CHECK_EQUAL(place(order), place(market("XYZUSDT")));
  }
  order.venue_members = "[]";
  CAF_CHECK(place(order).starts_with("invalid_config: venue_members"));
}

CAF_TEST(a request tells how long it may take) {
  auto window = [&](std::chrono::milliseconds lifetime) {
    auto call = uut.cancel(key("ABCUSDT", "zen1"), {at.now, lifetime});
    return std::string{find_member(call->params, "recvWindow").text};
  };
  CAF_CHECK_EQUAL(window(2s), "2000");
  CAF_CHECK_EQUAL(window(1h), "60000");
  CAF_CHECK_EQUAL(window(0s), "1");
  CAF_CHECK_EQUAL(window(-1s), "1");
}

// -- instruments --------------------------------------------------------------

CAF_TEST(instruments that were never learned are refused by name) {
  auto refusal = [](std::string_view name) {
    return "not_supported: \"" + std::string{name}
           + "\" is not known as an instrument of spot or USD-M";
  };
  CAF_CHECK_EQUAL(place(limit("DEFUSDT")), refusal("DEFUSDT"));
  CAF_CHECK_EQUAL(text_of(uut.cancel(key("DEFUSDT", "zen1"), at)),
                  refusal("DEFUSDT"));
  CAF_CHECK_EQUAL(text_of(uut.ask_order(key("", "zen1"), at)), refusal(""));
  CAF_CHECK_EQUAL(text_of(uut.ask_open_orders(instrument("DEFUSDT"), at)),
                  refusal("DEFUSDT"));
  CAF_CHECK_EQUAL(text_of(uut.ask_position(instrument("DEFUSDT"), at)),
                  refusal("DEFUSDT"));
}

CAF_TEST(instruments of other products are refused) {
  for (auto& terms : {
         instrument_state{.kind = instrument_kind::option},
         instrument_state{.kind = instrument_kind::other},
         instrument_state{.kind = instrument_kind::perpetual,
         .is_inverse = true},
         instrument_state{.kind = instrument_kind::future,
         .unit = amount_unit::contracts},
       }) {
    auto named = terms;
    named.instrument = instrument("ABCUSDT");
    uut.learn(named);
    CAF_CHECK(place(limit()).starts_with("not_supported"));
    named.kind = instrument_kind::future;
    named.unit = amount_unit::base;
    named.is_inverse = false;
    uut.learn(named);
    CAF_CHECK(place(limit()).starts_with("order.place"));
  }
}

CAF_TEST(names beyond ASCII are sent as they are) {
  uut.learn({.instrument = instrument("\u5e01\u5b89USDT"),
             .kind = instrument_kind::spot});
  CAF_CHECK(place(limit("\u5e01\u5b89USDT")).find("\u5e01\u5b89USDT")
            != std::string::npos);
}

// -- changes ------------------------------------------------------------------

CAF_TEST(an order is canceled by its own id or else by that of the venue) {
  CAF_CHECK_EQUAL(text_of(uut.cancel(key("ABCUSDT", "zen1", "77"), at)),
                  R"(order.cancel {"symbol":"ABCUSDT",)"
                  R"("origClientOrderId":"zen1","timestamp":5000,)"
                  R"("recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.cancel(key("XYZUSDT", "", "77"), at)),
                  R"(order.cancel {"symbol":"XYZUSDT","orderId":77,)"
                  R"("timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.cancel(key("ABCUSDT", ""), at)),
                  "invalid_config: the order has no id");
  CAF_CHECK_EQUAL(text_of(uut.cancel(key("ABCUSDT", "", "7,\"x\":1"), at)),
                  "invalid_config: the venue's id of an order is an integer");
}

CAF_TEST(spot reduces the amount of an order that keeps its id) {
  auto order = key("ABCUSDT", "zen1", "77");
  CAF_CHECK_EQUAL(amend(order, number("0.25")),
                  R"(order.amend.keepPriority {"symbol":"ABCUSDT",)"
                  R"("origClientOrderId":"zen1","newClientOrderId":"zen1",)"
                  R"("newQty":"0.25","timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(amend(order, number("0.25"), number("1")),
                  "not_supported: spot does not change the price of an order");
  CAF_CHECK_EQUAL(amend(order, std::nullopt),
                  "invalid_config: there is nothing to change");
}

CAF_TEST(futures want to be told all terms of a change) {
  auto order = key("XYZUSDT", "zen2", "88");
  CAF_CHECK_EQUAL(amend(order, number("4"), number("10")),
                  R"(order.modify {"symbol":"XYZUSDT",)"
                  R"("origClientOrderId":"zen2","side":"SELL",)"
                  R"("quantity":"4","price":"10","timestamp":5000,)"
                  R"("recvWindow":1500})");
  CAF_CHECK_EQUAL(amend(order, number("4")),
                  "invalid_config: the price is missing");
  CAF_CHECK_EQUAL(amend(order, std::nullopt, number("10")),
                  "invalid_config: the amount is missing");
}

CAF_TEST(all orders are canceled of one instrument of spot) {
  CAF_CHECK_EQUAL(text_of(uut.cancel_all(instrument("ABCUSDT"), at)),
                  R"(openOrders.cancelAll {"symbol":"ABCUSDT",)"
                  R"("timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.cancel_all(instrument("XYZUSDT"), at)),
                  "not_supported: USD-M cancels all orders over REST only");
  CAF_CHECK_EQUAL(text_of(uut.cancel_all({}, at)),
                  "not_supported: Binance cancels by instrument");
}

CAF_TEST(nothing protects orders of a client that is gone) {
  CAF_CHECK(uut.departure() == departure_rule::none);
  CAF_CHECK(uut.guard(30s, at).error().code == ec::not_supported);
}

CAF_TEST(one channel brings what happens to the account) {
  auto channels = uut.channels({instrument("ABCUSDT")});
  CAF_REQUIRE_EQUAL(channels.size(), 1u);
  CAF_CHECK_EQUAL(channels[0].name, "userDataStream");
  CAF_CHECK(channels[0].access == channel_access::authenticated_only);
}

// -- questions ----------------------------------------------------------------

CAF_TEST(an order is asked for by the id that lasts) {
  CAF_CHECK(uut.lookup() == order_lookup::query);
  CAF_CHECK_EQUAL(text_of(uut.ask_order(key("ABCUSDT", "zen1"), at)),
                  R"(order.status {"symbol":"ABCUSDT",)"
                  R"("origClientOrderId":"zen1","timestamp":5000,)"
                  R"("recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.ask_order(key("XYZUSDT", "zen1", "77"), at)),
                  R"(order.status {"symbol":"XYZUSDT","orderId":77,)"
                  R"("timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.ask_order(key("XYZUSDT", ""), at)),
                  "invalid_config: the order has no id");
}

CAF_TEST(spot tells open orders and fills and futures positions) {
  auto spot = instrument("ABCUSDT");
  auto futures = instrument("XYZUSDT");
  CAF_CHECK_EQUAL(text_of(uut.ask_open_orders(spot, at)),
                  R"(openOrders.status {"symbol":"ABCUSDT",)"
                  R"("timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.ask_fills(spot, venue_time{1'234'567us}, at)),
                  R"(myTrades {"symbol":"ABCUSDT","startTime":1234,)"
                  R"("limit":1000,"timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.ask_position(futures, at)),
                  R"(v2/account.position {"symbol":"XYZUSDT",)"
                  R"("timestamp":5000,"recvWindow":1500})");
  CAF_CHECK_EQUAL(text_of(uut.ask_open_orders(futures, at)),
                  "not_supported: USD-M tells open orders over REST only");
  CAF_CHECK_EQUAL(text_of(uut.ask_fills(futures, {}, at)),
                  "not_supported: USD-M tells fills over REST only");
  CAF_CHECK_EQUAL(text_of(uut.ask_position(spot, at)),
                  "not_supported: spot has no positions");
}

// -- events of spot -----------------------------------------------------------

CAF_TEST(an order of spot is told in each envelope) {
  lines expected{
    "order ABCUSDT/zen1/77 sell open 0 of 3 at 0.25, average - [] 1999"};
  CAF_CHECK_EQUAL(decoded(spot_new), expected);
  CAF_CHECK_EQUAL(decoded(wrapped(spot_new)), expected);
  CAF_CHECK_EQUAL(decoded(stream(spot_new)), expected);
}

CAF_TEST(a fill of spot precedes the state of its order) {
  auto text = with(spot_new, R"("x":"NEW","X":"NEW")",
                   R"("x":"TRADE","X":"PARTIALLY_FILLED")");
  text = with(text, R"("l":"0.0","z":"0.0","L":"0.0","n":"0","N":null)",
              R"("l":"0.5","z":"1.5","L":"0.26","n":"0.01","N":"BNB")");
  text = with(text, R"("t":-1)", R"("t":501)");
  lines expected{
    "fill 501 ABCUSDT/zen1/77 sell 0.5 at 0.26, fee 0.01 BNB, taker 1999",
    "order ABCUSDT/zen1/77 sell open 1.5 of 3 at 0.25, average - [] 1999"};
  CAF_CHECK_EQUAL(decoded(text), expected);
}

CAF_TEST(an allocation has an id although the venue numbers none) {
  auto text = with(spot_new, R"("x":"NEW","X":"NEW")",
                   R"("x":"TRADE","X":"FILLED")");
  text = with(text, R"("l":"0.0","z":"0.0")", R"("l":"0.5","z":"3.0")");
  CAF_CHECK(
    decoded(text)[0].starts_with("fill 77:3 ABCUSDT/zen1/77 sell 0.5 at"));
}

CAF_TEST(the last amounts of an event that is no trade are no fill) {
  auto text = with(spot_new, R"("x":"NEW","X":"NEW")",
                   R"("x":"EXPIRED","X":"EXPIRED")");
  text = with(text, R"("l":"0.0","z":"0.0")", R"("l":"0.5","z":"0.5")");
  lines expected{
    "order ABCUSDT/zen1/77 sell expired 0.5 of 3 at 0.25, average - [] 1999"};
  CAF_CHECK_EQUAL(decoded(text), expected);
}

CAF_TEST(a cancellation is about the order and not about its request) {
  auto text = with(spot_new, R"("x":"NEW","X":"NEW")",
                   R"("x":"CANCELED","X":"CANCELED")");
  auto expected = lines{
    "order ABCUSDT/zen1/77 sell canceled 0 of 3 at 0.25, average - [] 1999"};
  CAF_CHECK_EQUAL(decoded(text), expected);
  CAF_CHECK_EQUAL(decoded(with(text, R"("C":"")", R"("C":null)")), expected);
  text = with(text, R"("c":"zen1")", R"("c":"91fe37ce9e69c90d6358c0")");
  CAF_CHECK_EQUAL(decoded(with(text, R"("C":"")", R"("C":"zen1")")), expected);
}

CAF_TEST(an order that was reduced keeps its id) {
  auto text = with(spot_new, R"("c":"zen1")", R"("c":"other")");
  text = with(text, R"("C":"")", R"("C":"zen1")");
  text = with(text, R"("x":"NEW")", R"("x":"REPLACED")");
  CAF_CHECK_EQUAL(decoded(text), decoded(spot_new));
}

CAF_TEST(the states of an order have their reasons) {
  auto told = [&](std::string_view state, std::string_view more) {
    auto text = with(spot_new, R"("X":"NEW")",
                     R"("X":")" + std::string{state} + '"');
    auto line = decoded(with(text, R"("r":"NONE")", more))[0];
    auto side = line.find("sell ") + 5;
    auto reason = line.find(" [");
    return line.substr(side, line.find(" 0 of ") - side)
           + line.substr(reason, line.find(']') + 1 - reason);
  };
  constexpr auto none = R"("r":"NONE")";
  CAF_CHECK_EQUAL(told("PENDING_NEW", none), "open []");
  CAF_CHECK_EQUAL(told("PARTIALLY_FILLED", none), "open []");
  CAF_CHECK_EQUAL(told("FILLED", none), "filled []");
  CAF_CHECK_EQUAL(told("CANCELED", none), "canceled []");
  CAF_CHECK_EQUAL(told("PENDING_CANCEL", none), "open []");
  CAF_CHECK_EQUAL(told("REJECTED", R"("r":"WOULD_MATCH_IMMEDIATELY")"),
                  "rejected [WOULD_MATCH_IMMEDIATELY]");
  CAF_CHECK_EQUAL(told("EXPIRED", R"("r":"NONE","eR":"EXCHANGE_CANCELED")"),
                  "expired [EXCHANGE_CANCELED]");
  CAF_CHECK_EQUAL(told("EXPIRED", R"("eR":"OCO_TRIGGER","r":"NONE")"),
                  "expired [OCO_TRIGGER]");
  CAF_CHECK_EQUAL(told("EXPIRED_IN_MATCH", none),
                  "canceled [EXPIRED_IN_MATCH]");
  CAF_CHECK_EQUAL(told("FROZEN", none), "open [FROZEN]");
  CAF_CHECK_EQUAL(told("", none), "open []");
}

CAF_TEST(balances of spot are what is free and what is locked) {
  lines expected{"balance ABC 11, 10.25 1999", "balance USDT 0, 0 1999"};
  CAF_CHECK_EQUAL(decoded(wrapped(spot_balances)), expected);
}

CAF_TEST(events that tell nothing new are left out) {
  for (auto text :
       {R"({"e":"balanceUpdate","E":2000,"a":"ABC","d":"1.0","T":1999})",
        R"({"e":"externalLockUpdate","E":2000,"a":"ABC","d":"1.0","T":1999})",
        R"({"e":"listStatus","E":2000,"s":"ABCUSDT","g":2,"c":"OCO",)"
        R"("l":"EXEC_STARTED","L":"EXECUTING","r":"NONE","C":"x","T":1999,)"
        R"("O":[{"s":"ABCUSDT","i":17,"c":"y"}]})",
        R"({"e":"MARGIN_CALL","E":2000,"cw":"1","p":[]})",
        R"({"e":"ACCOUNT_CONFIG_UPDATE","E":2000,"T":1999})",
        R"({"e":"ALGO_UPDATE","T":1999,"E":2000,"o":{"s":"XYZUSDT"}})",
        R"({"e":"trade","E":2000,"s":"ABCUSDT","t":1,"p":"1","q":"1"})",
        R"({"u":1,"s":"ABCUSDT","b":"1","B":"1","a":"2","A":"1"})"}) {
    CAF_CHECK(decoded(text).empty());
    CAF_CHECK(decoded(stream(text)).empty());
  }
}

// -- events of futures --------------------------------------------------------

CAF_TEST(a fill of futures has a fee that may be received) {
  lines expected{
    "fill 501 XYZUSDT/zen2/88 buy 2 at 10.5, fee -0.004 USDT, maker 2997",
    "order XYZUSDT/zen2/88 buy open 3 of 5 at 10.5, average 10.25 [] 2997"};
  CAF_CHECK_EQUAL(decoded(futures_trade), expected);
  CAF_CHECK_EQUAL(decoded(stream(futures_trade)), expected);
}

CAF_TEST(a fill is told once although it has two events) {
  CAF_CHECK(decoded(trade_lite).empty());
  CAF_CHECK_EQUAL(decoded(futures_trade).size(), 2u);
}

CAF_TEST(fills of orders of the venue have no id of ours and no order) {
  for (auto id : {"autoclose-1234567890", "adl_autoclose",
                  "settlement_autoclose-1", "delivery_autoclose-12345"}) {
    auto text = with(futures_trade, "zen2", id);
    lines expected{
      "fill 501 XYZUSDT//88 buy 2 at 10.5, fee -0.004 USDT, maker 2997"};
    CAF_CHECK_EQUAL(decoded(text), expected);
    text = with(text, R"("x":"TRADE")", R"("x":"CALCULATED")");
    CAF_CHECK_EQUAL(decoded(text), expected);
    text = with(text, R"("l":"2")", R"("l":"0")");
    CAF_CHECK(decoded(text).empty());
  }
  auto own = decoded(with(futures_trade, "zen2", "autoclose000000001"));
  CAF_CHECK_EQUAL(own.size(), 2u);
  auto calculated
    = decoded(with(futures_trade, R"("x":"TRADE")", R"("x":"CALCULATED")"));
  CAF_REQUIRE_EQUAL(calculated.size(), 1u);
  CAF_CHECK(calculated[0].starts_with("fill 501 XYZUSDT//88 buy"));
}

CAF_TEST(a liquidation without a number is a fill) {
  auto text = with(futures_trade, R"("x":"TRADE")", R"("x":"CALCULATED")");
  text = with(text, R"("t":501)", R"("t":0)");
  text = with(text, R"("N":"USDT","n":"-0.004",)", "");
  lines expected{"fill 88:3 XYZUSDT//88 buy 2 at 10.5, fee - , maker 2997"};
  CAF_CHECK_EQUAL(decoded(text), expected);
}

CAF_TEST(an order of futures tells why it is over) {
  auto text = with(futures_trade, R"("x":"TRADE","X":"PARTIALLY_FILLED")",
                   R"("x":"EXPIRED","X":"EXPIRED")");
  lines expected{
    "order XYZUSDT/zen2/88 buy expired 3 of 5 at 10.5, average 10.25 [5] 2997"};
  CAF_CHECK_EQUAL(decoded(with(text, R"("er":"0")", R"("er":"5")")), expected);
  CAF_CHECK_EQUAL(decoded(with(text, R"("er":"0")", R"("er":5)")), expected);
}

CAF_TEST(an id of somebody else may be long) {
  auto id = std::string(40, 'x');
  auto told = decoded(with(spot_new, "zen1", id));
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK(told[0].starts_with("order ABCUSDT//77 sell open"));
}

CAF_TEST(an account of futures has balances and positions) {
  lines expected{"balance USDT 100.5, - 2999",
                 "position XYZUSDT -5 at 10.5 2999",
                 "position UVWUSDT 0 at - 2999"};
  CAF_CHECK_EQUAL(decoded(futures_account), expected);
  auto without_time = with(futures_account, R"("T":2999,)", "");
  CAF_CHECK(decoded(without_time)[0].ends_with(" 3000"));
}

CAF_TEST(positions of hedge mode are left out) {
  lines expected{"balance USDT 100.5, - 2999"};
  for (auto side : {"LONG", "SHORT"})
    CAF_CHECK_EQUAL(decoded(with(futures_account, "BOTH", side)), expected);
}

CAF_TEST(funding changes a balance alone) {
  auto text = R"({"e":"ACCOUNT_UPDATE","E":3000,"T":2999,"a":{)"
              R"("m":"FUNDING_FEE","B":[{"a":"USDT","wb":"99","cw":"99",)"
              R"("bc":"0"}]}})";
  CAF_CHECK_EQUAL(decoded(text), lines{"balance USDT 99, - 2999"});
}

// -- bad input ----------------------------------------------------------------

CAF_TEST(members that are needed are missed) {
  for (auto name : {"s", "c", "S", "x", "X", "i", "l", "z", "L", "t"}) {
    auto member = '"' + std::string{name} + R"(":)";
    auto changed = R"("_)" + std::string{name} + R"(":)";
    lines expected{"invalid_data: \"" + std::string{name} + "\" is missing"};
    CAF_CHECK_EQUAL(decoded(with(spot_new, member, changed)), expected);
  }
  for (auto name : {"a", "f", "l"}) {
    auto member = '"' + std::string{name} + R"(":)";
    CAF_CHECK(decoded(with(spot_balances, member, R"("_":)"))[0].starts_with(
      "invalid_data"));
  }
  for (auto member : {R"("a":{)", R"("wb")", R"("pa")", R"("ps")"})
    CAF_CHECK(decoded(with(futures_account, member,
                           member[1] == 'a' ? R"("_":{)" : R"("_")"))[0]
                .starts_with("invalid_data"));
}

CAF_TEST(values of other types are no data) {
  auto refuses = [&](std::string_view text, std::string_view part,
                     std::string_view other) {
    auto result = decoded(with(text, part, other));
    CAF_CHECK(result.size() == 1 && result[0].starts_with("invalid_data"));
  };
  refuses(spot_new, R"("S":"SELL")", R"("S":"sell")");
  refuses(spot_new, R"("S":"SELL")", R"("S":null)");
  refuses(spot_new, R"("c":"zen1")", R"("c":1)");
  refuses(spot_new, R"("i":77)", R"("i":"x")");
  refuses(spot_new, R"("i":77)", R"("i":-1)");
  refuses(spot_new, R"("z":"0.0")", R"("z":"many")");
  refuses(spot_new, R"("X":"NEW")", R"("X":1)");
  refuses(spot_new, R"("l":"0.0")", R"("l":"")");
  refuses(spot_new, R"("s":"ABCUSDT")", R"("s":"")");
  refuses(futures_trade, R"("n":"-0.004")", R"("n":{})");
  refuses(futures_trade, R"("m":true)", R"("m":"true")");
  refuses(futures_trade, R"("l":"2")", R"("l":"1e999")");
  refuses(spot_balances, R"("f":"10.25")", R"("f":null)");
  refuses(spot_balances, R"("a":"ABC")", R"("a":null)");
  refuses(spot_balances, R"("f":"10.25")", R"("f":"9223372036854775807")");
  refuses(futures_account, R"("pa":"-5")", R"("pa":"")");
  CAF_CHECK_EQUAL(decoded(R"({"e":"ORDER_TRADE_UPDATE","o":[]})"),
                  lines{"invalid_data: \"o\" is not an object"});
}

CAF_TEST(messages mean the same however they are spelled) {
  for (auto& text : {wrapped(spot_new), std::string{futures_trade},
                     stream(futures_account), std::string{spot_balances}})
    check_news(text, [&](std::string_view other) {
      return read_news(uut, "binance", other);
    });
}

// -- answers ------------------------------------------------------------------

CAF_TEST(an answer has the order and its first fills) {
  lines expected{
    "fill 501 ABCUSDT/zen1/77 buy 1.5 at 0.25, fee 0.001 ABC, taker 2000",
    "order ABCUSDT/zen1/77 buy expired 2 of 3 at -, average - "
    "[INSUFFICIENT_LIQUIDITY] 2000"};
  CAF_CHECK_EQUAL(answered("order.place", full_answer), expected);
  auto open = with(full_answer, "EXPIRED", "NEW");
  CAF_CHECK(answered("order.place", open)[1].starts_with(
    "order ABCUSDT/zen1/77 buy open"));
}

CAF_TEST(an answer of futures has no fills) {
  auto text = R"({"orderId":88,"symbol":"XYZUSDT","status":"FILLED",)"
              R"("clientOrderId":"zen2","price":"0.00","avgPrice":"10.5",)"
              R"("origQty":"5","executedQty":"5","cumQty":"5",)"
              R"("cumQuote":"52.5","timeInForce":"GTC","type":"MARKET",)"
              R"("reduceOnly":false,"side":"SELL","positionSide":"BOTH",)"
              R"("stopPrice":"0.00","updateTime":3000})";
  lines expected{
    "order XYZUSDT/zen2/88 sell filled 5 of 5 at -, average 10.5 [] 3000"};
  CAF_CHECK_EQUAL(answered("order.place", text), expected);
  CAF_CHECK_EQUAL(answered("order.modify", text), expected);
}

CAF_TEST(an answer to a cancellation is about the order) {
  auto text = R"({"symbol":"ABCUSDT","origClientOrderId":"zen1",)"
              R"("orderId":77,"orderListId":-1,"clientOrderId":"91fe37ce9e69",)"
              R"("transactTime":2000,"price":"0.25","origQty":"3.0",)"
              R"("executedQty":"1.0","status":"CANCELED","side":"SELL"})";
  lines expected{
    "order ABCUSDT/zen1/77 sell canceled 1 of 3 at 0.25, average - [] 2000"};
  CAF_CHECK_EQUAL(answered("order.cancel", text), expected);
  auto list = R"({"orderListId":19,"contingencyType":"OCO",)"
              R"("transactionTime":2000,"symbol":"ABCUSDT","orders":[)"
              R"({"symbol":"ABCUSDT","orderId":77,"clientOrderId":"x"}],)"
              R"("orderReports":[)"
              + std::string{text} + "]}";
  CAF_CHECK_EQUAL(answered("order.cancel", list), expected);
  auto all = '[' + std::string{text} + ',' + list + ']';
  CAF_CHECK_EQUAL(answered("openOrders.cancelAll", all),
                  (lines{expected[0], expected[0]}));
  CAF_CHECK(answered("openOrders.cancelAll", "[]").empty());
}

CAF_TEST(an answer to a change has the order within) {
  auto text = R"({"transactTime":2000,"executionId":16,"amendedOrder":{)"
              R"("symbol":"ABCUSDT","orderId":77,"orderListId":-1,)"
              R"("origClientOrderId":"zen1","clientOrderId":"zen1",)"
              R"("price":"0.25","qty":"2.0","executedQty":"0.5",)"
              R"("preventedQty":"0.0","status":"PARTIALLY_FILLED",)"
              R"("timeInForce":"GTC","type":"LIMIT","side":"BUY",)"
              R"("workingTime":1000}})";
  lines expected{
    "order ABCUSDT/zen1/77 buy open 0.5 of 2 at 0.25, average - [] 2000"};
  CAF_CHECK_EQUAL(answered("order.amend.keepPriority", text), expected);
}

CAF_TEST(an answer by the id of the venue does not tell that of the client) {
  auto text = R"({"symbol":"ABCUSDT","orderId":77,"orderListId":-1,)"
              R"("clientOrderId":"zen1","price":"0.25","origQty":"3.0",)"
              R"("executedQty":"1.0","cummulativeQuoteQty":"0.25",)"
              R"("status":"CANCELED","timeInForce":"GTC","type":"LIMIT",)"
              R"("side":"SELL","time":1000,"updateTime":2000})";
  auto by_client = uut.ask_order(key("ABCUSDT", "zen1"), at).value();
  CAF_CHECK_EQUAL(
    answered(by_client.method, text, by_client.params),
    lines{
      "order ABCUSDT/zen1/77 sell canceled 1 of 3 at 0.25, average - [] 2000"});
  auto by_venue = uut.ask_order(key("ABCUSDT", "zen1", "77"), at).value();
  CAF_CHECK_EQUAL(
    answered(by_venue.method, text, by_venue.params),
    lines{"order ABCUSDT//77 sell canceled 1 of 3 at 0.25, average - [] 2000"});
  auto open = '[' + with(text, "CANCELED", "NEW") + ']';
  CAF_CHECK_EQUAL(
    answered("openOrders.status", open),
    lines{"order ABCUSDT/zen1/77 sell open 1 of 3 at 0.25, average - [] 2000"});
}

CAF_TEST(an answer without the side of an order is no data) {
  for (auto name : {"symbol", "orderId", "side", "status"}) {
    auto member = '"' + std::string{name} + '"';
    CAF_CHECK_EQUAL(answered("order.place", with(full_answer, member, "\"_\"")),
                    lines{"invalid_data: " + member + " is missing"});
  }
  CAF_CHECK_EQUAL(answered("order.place", "{}").size(), 1u);
  CAF_CHECK(answered("order.place", "").front().starts_with("invalid"));
  CAF_CHECK(answered("order.place", "null").front().starts_with("invalid"));
  CAF_CHECK(answered("order.status", full_answer.substr(0, 100))[0].starts_with(
    "invalid"));
}

CAF_TEST(parts within parts are not read) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += R"({"orderReports":[)";
  for (int i = 0; i < 100'000; ++i)
    text += "]}";
  CAF_CHECK_EQUAL(answered("order.cancel", text),
                  lines{"invalid_data: \"symbol\" is missing"});
}

CAF_TEST(fills of the past have the id of the venue) {
  auto text = R"([{"symbol":"ABCUSDT","id":501,"orderId":77,)"
              R"("orderListId":-1,"price":"0.25","qty":"1.5",)"
              R"("quoteQty":"0.375","commission":"0.001",)"
              R"("commissionAsset":"BNB","time":2000,"isBuyer":false,)"
              R"("isMaker":true,"isBestMatch":true},{"symbol":"ABCUSDT",)"
              R"("id":502,"orderId":78,"price":"0.5","qty":"1",)"
              R"("time":2001,"isBuyer":true,"isMaker":false}])";
  lines expected{
    "fill 501 ABCUSDT//77 sell 1.5 at 0.25, fee 0.001 BNB, maker 2000",
    "fill 502 ABCUSDT//78 buy 1 at 0.5, fee - , taker 2001"};
  CAF_CHECK_EQUAL(answered("myTrades", text), expected);
  CAF_CHECK(answered("myTrades", "[]").empty());
  CAF_CHECK_EQUAL(answered("myTrades", with(text, R"("isBuyer")", R"("_")")),
                  lines{"invalid_data: \"isBuyer\" is missing"});
}

CAF_TEST(a position that is not told is none) {
  auto question = uut.ask_position(instrument("XYZUSDT"), at).value();
  auto read = [&](std::string_view result) {
    return answered(question.method, result, question.params);
  };
  CAF_CHECK_EQUAL(read("[]"), lines{"position XYZUSDT 0 at - 0"});
  auto text = R"([{"symbol":"XYZUSDT","positionSide":"BOTH",)"
              R"("positionAmt":"-5","entryPrice":"10.5",)"
              R"("breakEvenPrice":"10.4","markPrice":"10.3",)"
              R"("updateTime":2000}])";
  CAF_CHECK_EQUAL(read(text), lines{"position XYZUSDT -5 at 10.5 2000"});
  CAF_CHECK_EQUAL(read(with(text, "BOTH", "LONG")),
                  lines{"invalid_data: \"positionSide\" is of hedge mode"});
  CAF_CHECK(read("{}")[0].starts_with("invalid_data"));
  CAF_CHECK(answered(question.method, "[]")[0].starts_with("invalid_data"));
}

CAF_TEST(answers about no order add nothing) {
  CAF_CHECK(answered("session.logon", R"({"apiKey":"x"})").empty());
  CAF_CHECK(answered("userDataStream.subscribe", "{}").empty());
}

CAF_TEST(some refusals say that there is no such order) {
  auto is_absence = [&](int64_t code, std::string message) {
    return uut.is_absence({.code = code, .message = std::move(message)});
  };
  CAF_CHECK(is_absence(-2013, "Order does not exist."));
  CAF_CHECK(is_absence(-2011, "Unknown order sent."));
  CAF_CHECK(is_absence(-2038, "Unknown order sent."));
  CAF_CHECK(!is_absence(-2011, "Market is closed."));
  CAF_CHECK(!is_absence(-2011, "Order was not canceled due to cancel "
                               "restrictions."));
  CAF_CHECK(!is_absence(-2010, "Unknown order sent."));
  CAF_CHECK(!is_absence(-1021, "Timestamp for this request is outside of the "
                               "recvWindow."));
  CAF_CHECK(!is_absence(0, ""));
}

// -- samples ------------------------------------------------------------------

CAF_TEST(samples of orders and accounts are decoded) {
  auto check = [&](const char* name, const lines& expected) {
    auto text = sample("binance/" + std::string{name} + ".json");
    if (!text.empty())
      CAF_CHECK_EQUAL(decoded(text), expected);
  };
  auto own = "ETHUSDT/x-TD67BGP9-T0000000000000/12345678";
  auto spot = [&](const std::string& state, const std::string& end) {
    return "order " + std::string{own} + " buy " + state
           + (state == "filled" ? " 1" : " 0") + " of 1 at 2500, average - "
           + end;
  };
  check("spot_execution_report_new", {spot("open", "[] 1709654400000")});
  check("spot_execution_report_canceled",
        {spot("canceled", "[] 1709654402000")});
  check("spot_execution_report_expired",
        {spot("expired", "[INSUFFICIENT_LIQUIDITY] 1709654403000")});
  check("spot_execution_report_trade",
        {"fill 98765432 " + std::string{own}
           + " buy 1 at 2500, fee 0.001 ETH, maker 1709654401000",
         spot("filled", "[] 1709654401000")});
  check("spot_execution_report_wrapped",
        {"order ETHBTC/mUvoqJxFIILMdfAW5iGSOW/4293153 buy open 0 of 1 at "
         "0.1026441, average - [] 1499405658657"});
  check("spot_account_position", {"balance USDT 12500, 10000 1709654400000",
                                  "balance ETH 5, 5 1709654400000"});
  check("spot_account_position_wrapped",
        {"balance ETH 10000, 10000 1564034571073"});
  check("spot_balance_update", {});
  check("futures_account_update",
        {"balance USDT 122624.12345678, - 1564745798939"});
  check("futures_order_update_new", {"order BTCUSDT/TEST/8886774 buy open 0 of "
                                     "0.001 at -, average - [] 1568879465651"});
  auto partial = "fill 12345678 BTCUSDT/TEST/8886774 buy 0.001 at 7100.5, fee "
                 "0.01 USDT, maker 1568879465651";
  check("futures_order_update_trade_partial",
        {partial, "order BTCUSDT/TEST/8886774 buy open 0.001 of 0.002 at "
                  "7100.5, average 7100.5 [] 1568879465651"});
  check("futures_order_update_trade",
        {partial, "order BTCUSDT/TEST/8886774 buy open 0.001 of 0.001 at "
                  "7100.5, average 7100.5 [] 1568879465651"});
  check("futures_order_update_calculated",
        {"fill 12345999 BTCUSDT//8886999 sell 0.014 at 9910.12, fee 0.06937084 "
         "USDT, taker 1568879465651"});
  check("futures_order_update_calculated_pending", {});
  check("futures_order_update_delivery",
        {"fill 12346003 BTCUSD_240329//8887003 sell 1 at 70000, fee - , taker "
         "1711929600000"});
  check("futures_trade_lite", {});
}

CAF_TEST_FIXTURE_SCOPE_END()
