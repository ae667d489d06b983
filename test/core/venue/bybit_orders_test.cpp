// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit_orders

#include "zenws/venue/bybit/bybit_orders.hpp"

#include "zenws/venue/dialect.hpp"

#include "account_check.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::market;
using namespace zenws::trading;
using namespace zenws::test_support;

namespace {

const request_time at{
  std::chrono::sys_time<std::chrono::milliseconds>{1'711'001'595'207ms}, 800ms};

const std::string header = R"({"header":{"X-BAPI-TIMESTAMP":"1711001595207",)"
                           R"("X-BAPI-RECV-WINDOW":"800"},"args":[)";

instrument_name name(std::string_view text) {
  return instrument_name::make(text).value();
}

client_order_id client_id(std::string_view text) {
  return client_order_id::make(text).value();
}

instrument_state terms_of(std::string_view instrument, instrument_kind kind,
                          bool is_inverse = false) {
  return {.instrument = name(instrument),
          .kind = kind,
          .is_inverse = is_inverse,
          .settlement = asset_name::make("USDT").value()};
}

// -- messages -----------------------------------------------------------------

std::string message(std::string_view topic, std::string_view rows) {
  return R"({"id":"m1","topic":")" + std::string{topic}
         + R"(","creationTime":1746270400355,"data":[)" + std::string{rows}
         + "]}";
}

const std::string order_row
  = R"({"category":"linear","symbol":"XYUSDT","orderId":"v1",)"
    R"("orderLinkId":"c1","isLeverage":"","blockTradeId":"","price":"12.50",)"
    R"("qty":"3.0","side":"Buy","positionIdx":0,)"
    R"("orderStatus":"PartiallyFilled","cancelType":"UNKNOWN",)"
    R"("rejectReason":"EC_NoError","avgPrice":"12.4","leavesQty":"2",)"
    R"("cumExecQty":"1","cumExecValue":"12.4","cumExecFee":"0.01",)"
    R"("timeInForce":"GTC","orderType":"Limit","stopOrderType":"",)"
    R"("marketUnit":"","triggerPrice":"","createdTime":"1746270400000",)"
    R"("updatedTime":"1746270400353","cumFeeDetail":{"USDT":"0.01"}})";

const std::string order_text = message("order", order_row);

const std::string fill_row
  = R"({"category":"linear","symbol":"XYUSDT","execFee":"-0.0025",)"
    R"("execId":"f1","execPrice":"12.50","execQty":"0.20",)"
    R"("execType":"Trade","execValue":"2.5","feeRate":"-0.001",)"
    R"("leavesQty":"2.8","orderId":"v1","orderLinkId":"c1","side":"Sell",)"
    R"("execTime":"1746270400353","isMaker":true,"seq":77,"extraFees":"",)"
    R"("feeCurrency":"USDC"})";

const std::string execution = message("execution", fill_row);

const std::string position_row
  = R"({"positionIdx":0,"symbol":"XYUSDT","side":"Sell","size":"4.50",)"
    R"("entryPrice":"12.25","leverage":"","updatedTime":"1746270400353",)"
    R"("category":"linear","seq":"-1","isReduceOnly":false})";

const std::string positions = message("position", position_row);

const std::string wallet = message(
  "wallet",
  R"({"accountType":"UNIFIED","totalEquity":"9","coin":[{"coin":"XY",)"
  R"("walletBalance":"1.50","availableToWithdraw":"1.2","spotBorrow":"0.20"},)"
  R"({"coin":"USDT","walletBalance":"-7","spotBorrow":"","locked":"0"}]})");

// -- showing ------------------------------------------------------------------

std::string shown(const account_updates& updates) {
  std::string result;
  for (auto& x : updates)
    result += (result.empty() ? "" : "\n") + shown_with_time(x);
  return result;
}

const std::string order_shown = "order XYUSDT/c1/v1 buy open 1 of 3 at 12.5, "
                                "average 12.4 [] 1746270400353";

const std::string fill_shown = "fill f1 XYUSDT/c1/v1 sell 0.2 at 12.5, fee "
                               "-0.0025 USDC, maker 1746270400353";

const std::string position_shown = "position XYUSDT -4.5 at 12.25 "
                                   "1746270400353";

const std::string wallet_shown = "balance XY 1.3, - 1746270400355\n"
                                 "balance USDT -7, - 1746270400355";

// -- fixture ------------------------------------------------------------------

struct fixture {
  fixture() {
    uut.learn(terms_of("XYUSDT", instrument_kind::perpetual));
    uut.learn(terms_of("XYUSD", instrument_kind::future, true));
    uut.learn(terms_of("XYUSDC", instrument_kind::spot));
    uut.learn(terms_of("XY-27MAR26-60000-C", instrument_kind::option));
  }

  /// Returns what a message tells, or the problem.
  std::string decoded(std::string_view text) {
    auto news = read_news(uut, "bybit", text);
    return news.problem ? to_string(news.problem) : shown(news.updates);
  }

  /// Returns the parameters without the header, or the problem.
  static std::string argument(const result<order_call>& call) {
    if (!call)
      return to_string(call.error());
    CAF_REQUIRE(call->params.starts_with(header));
    CAF_REQUIRE(call->params.ends_with("]}"));
    return call->params.substr(header.size(),
                               call->params.size() - header.size() - 2);
  }

  std::string placed(const order_request& request) {
    return argument(uut.place(request, client_id("c1"), at));
  }

  ec problem_with(const order_request& request) {
    auto call = uut.place(request, client_id("c1"), at);
    return call ? ec::none : call.error().code;
  }

  std::string answered(std::string_view method, std::string_view argument,
                       std::string_view answer) {
    order_call request{std::string{method},
                       header + std::string{argument} + "]}"};
    account_updates updates;
    auto problem = uut.read_answer(request, answer, updates);
    return problem ? to_string(problem) : shown(updates);
  }

  void check_spellings(std::string_view text) {
    check_news(text, [&](std::string_view other) {
      return read_news(uut, "bybit", other);
    });
  }

  /// Checks that a message cannot be read without a member.
  void check_needed(const std::string& text,
                    std::initializer_list<std::string_view> members) {
    for (auto member : members) {
      auto quoted = '"' + std::string{member} + '"';
      CAF_CHECK_EQUAL(decoded(with(text, quoted, R"("other")")),
                      "invalid_data: " + quoted + " is missing");
    }
  }

  bybit_orders uut;
  dialect_ptr venue = make_dialect("bybit");
};

order_request limit_order(std::string_view instrument = "XYUSDT") {
  return {.instrument = name(instrument),
          .amount = number("0.50"),
          .price = number("61000.10")};
}

order_request market_order(std::string_view instrument = "XYUSDT") {
  return {.instrument = name(instrument),
          .side = order_side::sell,
          .type = order_type::market,
          .amount = number("3")};
}

order_request stop_order(order_type type, order_side side) {
  auto result = type == order_type::stop_limit ? limit_order() : market_order();
  result.type = type;
  result.side = side;
  result.trigger = number("60000");
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(bybit_orders_tests, fixture)

// -- new orders ---------------------------------------------------------------

CAF_TEST(requests tell their time and how long they may take) {
  auto call = uut.place(limit_order(), client_id("c1"), at).value();
  CAF_CHECK_EQUAL(call.method, "order.create");
  CAF_CHECK_EQUAL(
    venue->call(call.method, call.params, 7).value(),
    R"({"reqId":"7","op":"order.create","header":{)"
    R"("X-BAPI-TIMESTAMP":"1711001595207","X-BAPI-RECV-WINDOW":"800"},)"
    R"("args":[{"category":"linear","symbol":"XYUSDT","side":"Buy",)"
    R"("orderType":"Limit","qty":"0.5","price":"61000.1",)"
    R"("timeInForce":"GTC","positionIdx":0,"orderLinkId":"c1"}]})");
}

CAF_TEST(market orders have no price and are immediate or cancel) {
  CAF_CHECK_EQUAL(placed(market_order()),
                  R"({"category":"linear","symbol":"XYUSDT","side":"Sell",)"
                  R"("orderType":"Market","qty":"3","timeInForce":"IOC",)"
                  R"("positionIdx":0,"orderLinkId":"c1"})");
}

CAF_TEST(market orders on spot are by amount and not by value) {
  auto request = market_order("XYUSDC");
  request.side = order_side::buy;
  CAF_CHECK_EQUAL(placed(request),
                  R"({"category":"spot","symbol":"XYUSDC","side":"Buy",)"
                  R"("orderType":"Market","qty":"3","marketUnit":"baseCoin",)"
                  R"("timeInForce":"IOC","orderLinkId":"c1"})");
  CAF_CHECK_EQUAL(placed(limit_order("XYUSDC")),
                  R"({"category":"spot","symbol":"XYUSDC","side":"Buy",)"
                  R"("orderType":"Limit","qty":"0.5","price":"61000.1",)"
                  R"("timeInForce":"GTC","orderLinkId":"c1"})");
}

CAF_TEST(the terms of an instrument tell its category) {
  CAF_CHECK(
    placed(limit_order("XYUSD")).starts_with(R"({"category":"inverse")"));
  CAF_CHECK_EQUAL(placed(limit_order("XY-27MAR26-60000-C")),
                  R"({"category":"option","symbol":"XY-27MAR26-60000-C",)"
                  R"("side":"Buy","orderType":"Limit","qty":"0.5",)"
                  R"("price":"61000.1","timeInForce":"GTC",)"
                  R"("orderLinkId":"c1"})");
  CAF_CHECK_EQUAL(placed(limit_order("ZZ")),
                  "invalid_config: the terms of ZZ are not known");
  uut.learn(terms_of("ZZ", instrument_kind::other));
  CAF_CHECK(problem_with(limit_order("ZZ")) == ec::invalid_config);
}

CAF_TEST(a name of two products is traded by neither) {
  uut.learn(terms_of("XYUSDT", instrument_kind::perpetual));
  CAF_CHECK(problem_with(limit_order()) == ec::none);
  uut.learn(terms_of("XYUSDT", instrument_kind::spot));
  uut.learn(terms_of("XYUSDT", instrument_kind::perpetual));
  CAF_CHECK_EQUAL(placed(limit_order()),
                  "invalid_config: XYUSDT is the name of several products");
  CAF_CHECK(
    !uut.cancel({.instrument = name("XYUSDT"), .id = client_id("c1")}, at));
}

CAF_TEST(times in force and flags have their words) {
  auto request = limit_order();
  request.reduce_only = true;
  for (auto [validity, word] :
       {std::pair{time_in_force::good_til_canceled, "GTC"},
        {time_in_force::immediate_or_cancel, "IOC"},
        {time_in_force::fill_or_kill, "FOK"}}) {
    request.validity = validity;
    CAF_CHECK_EQUAL(placed(request),
                    R"({"category":"linear","symbol":"XYUSDT","side":"Buy",)"
                    R"("orderType":"Limit","qty":"0.5","price":"61000.1",)"
                    R"("timeInForce":")"
                      + std::string{word}
                      + R"(","positionIdx":0,"reduceOnly":true,)"
                        R"("orderLinkId":"c1"})");
  }
  request = limit_order("XYUSDC");
  request.post_only = true;
  CAF_CHECK_NOT_EQUAL(placed(request).find(R"("timeInForce":"PostOnly")"),
                      std::string::npos);
}

CAF_TEST(buys are triggered by a rise and sells by a fall) {
  CAF_CHECK_EQUAL(placed(stop_order(order_type::stop_market, order_side::sell)),
                  R"({"category":"linear","symbol":"XYUSDT","side":"Sell",)"
                  R"("orderType":"Market","qty":"3","triggerPrice":"60000",)"
                  R"("triggerDirection":2,"timeInForce":"IOC",)"
                  R"("positionIdx":0,"orderLinkId":"c1"})");
  CAF_CHECK_EQUAL(placed(stop_order(order_type::stop_limit, order_side::buy)),
                  R"({"category":"linear","symbol":"XYUSDT","side":"Buy",)"
                  R"("orderType":"Limit","qty":"0.5","price":"61000.1",)"
                  R"("triggerPrice":"60000","triggerDirection":1,)"
                  R"("timeInForce":"GTC","positionIdx":0,)"
                  R"("orderLinkId":"c1"})");
}

CAF_TEST(orders that the venue does not have are refused) {
  for (auto instrument : {"XYUSDC", "XY-27MAR26-60000-C"})
    for (auto type : {order_type::stop_limit, order_type::stop_market}) {
      auto request = stop_order(type, order_side::sell);
      request.instrument = name(instrument);
      CAF_CHECK(problem_with(request) == ec::not_supported);
    }
  auto request = limit_order("XYUSDC");
  request.reduce_only = true;
  CAF_CHECK(problem_with(request) == ec::not_supported);
  request = market_order();
  request.validity = time_in_force::fill_or_kill;
  CAF_CHECK(problem_with(request) == ec::not_supported);
}

CAF_TEST(orders that contradict themselves are refused) {
  auto request = market_order();
  request.price = number("1");
  CAF_CHECK(problem_with(request) == ec::invalid_config);
  CAF_CHECK(uut.place(limit_order(), {}, at).error().code
            == ec::invalid_config);
}

CAF_TEST(members of the venue are added but replace none) {
  auto request = market_order();
  request.venue_members
    = R"( { "smpType" : "CancelMaker", "qty":"9", "positionIdx":1,)"
      R"("tr\u0069ggerBy":"a\"b","x":[1,{"y":2}] } )";
  CAF_CHECK_EQUAL(placed(request),
                  R"({"category":"linear","symbol":"XYUSDT","side":"Sell",)"
                  R"("orderType":"Market","qty":"3","timeInForce":"IOC",)"
                  R"("positionIdx":0,"orderLinkId":"c1",)"
                  R"("smpType":"CancelMaker","tr\u0069ggerBy":"a\"b",)"
                  R"("x":[1,{"y":2}]})");
  request.venue_members = "{}";
  CAF_CHECK_EQUAL(placed(request), placed(market_order()));
  request.venue_members = "[]";
  CAF_CHECK(placed(request).starts_with("invalid_config: venue_members"));
}

// -- changes and cancellations ------------------------------------------------

CAF_TEST(orders are named by the client 's id or else by the venue' s) {
  order_key key{name("XYUSDC"), client_id("c1"),
                venue_order_id::make("v1").value()};
  auto call = uut.cancel(key, at);
  CAF_CHECK_EQUAL(call->method, "order.cancel");
  CAF_CHECK_EQUAL(argument(call), R"({"category":"spot","symbol":"XYUSDC",)"
                                  R"("orderLinkId":"c1"})");
  key.id = {};
  CAF_CHECK_EQUAL(argument(uut.cancel(key, at)),
                  R"({"category":"spot","symbol":"XYUSDC","orderId":"v1"})");
  key.venue_id = {};
  CAF_CHECK(uut.cancel(key, at).error().code == ec::invalid_config);
  CAF_CHECK(uut.amend({.order = key, .amount = number("1")}, at).error().code
            == ec::invalid_config);
}

CAF_TEST(a change has what is new only) {
  order_key key{name("XYUSDT"), client_id("c1"), {}};
  auto call = uut.amend(
    {.order = key, .amount = number("2.50"), .price = number("7")}, at);
  CAF_CHECK_EQUAL(call->method, "order.amend");
  CAF_CHECK_EQUAL(argument(call), R"({"category":"linear","symbol":"XYUSDT",)"
                                  R"("orderLinkId":"c1","qty":"2.5",)"
                                  R"("price":"7"})");
  CAF_CHECK_EQUAL(argument(uut.amend({.order = key, .price = number("7")}, at)),
                  R"({"category":"linear","symbol":"XYUSDT",)"
                  R"("orderLinkId":"c1","price":"7"})");
  for (auto& amount : {std::optional<decimal>{}, std::optional{number("0")}})
    CAF_CHECK(uut.amend({.order = key, .amount = amount}, at).error().code
              == ec::invalid_config);
}

CAF_TEST(what needs REST is not supported) {
  CAF_CHECK(uut.cancel_all({}, at).error().code == ec::not_supported);
  CAF_CHECK(uut.ask_order({}, at).error().code == ec::not_supported);
  CAF_CHECK(uut.ask_open_orders({}, at).error().code == ec::not_supported);
  CAF_CHECK(uut.ask_fills({}, {}, at).error().code == ec::not_supported);
  CAF_CHECK(uut.ask_position({}, at).error().code == ec::not_supported);
  CAF_CHECK(uut.guard(10s, at).error().code == ec::not_supported);
  CAF_CHECK(uut.departure() == departure_rule::none);
  CAF_CHECK(uut.lookup() == order_lookup::cancel);
}

CAF_TEST(no refusal proves that an order never was there) {
  for (auto code : {110001, 110008, 110010, 170139, 170142, 170213, 10001})
    CAF_CHECK(!uut.is_absence(
      {.code = code, .message = "order not exists or too late to cancel"}));
  for (auto code : {110001, 170213})
    CAF_CHECK(uut.is_over({.code = code}));
  for (auto code : {110008, 10001, 10016})
    CAF_CHECK(!uut.is_over({.code = code}));
}

// -- answers ------------------------------------------------------------------

CAF_TEST(the answer to a new order has its id) {
  auto argument = R"({"category":"linear","symbol":"XYUSDT","side":"Sell",)"
                  R"("orderLinkId":"c1"})";
  auto answer = std::string{
    R"({"reqId":"7","retCode":0,"retMsg":"OK","op":"order.create","data":{)"
    R"("orderId":"v1","orderLinkId":"c1"},"retExtInfo":{},"header":{)"
    R"("X-Bapi-Limit":"10","Timenow":"1711001595209"},"connId":"x"})"};
  CAF_CHECK_EQUAL(answered("order.create", argument, answer),
                  "order XYUSDT/c1/v1 sell open - of - at -, average - [] "
                  "1711001595209");
  CAF_CHECK_EQUAL(
    answered("order.create", argument,
             with(answer, R"("orderLinkId":"c1")", R"("orderLinkId":"")")),
    answered("order.create", argument, answer));
  CAF_CHECK_EQUAL(
    answered("order.create", argument,
             with(answer, R"("orderLinkId":"c1")", R"("orderLinkId":"c2")")),
    "invalid_data: \"orderLinkId\" is that of another order");
  CAF_CHECK_EQUAL(answered("order.create", argument,
                           with(answer, R"("orderId":"v1",)", "")),
                  "");
  for (auto bad : {"7", R"({"data":null})", R"({"retCode":0})"})
    CAF_CHECK(
      answered("order.create", argument, bad).starts_with("invalid_data"));
  CAF_CHECK(answered("order.create", argument, R"({"data":{})")
              .starts_with("invalid_json"));
}

CAF_TEST(the answers to changes and cancellations tell nothing) {
  auto answer = R"({"retCode":0,"data":{"orderId":"v1","orderLinkId":"c1"}})";
  for (auto method : {"order.amend", "order.cancel"})
    CAF_CHECK_EQUAL(answered(method, R"({"symbol":"XYUSDT"})", answer), "");
}

// -- orders -------------------------------------------------------------------

CAF_TEST(the channels are those of the whole account) {
  std::string names;
  for (auto& channel : uut.channels({name("XYUSDT")})) {
    names += channel.name + ' ';
    CAF_CHECK(channel.access == channel_access::authenticated_only);
  }
  CAF_CHECK_EQUAL(names, "order execution position wallet ");
}

CAF_TEST(an order is told with what is filled so far) {
  CAF_CHECK_EQUAL(decoded(order_text), order_shown);
  CAF_CHECK_EQUAL(decoded(with(order_text, R"("order")", R"("order.linear")")),
                  order_shown);
  check_spellings(order_text);
  check_needed(order_text, {"category", "symbol", "orderId", "side",
                            "orderStatus", "data"});
}

CAF_TEST(states of orders have their words) {
  auto state = [this](std::string_view status) {
    auto text = decoded(with(order_text, "PartiallyFilled", status));
    return text.substr(23, text.find(' ', 23) - 23);
  };
  for (auto open : {"New", "PartiallyFilled", "Untriggered", "Triggered"})
    CAF_CHECK_EQUAL(state(open), "open");
  for (auto canceled : {"Cancelled", "PartiallyFilledCanceled", "Deactivated"})
    CAF_CHECK_EQUAL(state(canceled), "canceled");
  CAF_CHECK_EQUAL(state("Filled"), "filled");
}

CAF_TEST(an order of an unknown state is open) {
  CAF_CHECK_EQUAL(decoded(with(order_text, "PartiallyFilled", "Paused")),
                  "order XYUSDT/c1/v1 buy open 1 of 3 at 12.5, average 12.4 "
                  "[unknown state Paused] 1746270400353");
}

CAF_TEST(an order that has fills was not rejected) {
  auto rejected = with(order_text, "PartiallyFilled", "Rejected");
  rejected = with(rejected, "EC_NoError", "EC_ReachMaxTradeNum");
  CAF_CHECK_EQUAL(decoded(rejected),
                  "order XYUSDT/c1/v1 buy canceled 1 of 3 at 12.5, average "
                  "12.4 [EC_ReachMaxTradeNum] 1746270400353");
  rejected = with(rejected, R"("cumExecQty":"1")", R"("cumExecQty":"0")");
  rejected = with(rejected, R"("avgPrice":"12.4")", R"("avgPrice":"")");
  CAF_CHECK_EQUAL(decoded(rejected),
                  "order XYUSDT/c1/v1 buy rejected 0 of 3 at 12.5, average - "
                  "[EC_ReachMaxTradeNum] 1746270400353");
}

CAF_TEST(an order that is post only and would have traded is rejected) {
  auto canceled = with(order_text, "PartiallyFilled", "Cancelled");
  canceled = with(canceled, "EC_NoError", "EC_PostOnlyWillTakeLiquidity");
  CAF_CHECK_NOT_EQUAL(decoded(canceled).find(" canceled "), std::string::npos);
  canceled = with(canceled, R"("cumExecQty":"1")", R"("cumExecQty":"0")");
  CAF_CHECK_EQUAL(decoded(canceled),
                  "order XYUSDT/c1/v1 buy rejected 0 of 3 at 12.5, average "
                  "12.4 [EC_PostOnlyWillTakeLiquidity] 1746270400353");
}

CAF_TEST(a cancellation by the venue has its reason) {
  auto canceled = with(order_text, "PartiallyFilled", "Cancelled");
  canceled = with(canceled, "UNKNOWN", "CancelByReduceOnly");
  CAF_CHECK_NOT_EQUAL(decoded(canceled).find("[CancelByReduceOnly]"),
                      std::string::npos);
  canceled = with(canceled, "EC_NoError", "EC_NoImmediateQtyToFill");
  CAF_CHECK_NOT_EQUAL(decoded(canceled).find("[EC_NoImmediateQtyToFill]"),
                      std::string::npos);
}

CAF_TEST(a cancellation that comes too late leaves an order filled) {
  auto filled = with(order_text, "PartiallyFilled", "Filled");
  filled = with(filled, "UNKNOWN", "CancelByUser");
  filled = with(filled, "EC_NoError", "EC_OrigClOrdIDDoesNotExist");
  CAF_CHECK_NOT_EQUAL(decoded(filled).find("filled 1 of 3 at 12.5, average "
                                           "12.4 [] "),
                      std::string::npos);
}

CAF_TEST(orders of other categories with the same name are others) {
  CAF_CHECK_EQUAL(decoded(with(order_text, "linear", "spot")), "");
  CAF_CHECK_EQUAL(decoded(with(execution, "linear", "spot")), "");
  CAF_CHECK_EQUAL(decoded(with(positions, "linear", "inverse")), "");
  CAF_CHECK_EQUAL(decoded(with(order_text, "linear", "spread")), "");
}

CAF_TEST(an order by value has no amount) {
  auto spot = with(order_text, "linear", "spot");
  spot = with(spot, "XYUSDT", "XYUSDC");
  spot = with(spot, R"("Limit")", R"("Market")");
  CAF_CHECK_EQUAL(decoded(spot), "order XYUSDC/c1/v1 buy open 1 of - at -, "
                                 "average 12.4 [] 1746270400353");
  auto in_base = with(spot, R"("marketUnit":"")", R"("marketUnit":"baseCoin")");
  CAF_CHECK_NOT_EQUAL(decoded(in_base).find(" 1 of 3 "), std::string::npos);
  auto sell = with(spot, R"("Buy")", R"("Sell")");
  CAF_CHECK_NOT_EQUAL(decoded(sell).find(" 1 of 3 "), std::string::npos);
  sell = with(sell, R"("marketUnit":"")", R"("marketUnit":"quoteCoin")");
  CAF_CHECK_NOT_EQUAL(decoded(sell).find(" 1 of - "), std::string::npos);
}

CAF_TEST(members of orders may be empty or null) {
  for (auto nothing : {R"("")", "null"}) {
    auto text = order_text;
    for (auto value : {R"("12.50")", R"("3.0")", R"("12.4")", R"("c1")",
                       R"("UNKNOWN")", R"("EC_NoError")", R"("1746270400353")"})
      text = with(text, value, nothing);
    text = with(text, R"("cumExecQty":"1")",
                R"("cumExecQty":)" + std::string{nothing});
    CAF_CHECK_EQUAL(decoded(text), "order XYUSDT//v1 buy open - of - at -, "
                                   "average - [] 0");
  }
}

CAF_TEST(orders that make no sense are not read) {
  auto problem = [this](std::string_view from, std::string_view to) {
    return decoded(with(order_text, from, to));
  };
  CAF_CHECK_EQUAL(problem(R"("Buy")", R"("buy")"),
                  "invalid_data: \"side\" is missing");
  CAF_CHECK_EQUAL(problem(R"("v1")", R"("")"),
                  "invalid_data: \"orderId\" is missing");
  CAF_CHECK_EQUAL(problem(R"("XYUSDT")", R"("")"),
                  "invalid_data: \"symbol\" is not the name of an instrument");
  CAF_CHECK_EQUAL(problem(R"("3.0")", R"("three")"),
                  "invalid_data: \"qty\" is not a number that can be kept");
  CAF_CHECK_EQUAL(problem(R"("1746270400353")", R"("-1")"),
                  "invalid_data: \"updatedTime\" is not a time");
  CAF_CHECK_EQUAL(problem(R"("PartiallyFilled")", "7"),
                  "invalid_data: \"orderStatus\" is not a string");
  CAF_CHECK_EQUAL(problem(R"("v1")", '"' + std::string(48, 'v') + '"'),
                  "invalid_data: \"orderId\" is too long");
  CAF_CHECK_EQUAL(decoded(R"({"topic":"order","data":{}})"),
                  "invalid_data: \"data\" is not an array");
  CAF_CHECK_EQUAL(decoded(R"({"topic":"order","data":[7]})"),
                  "invalid_data: \"data\" is not an object");
  // An id that is too long is none of ours.
  CAF_CHECK(problem(R"("c1")", '"' + std::string(37, 'c') + '"')
              .starts_with("order XYUSDT//v1"));
}

CAF_TEST(a message may tell of several orders) {
  CAF_CHECK_EQUAL(decoded(message("order", order_row + ',' + order_row)),
                  order_shown + '\n' + order_shown);
  CAF_CHECK_EQUAL(decoded(message("order", "")), "");
}

// -- fills --------------------------------------------------------------------

CAF_TEST(a fill has a fee that is negative if it was received) {
  CAF_CHECK_EQUAL(decoded(execution), fill_shown);
  check_spellings(execution);
  check_needed(execution, {"category", "symbol", "execId", "execType", "side",
                           "execPrice", "execQty", "data"});
}

CAF_TEST(fees of contracts are in the currency of settlement) {
  auto silent = with(execution, "USDC", "");
  CAF_CHECK_NOT_EQUAL(decoded(silent).find("fee -0.0025 USDT,"),
                      std::string::npos);
  auto spot = with(with(silent, "linear", "spot"), "XYUSDT", "XYUSDC");
  CAF_CHECK_NOT_EQUAL(decoded(spot).find("fee -0.0025 ,"), std::string::npos);
  auto free = with(silent, R"("-0.0025")", R"("")");
  CAF_CHECK_NOT_EQUAL(decoded(free).find("fee - ,"), std::string::npos);
}

CAF_TEST(a fill may not tell who was first) {
  auto taker = with(execution, "true", "false");
  CAF_CHECK_NOT_EQUAL(decoded(taker).find(", taker "), std::string::npos);
  auto unknown = with(execution, "true", "null");
  CAF_CHECK_NOT_EQUAL(decoded(unknown).find(", unknown "), std::string::npos);
  CAF_CHECK(decoded(with(execution, "true", "1")).starts_with("invalid_data"));
}

CAF_TEST(changes of a position by the venue are fills without an order) {
  for (auto type :
       {"AdlTrade", "BustTrade", "Delivery", "Settle", "MovePosition"})
    CAF_CHECK_EQUAL(
      decoded(with(execution, R"("Trade")", '"' + std::string{type} + '"')),
      "fill f1 XYUSDT//v1 sell 0.2 at 12.5, fee -0.0025 USDC, "
      "unknown 1746270400353");
  auto silent = with(execution, R"("Trade")", R"("Settle")");
  CAF_CHECK_EQUAL(decoded(with(silent, R"("Sell")", R"("None")")), "");
}

CAF_TEST(what changes no position is no fill) {
  for (auto type : {"Funding", "SessionSettlePnL", "CorporateAction"}) {
    auto text = with(execution, R"("Trade")", '"' + std::string{type} + '"');
    CAF_CHECK_EQUAL(decoded(text), "");
    CAF_CHECK_EQUAL(decoded(with(text, R"("Sell")", R"("")")), "");
  }
  CAF_CHECK_EQUAL(decoded(with(execution, R"("0.20")", R"("0")")), "");
}

CAF_TEST(an unknown kind of execution is a fill if it is of an order of ours) {
  auto text = with(execution, R"("Trade")", R"("NewTrade")");
  CAF_CHECK_EQUAL(decoded(text), fill_shown);
  CAF_CHECK_EQUAL(decoded(with(text, R"("c1")", R"("")")), "");
  auto others = with(execution, R"("c1")", R"("")");
  CAF_CHECK(decoded(others).starts_with("fill f1 XYUSDT//v1"));
}

CAF_TEST(fills without fees are not told again) {
  for (auto topic : {"execution.fast", "execution.fast.linear"})
    CAF_CHECK_EQUAL(decoded(message(topic, fill_row)), "");
  CAF_CHECK_EQUAL(decoded(message("execution.linear", fill_row)), fill_shown);
}

// -- positions ----------------------------------------------------------------

CAF_TEST(a short position is negative) {
  CAF_CHECK_EQUAL(decoded(positions), position_shown);
  CAF_CHECK_EQUAL(decoded(with(positions, "Sell", "Buy")),
                  "position XYUSDT 4.5 at 12.25 1746270400353");
  check_spellings(positions);
  check_needed(positions,
               {"category", "symbol", "positionIdx", "side", "size", "data"});
}

CAF_TEST(a position that is flat has no side) {
  auto flat = with(positions, "Sell", "");
  CAF_CHECK_EQUAL(decoded(flat),
                  "invalid_data: \"side\" is neither Buy nor Sell");
  flat = with(flat, R"("4.50")", R"("0")");
  flat = with(flat, R"("12.25")", R"("0")");
  CAF_CHECK_EQUAL(decoded(flat), "position XYUSDT 0 at - 1746270400353");
  CAF_CHECK_EQUAL(decoded(with(positions, "4.50", "-4.50")),
                  "invalid_data: \"size\" is negative");
  CAF_CHECK_EQUAL(decoded(with(positions, R"("4.50")", R"("")")),
                  "invalid_data: \"size\" is not a number that can be kept");
}

CAF_TEST(positions of hedge mode are not summed) {
  auto hedged = with(positions, R"("positionIdx":0)", R"("positionIdx":2)");
  CAF_CHECK_EQUAL(decoded(hedged),
                  "invalid_data: \"positionIdx\" is that of hedge mode");
  CAF_CHECK_EQUAL(decoded(with(hedged, "XYUSDT", "ZZUSDT")), "");
  CAF_CHECK_EQUAL(decoded(with(positions, "XYUSDT", "ZZUSDT")),
                  "position ZZUSDT -4.5 at 12.25 1746270400353");
}

// -- balances -----------------------------------------------------------------

CAF_TEST(a balance is without what is borrowed) {
  CAF_CHECK_EQUAL(decoded(wallet), wallet_shown);
  check_spellings(wallet);
  check_needed(wallet, {"data", "coin", "walletBalance"});
}

CAF_TEST(the time of balances is that of their message) {
  auto reversed = with(wallet, R"("creationTime":1746270400355,)", "");
  reversed.pop_back();
  CAF_CHECK_EQUAL(decoded(reversed + R"(,"creationTime":1746270400355})"),
                  wallet_shown);
}

CAF_TEST(balances that make no sense are not read) {
  for (auto bad : {R"("")", "null", R"("x")", "{}", "true", "1e999"})
    CAF_CHECK(decoded(with(wallet, R"("1.50")", bad))
                .starts_with("invalid_data: \"walletBalance\""));
  CAF_CHECK_EQUAL(decoded(with(wallet, R"("coin":"XY")", R"("coin":null)")),
                  "balance USDT -7, - 1746270400355");
}

CAF_TEST(digits of computed figures that do not fit are left out) {
  auto long_average = with(order_text, R"("12.4")",
                           R"("12.4666666666666666666666667")");
  CAF_CHECK_NOT_EQUAL(
    decoded(long_average).find("average 12.4666666666666666 "),
    std::string::npos);
  auto long_fee = with(execution, "-0.0025", "-0.0025333333333333333333");
  CAF_CHECK_NOT_EQUAL(decoded(long_fee).find("fee -0.0025333333333333 "),
                      std::string::npos);
  auto borrowed = with(wallet, "0.20", "0.200000285388127853881");
  CAF_CHECK(decoded(borrowed).starts_with("balance XY 1.29999971461187215,"));
  borrowed = with(borrowed, "1.50", "90000000000.5");
  CAF_CHECK(decoded(borrowed).starts_with("balance XY 90000000000.29999972,"));
  // Neither an exponent nor nonsense is left out.
  for (auto bad : {R"("1.24666666666666666666667e1")",
                   R"("12.46666666666666666666 USDT")"})
    CAF_CHECK(decoded(with(order_text, R"("12.4")", bad))
                .starts_with("invalid_data: \"avgPrice\""));
}

// -- other messages -----------------------------------------------------------

CAF_TEST(messages about something else add nothing) {
  for (auto topic : {"greeks", "orders", "order.", "order.spread",
                     "spread.order", "positions", "wallet.x", "dcp.future"})
    CAF_CHECK_EQUAL(decoded(message(topic, order_row)), "");
  CAF_CHECK_EQUAL(decoded("{}"), "");
}

// -- samples ------------------------------------------------------------------

CAF_TEST(real orders are understood) {
  bybit_orders fresh; // nothing is known of the instruments
  for (auto file : {"", "_filled", "_buy_stop_market", "_limit_if_touched",
                    "_market_if_touched", "_sell_market_if_touched",
                    "_stop_limit", "_stop_market", "_take_profit"}) {
    auto text = sample("bybit/account_order" + std::string{file} + ".json");
    if (text.empty())
      continue;
    auto found = decoded(text);
    CAF_CHECK(found.starts_with("order BTCUSDT/"));
    check_spellings(text.substr(0, text.find_last_of('}') + 1));
    auto is = [&](std::string_view part) {
      return found.find(part) != std::string::npos;
    };
    if (std::string_view{file}.empty())
      CAF_CHECK(is("buy canceled 0 of 0.01 at 30000, average - "
                   "[CancelByUser] 1700000005000"));
    else if (std::string_view{file} == "_filled")
      CAF_CHECK(is("buy filled 0.1 of 0.1 at 30000.5, average 30000.5 [] "));
    else
      CAF_CHECK(is(" open 0 of 0."));
  }
}

CAF_TEST(real fills and positions and balances are understood) {
  auto check = [this](const std::string& file, std::string_view expected) {
    auto text = sample("bybit/" + file + ".json");
    if (!text.empty())
      CAF_CHECK_EQUAL(decoded(text), expected);
  };
  uut.learn(terms_of("BTCUSDT", instrument_kind::perpetual));
  check("account_execution",
        "fill 0ab1bdf7-4219-438b-b30a-32ec863018f7 BTCUSDT/"
        "test-order-link-001/9aac161b-8ed6-450d-9cab-c5cc67c21784 sell 0.5 at "
        "95900.1, fee 26.3725275 USDT, taker 1746270400353");
  check("account_execution_fast", "");
  check("account_execution_fast_envelope_id", "");
  check("account_position", "position ETHUSDT -0.01 at 3641.075 "
                            "1762199125472");
  check("account_position_short", "position ETHUSDT -0.01 at 3641.075 "
                                  "1762199125472");
  check("account_position_with_open_time", ""); // of an answer over REST
  check("account_wallet", "balance BTC 0.00102964, - 1700034722104\n"
                          "balance USDT 9647.75537647, - 1700034722104");
  check("account_wallet_small_order",
        "balance USDT 51333.82543837, - 1762960669000");
}

CAF_TEST(a real answer to an order is understood) {
  if (auto text = sample("bybit/order_response.json"); !text.empty())
    CAF_CHECK_EQUAL(answered("order.create",
                             R"({"category":"spot","symbol":"XYUSDC",)"
                             R"("side":"Buy","orderLinkId":"client-order-1"})",
                             text),
                    "order XYUSDC/client-order-1/1726025498520715008 buy open "
                    "- of - at -, average - [] 0");
}

CAF_TEST_FIXTURE_SCOPE_END()
