// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_orders

#include "zenws/venue/kraken/kraken_orders.hpp"

#include "zenws/json/json_rpc.hpp"
#include "zenws/venue/dialect.hpp"

#include "account_check.hpp"

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace std::literals;
using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

// -- requests -----------------------------------------------------------------

/// 2024-05-06T07:08:09.123Z.
constexpr request_time at{
  std::chrono::sys_time<std::chrono::milliseconds>{1'714'979'289'123ms}};

template <class Text>
Text short_text_of(std::string_view text) {
  return Text::make(text).value();
}

const auto btc = short_text_of<market::instrument_name>("BTC/USD");

const auto our_id = short_text_of<client_order_id>("z00000000000000001");

order_request limit_order(std::string_view amount, std::string_view price) {
  return {.instrument = btc,
          .side = order_side::buy,
          .amount = number(amount),
          .price = number(price)};
}

order_key key_of(std::string_view id, std::string_view venue_id = {}) {
  return {.instrument = btc,
          .id = short_text_of<client_order_id>(id),
          .venue_id = short_text_of<venue_order_id>(venue_id)};
}

/// Returns method and parameters, or the problem.
std::string shown(const result<order_call>& x) {
  return x ? x->method + ' ' + x->params : to_string(x.error());
}

std::string placed(const order_request& order) {
  return shown(kraken_orders{}.place(order, our_id, at));
}

const std::string end_of_order = R"("cl_ord_id":"z00000000000000001",)"
                                 R"("deadline":"2024-05-06T07:08:11.123Z")";

// -- messages -----------------------------------------------------------------

std::string message(const std::string& type, const std::string& data,
                    const std::string& channel = "executions") {
  return R"({"channel":")" + channel + R"(","type":")" + type + R"(","data":[)"
         + data + R"(],"sequence":2})";
}

const std::string pending_event
  = R"({"order_id":"OABC","symbol":"BTC/USD","order_qty":0.50000000,)"
    R"("cum_cost":0.00000,"time_in_force":"GTC","exec_type":"pending_new",)"
    R"("side":"sell","order_type":"limit","cl_ord_id":"z7",)"
    R"("limit_price_type":"static","limit_price":60000.5,"stop_price":0.0,)"
    R"("post_only":true,"order_status":"pending_new","fee_usd_equiv":0.0000,)"
    R"("fee_ccy_pref":"fciq","timestamp":"2024-05-06T07:08:09.123456Z"})";

const std::string new_event
  = R"({"timestamp":"2024-05-06T07:08:10Z","order_status":"new",)"
    R"("exec_type":"new","cl_ord_id":"z7","post_only":true,)"
    R"("order_id":"OABC"})";

const std::string trade_event
  = R"({"order_id":"OABC","exec_id":"TAAA-BB","exec_type":"trade",)"
    R"("trade_id":62887576,"symbol":"BTC/USD","side":"sell",)"
    R"("last_qty":0.20000000,"last_price":60000.6,"liquidity_ind":"m",)"
    R"("cost":12000.12,"order_type":"limit",)"
    R"("timestamp":"2024-05-06T07:08:11Z","order_status":"partially_filled",)"
    R"("cum_qty":0.20000000,"cum_cost":12000.12,"avg_price":60000.6,)"
    R"("fee_usd_equiv":19.2,"fees":[{"asset":"USD","qty":19.2}]})";

const std::string filled_event
  = R"({"timestamp":"2024-05-06T07:08:12Z","order_status":"filled",)"
    R"("exec_type":"filled","cum_qty":0.50000000,"cum_cost":30000.3,)"
    R"("fee_usd_equiv":48.0,"avg_price":60000.6,"order_id":"OABC"})";

const std::string canceled_event
  = R"({"timestamp":"2024-05-06T07:08:13Z","order_status":"canceled",)"
    R"("exec_type":"canceled","cum_qty":0.20000000,"cum_cost":12000.12,)"
    R"("fee_usd_equiv":19.2,"avg_price":60000.6,)"
    R"("cancel_reason":"User requested","reason":"User requested",)"
    R"("order_id":"OABC"})";

const std::string amended_event
  = R"({"timestamp":"2024-05-06T07:08:14Z","exec_type":"amended",)"
    R"("order_status":"new","cum_qty":0.00000000,"reason":"User requested",)"
    R"("amended":true,"order_qty":0.10000000,"limit_price":61000.0,)"
    R"("limit_price_type":"static","cl_ord_id":"z7","order_id":"OABC"})";

const std::string balance_entry
  = R"({"asset":"BTC","asset_class":"currency","balance":1.25000000,)"
    R"("wallets":[{"type":"spot","id":"main","balance":1.00000000},)"
    R"({"type":"earn","id":"flex","balance":0.25}]})";

const std::string ledger_entry
  = R"({"ledger_id":"LAAA","ref_id":"TAAA","timestamp":)"
    R"("2024-05-06T07:08:11.5Z","type":"trade","asset":"USD",)"
    R"("asset_class":"currency","category":"trade","wallet_type":"spot",)"
    R"("wallet_id":"main","amount":-19.9743,"fee":0.0499,)"
    R"("balance":118.0677})";

const std::vector<std::string> all_texts{
  message("update", pending_event),
  message("snapshot", trade_event + ',' + pending_event),
  message("update", pending_event + ',' + trade_event + ',' + filled_event),
  message("update", pending_event + ',' + canceled_event),
  message("snapshot", balance_entry, "balances"),
  message("update", ledger_entry, "balances")};

// -- showing ------------------------------------------------------------------

std::string shown(const account_updates& updates) {
  std::string result;
  for (auto& x : updates)
    result += test_support::shown(x) + '\n';
  return result;
}

/// A protocol behind its dialect.
struct fixture {
  kraken_orders uut;
  std::unique_ptr<dialect> venue = make_dialect("kraken");

  /// Returns what a message brings, or the problem.
  std::string decode(std::string_view text) {
    auto news = read_news(uut, "kraken", text);
    return news.problem ? to_string(news.problem) : shown(news.updates);
  }

  std::string update(const std::string& data) {
    return decode(message("update", data));
  }

  std::string snapshot(const std::string& data) {
    return decode(message("snapshot", data));
  }

  /// Returns what an answer brings, or the problem, or the refusal.
  std::string answer(const order_call& request, std::string_view text) {
    auto in = venue->read(text);
    auto verdict = venue->judge(in);
    if (verdict.meaning != answer_meaning::answered)
      return std::string{to_string(verdict.meaning)} + ": "
             + verdict.refusal.message;
    account_updates updates;
    auto problem = uut.read_answer(request, in.content.result.text, updates);
    return problem ? to_string(problem) : shown(updates);
  }
};

std::string decode_anew(std::string_view text) {
  return fixture{}.decode(text);
}

template <class T>
T only_update(const std::string& text) {
  fixture f;
  auto in = f.venue->read(text);
  account_updates updates;
  CAF_REQUIRE(!f.uut.decode(in.content, updates));
  CAF_REQUIRE_EQUAL(updates.size(), 1u);
  return std::get<T>(updates.front());
}

} // namespace

// -- properties ---------------------------------------------------------------

CAF_TEST(lost orders are looked up by a snapshot) {
  kraken_orders uut;
  CAF_CHECK(uut.lookup() == order_lookup::snapshot);
  CAF_CHECK(uut.departure() == departure_rule::cancel_after);
  CAF_CHECK_EQUAL(uut.ask_order(key_of("z1"), at).error().code,
                  ec::not_supported);
  CAF_CHECK_EQUAL(uut.ask_open_orders(btc, at).error().code, ec::not_supported);
  CAF_CHECK_EQUAL(uut.ask_fills(btc, {}, at).error().code, ec::not_supported);
  CAF_CHECK_EQUAL(uut.ask_position(btc, at).error().code, ec::not_supported);
}

CAF_TEST(channels ask for open orders and old fills) {
  fixture f;
  auto channels = f.uut.channels({btc});
  CAF_REQUIRE_EQUAL(channels.size(), 2u);
  std::vector<std::string> requests;
  for (auto& channel : channels) {
    CAF_CHECK(channel.access == channel_access::authenticated_only);
    CAF_CHECK(!f.venue->check(channel));
    requests.push_back(*f.venue->subscription({.channels = {channel}}, 5));
  }
  CAF_CHECK_EQUAL(requests[0],
                  R"({"method":"subscribe","params":{"channel":"executions",)"
                  R"("snap_orders":true,"snap_trades":true,"ratecounter":true)"
                  R"(},"req_id":5})");
  CAF_CHECK_EQUAL(requests[1],
                  R"({"method":"subscribe","params":{"channel":"balances",)"
                  R"("snapshot":true},"req_id":5})");
}

CAF_TEST(messages of the channels are data) {
  auto venue = make_dialect("kraken");
  for (auto channel : {"executions", "balances"})
    for (auto type : {"snapshot", "update"}) {
      auto text = message(type, "", channel);
      auto in = venue->read(text);
      CAF_CHECK(in.kind == inbound_kind::data);
      CAF_CHECK_EQUAL(in.channel, channel);
      CAF_CHECK_EQUAL(venue->begins_channel(channel, text),
                      type == "snapshot"sv);
    }
}

// -- new orders ---------------------------------------------------------------

CAF_TEST(a limit order has exact numbers and a deadline) {
  CAF_CHECK_EQUAL(placed(limit_order("0.00000001", "60000.10")),
                  R"(add_order {"order_type":"limit","side":"buy",)"
                  R"("symbol":"BTC/USD","order_qty":0.00000001,)"
                  R"("limit_price":60000.1,)"
                    + end_of_order + '}');
  CAF_CHECK_EQUAL(placed(limit_order("123456789.12345678", "1e-9")),
                  R"(add_order {"order_type":"limit","side":"buy",)"
                  R"("symbol":"BTC/USD","order_qty":123456789.12345678,)"
                  R"("limit_price":0.000000001,)"
                    + end_of_order + '}');
}

CAF_TEST(a market order has no price) {
  order_request order{.instrument = btc,
                      .side = order_side::sell,
                      .type = order_type::market,
                      .amount = number("2")};
  CAF_CHECK_EQUAL(placed(order),
                  R"(add_order {"order_type":"market","side":"sell",)"
                  R"("symbol":"BTC/USD","order_qty":2,)"
                    + end_of_order + '}');
}

CAF_TEST(stops have a trigger) {
  auto order = limit_order("2", "59000");
  order.side = order_side::sell;
  order.type = order_type::stop_limit;
  order.trigger = number("59500.5");
  auto trigger = R"("triggers":{"reference":"last","price":59500.5,)"
                 R"("price_type":"static"},)"s;
  CAF_CHECK_EQUAL(placed(order),
                  R"(add_order {"order_type":"stop-loss-limit","side":"sell",)"
                  R"("symbol":"BTC/USD","order_qty":2,"limit_price":59000,)"
                    + trigger + end_of_order + '}');
  order.type = order_type::stop_market;
  order.price.reset();
  CAF_CHECK_EQUAL(placed(order),
                  R"(add_order {"order_type":"stop-loss","side":"sell",)"
                  R"("symbol":"BTC/USD","order_qty":2,)"
                    + trigger + end_of_order + '}');
}

CAF_TEST(flags differ from the defaults of the venue) {
  auto beginning = R"(add_order {"order_type":"limit","side":"buy",)"
                   R"("symbol":"BTC/USD","order_qty":1,"limit_price":2,)"s;
  auto with_flag = [&](const std::string& flag) {
    return beginning + flag + end_of_order + '}';
  };
  auto order = limit_order("1", "2");
  order.post_only = true;
  CAF_CHECK_EQUAL(placed(order), with_flag(R"("post_only":true,)"));
  order.post_only = false;
  order.validity = time_in_force::immediate_or_cancel;
  CAF_CHECK_EQUAL(placed(order), with_flag(R"("time_in_force":"ioc",)"));
  order.validity = time_in_force::fill_or_kill;
  CAF_CHECK_EQUAL(placed(order), with_flag(R"("time_in_force":"fok",)"));
  order.validity = time_in_force::good_til_canceled;
  order.reduce_only = true;
  CAF_CHECK_EQUAL(placed(order),
                  with_flag(R"("margin":true,"reduce_only":true,)"));
}

CAF_TEST(deadlines are those that the venue takes) {
  auto deadline_of = [](std::chrono::milliseconds lifetime) {
    auto call = kraken_orders{}.place(limit_order("1", "2"), our_id,
                                      {at.now, lifetime});
    return find_member(call->params, "deadline").string().value();
  };
  CAF_CHECK_EQUAL(deadline_of(0ms), "2024-05-06T07:08:09.623Z");
  CAF_CHECK_EQUAL(deadline_of(501ms), "2024-05-06T07:08:09.624Z");
  CAF_CHECK_EQUAL(deadline_of(1h), "2024-05-06T07:09:09.123Z");
}

CAF_TEST(members of the venue are added) {
  auto with_members = [](std::string members) {
    auto order = limit_order("1", "2");
    order.venue_members = std::move(members);
    return placed(order);
  };
  auto beginning = R"(add_order {"order_type":"limit","side":"buy",)"
                   R"("symbol":"BTC/USD","order_qty":1,"limit_price":2,)"
                   + end_of_order;
  CAF_CHECK_EQUAL(with_members(R"( { "stp_type" : "cancel_both" ,)"
                               R"("conditional":{"order_type":"limit",)"
                               R"("limit_price":3.0}} )"),
                  beginning
                    + R"(,"stp_type":"cancel_both","conditional":)"
                      R"({"order_type":"limit","limit_price":3.0}})");
  CAF_CHECK_EQUAL(with_members("{}"), beginning + '}');
  // Ours win.
  CAF_CHECK_EQUAL(with_members(R"({"s\u0069de":"sell","order_qty":9})"),
                  beginning + '}');
  CAF_CHECK(with_members("[]").starts_with("invalid_config: venue_members"));
}

CAF_TEST(orders that contradict themselves are refused) {
  auto order = limit_order("1", "2");
  order.type = order_type::market;
  CAF_CHECK_EQUAL(placed(order), "invalid_config: the price has no meaning for "
                                 "this type of order");
  order.price.reset();
  order.validity = time_in_force::fill_or_kill;
  CAF_CHECK_EQUAL(placed(order),
                  "not_supported: only limit orders can be fill-or-kill");
}

CAF_TEST(each order has an id that the venue takes) {
  kraken_orders uut;
  auto refusal = [&](std::string_view id) {
    return shown(
      uut.place(limit_order("1", "2"), short_text_of<client_order_id>(id), at));
  };
  CAF_CHECK_EQUAL(refusal(""), "invalid_config: the client's id is missing");
  CAF_CHECK_EQUAL(refusal("z000000000000000001"),
                  "invalid_config: the client's id has more than 18 "
                  "characters");
}

// -- changes and cancellations ------------------------------------------------

CAF_TEST(orders are changed by the id of the client if there is one) {
  kraken_orders uut;
  CAF_CHECK_EQUAL(shown(uut.amend({.order = key_of("z7", "OABC"),
                                   .amount = number("0.30"),
                                   .price = number("5e-7")},
                                  at)),
                  R"(amend_order {"cl_ord_id":"z7","symbol":"BTC/USD",)"
                  R"("order_qty":0.3,"limit_price":0.0000005,)"
                  R"("deadline":"2024-05-06T07:08:11.123Z"})");
  CAF_CHECK_EQUAL(
    shown(uut.amend({.order = key_of("", "OABC"), .price = number("7")}, at)),
    R"(amend_order {"order_id":"OABC","symbol":"BTC/USD",)"
    R"("limit_price":7,"deadline":"2024-05-06T07:08:11.123Z"})");
}

CAF_TEST(changes of nothing and of nameless orders are refused) {
  kraken_orders uut;
  CAF_CHECK_EQUAL(shown(uut.amend({.order = key_of("z7")}, at)),
                  "invalid_config: there is nothing to change");
  CAF_CHECK_EQUAL(
    shown(uut.amend({.order = key_of("z7"), .amount = number("0")}, at)),
    "invalid_config: the amount is not positive");
  CAF_CHECK_EQUAL(
    shown(uut.amend({.order = key_of("z7"), .price = number("-1")}, at)),
    "invalid_config: the price is not positive");
  CAF_CHECK_EQUAL(
    shown(uut.amend({.order = key_of(""), .price = number("1")}, at)),
    "invalid_config: an order must be named by an id");
}

// Without the flag, an amendment may make such an order a taker.
CAF_TEST(an order that must not take stays so when its price changes) {
  kraken_orders uut;
  auto flag_of = [&](bool post_only, auto member) {
    amend_request change{.order = key_of("z7"), .post_only = post_only};
    change.*member = number("1");
    auto call = uut.amend(change, at).value();
    return std::string{find_member(call.params, "post_only").text};
  };
  CAF_CHECK_EQUAL(flag_of(true, &amend_request::price), "true");
  CAF_CHECK_EQUAL(flag_of(true, &amend_request::amount), "");
  CAF_CHECK_EQUAL(flag_of(false, &amend_request::price), "");
}

CAF_TEST(orders are canceled by the id of the client if there is one) {
  kraken_orders uut;
  CAF_CHECK_EQUAL(shown(uut.cancel(key_of("z7", "OABC"), at)),
                  R"(cancel_order {"cl_ord_id":["z7"]})");
  CAF_CHECK_EQUAL(shown(uut.cancel(key_of("", "OABC"), at)),
                  R"(cancel_order {"order_id":["OABC"]})");
  CAF_CHECK_EQUAL(shown(uut.cancel(key_of(""), at)),
                  "invalid_config: an order must be named by an id");
}

CAF_TEST(only all orders of the account are canceled at once) {
  kraken_orders uut;
  CAF_CHECK_EQUAL(shown(uut.cancel_all({}, at)), "cancel_all {}");
  CAF_CHECK_EQUAL(uut.cancel_all(btc, at).error().code, ec::not_supported);
}

CAF_TEST(the guard is a number of seconds) {
  kraken_orders uut;
  CAF_CHECK_EQUAL(shown(uut.guard(60s, at)),
                  R"(cancel_all_orders_after {"timeout":60})");
  CAF_CHECK_EQUAL(shown(uut.guard(0s, at)),
                  R"(cancel_all_orders_after {"timeout":0})");
  CAF_CHECK_EQUAL(uut.guard(24h, at).error().code, ec::invalid_config);
  CAF_CHECK_EQUAL(uut.guard(-1s, at).error().code, ec::invalid_config);
}

// -- executions ---------------------------------------------------------------

CAF_TEST(later events of an order are completed) {
  fixture f;
  CAF_CHECK_EQUAL(
    f.update(pending_event),
    "order BTC/USD/z7/OABC sell open - of 0.5 at 60000.5, average - []\n");
  CAF_CHECK_EQUAL(
    f.update(new_event),
    "order BTC/USD/z7/OABC sell open - of - at -, average - []\n");
  CAF_CHECK_EQUAL(f.update(trade_event),
                  "fill TAAA-BB BTC/USD/z7/OABC sell 0.2 at 60000.6, fee 19.2 "
                  "USD, maker\norder BTC/USD/z7/OABC sell open 0.2 of - at -, "
                  "average 60000.6 []\n");
  CAF_CHECK_EQUAL(
    f.update(amended_event),
    "order BTC/USD/z7/OABC sell open 0 of 0.1 at 61000, average - []\n");
  CAF_CHECK_EQUAL(
    f.update(filled_event),
    "order BTC/USD/z7/OABC sell filled 0.5 of - at -, average 60000.6 []\n");
}

CAF_TEST(times are those of the events) {
  auto order = only_update<order_report>(message("update", pending_event));
  CAF_CHECK(order.time.time_since_epoch() == 1'714'979'289'123'456us);
  auto ledger
    = only_update<balance>(message("update", ledger_entry, "balances"));
  CAF_CHECK(ledger.time.time_since_epoch() == 1'714'979'291'500ms);
}

// docs.kraken.com/api, "Executions": a fill may say "partially_filled" though
// it is the last one.
CAF_TEST(the last fill and the end of its order are two events) {
  fixture f;
  CAF_CHECK_EQUAL(
    f.update(pending_event + ',' + trade_event + ',' + filled_event),
    "order BTC/USD/z7/OABC sell open - of 0.5 at 60000.5, average - []\nfill "
    "TAAA-BB BTC/USD/z7/OABC sell 0.2 at 60000.6, fee 19.2 USD, maker\norder "
    "BTC/USD/z7/OABC sell open 0.2 of - at -, average 60000.6 []\norder "
    "BTC/USD/z7/OABC sell filled 0.5 of - at -, average 60000.6 []\n");
  auto last = with(trade_event, "partially_filled", "filled");
  CAF_CHECK_EQUAL(f.update(last),
                  "fill TAAA-BB BTC/USD//OABC sell 0.2 at 60000.6, fee 19.2 "
                  "USD, maker\norder BTC/USD//OABC sell filled 0.2 of - at -, "
                  "average 60000.6 []\n");
  CAF_CHECK_EQUAL(
    f.update(filled_event),
    "order BTC/USD//OABC sell filled 0.5 of - at -, average 60000.6 []\n");
}

CAF_TEST(ends of orders have the reason of the venue) {
  auto end = [](const std::string& event) {
    fixture f;
    f.update(pending_event);
    return f.update(event);
  };
  CAF_CHECK_EQUAL(end(canceled_event),
                  "order BTC/USD/z7/OABC sell canceled 0.2 of - at -, average "
                  "60000.6 [User requested]\n");
  CAF_CHECK_EQUAL(
    end(R"({"exec_type":"canceled","order_status":"canceled","cum_qty":0.0,)"
        R"("avg_price":0.0,"reason":"Post only order","order_id":"OABC"})"),
    "order BTC/USD/z7/OABC sell canceled 0 of - at -, average - [Post only "
    "order]\n");
  CAF_CHECK_EQUAL(
    end(R"({"exec_type":"expired","order_status":"expired","cum_qty":0.1,)"
        R"("order_id":"OABC"})"),
    "order BTC/USD/z7/OABC sell expired 0.1 of - at -, average - []\n");
}

CAF_TEST(an order is forgotten when it ends) {
  fixture f;
  f.update(pending_event);
  f.update(canceled_event);
  CAF_CHECK_EQUAL(f.update(new_event),
                  "invalid_data: \"symbol\" or \"side\" is missing, and order "
                  "OABC is not known");
}

CAF_TEST(news of an order that was never described are refused) {
  auto expected = "invalid_data: \"symbol\" or \"side\" is missing, and order "
                  "OABC is not known";
  for (auto& event : {new_event, canceled_event, filled_event,
                      with(trade_event, R"("side":"sell",)", ""),
                      with(trade_event, R"("symbol":"BTC/USD",)", "")})
    CAF_CHECK_EQUAL(decode_anew(message("update", event)), expected);
}

CAF_TEST(news of the position of an order that ended are ignored) {
  auto event = R"({"exec_type":"status","order_status":"filled",)"
               R"("position_status":"closed","order_id":"OABC"})"s;
  CAF_CHECK_EQUAL(decode_anew(message("update", event)), "");
  fixture f;
  f.update(pending_event);
  CAF_CHECK_EQUAL(
    f.update(with(event, "filled", "new")),
    "order BTC/USD/z7/OABC sell open - of - at -, average - []\n");
}

CAF_TEST(events that change the order by the venue are reports) {
  fixture f;
  f.update(pending_event);
  CAF_CHECK_EQUAL(
    f.update(R"({"exec_type":"restated","order_status":"partially_filled",)"
             R"("order_qty":0.4,"cum_qty":0.2,"amended":true,)"
             R"("reason":"reduce non-tradable liquidity","order_id":"OABC"})"),
    "order BTC/USD/z7/OABC sell open 0.2 of 0.4 at -, average - []\n");
  CAF_CHECK_EQUAL(
    f.update(R"({"exec_type":"iceberg_refill",)"
             R"("order_status":"partially_filled",)"
             R"("cum_qty":0.2,"order_id":"OABC"})"),
    "order BTC/USD/z7/OABC sell open 0.2 of - at -, average - []\n");
}

CAF_TEST(an unknown state is open and told) {
  fixture f;
  f.update(pending_event);
  auto state = [&](const std::string& event, const std::string& status) {
    return f.update(R"({"exec_type":")" + event + R"(","order_status":")"
                    + status + R"(","order_id":"OABC"})");
  };
  CAF_CHECK_EQUAL(
    state("status", "triggered"),
    "order BTC/USD/z7/OABC sell open - of - at -, average - []\n");
  CAF_CHECK_EQUAL(state("status", "dormant"),
                  "order BTC/USD/z7/OABC sell open - of - at -, average - "
                  "[order_status dormant]\n");
  CAF_CHECK_EQUAL(
    state("moved", "new"),
    "order BTC/USD/z7/OABC sell open - of - at -, average - []\n");
  CAF_CHECK_EQUAL(
    state("canceled", "dormant"),
    "order BTC/USD/z7/OABC sell canceled - of - at -, average - []\n");
}

CAF_TEST(the event tells the state if nothing else does) {
  fixture f;
  f.update(pending_event);
  CAF_CHECK_EQUAL(
    f.update(R"({"exec_type":"new","order_id":"OABC"})"),
    "order BTC/USD/z7/OABC sell open - of - at -, average - []\n");
  CAF_CHECK_EQUAL(
    f.update(R"({"exec_type":"filled","order_status":null,)"
             R"("order_id":"OABC"})"),
    "order BTC/USD/z7/OABC sell filled - of - at -, average - []\n");
}

CAF_TEST(orders of others and of liquidations have no id of the client) {
  auto event = with(trade_event, R"("exec_type":"trade")",
                    R"("exec_type":"trade","liquidated":true,"margin":true)");
  CAF_CHECK_EQUAL(
    decode_anew(message("update", event)),
    "fill TAAA-BB BTC/USD//OABC sell 0.2 at 60000.6, fee 19.2 USD, "
    "maker\norder BTC/USD//OABC sell open 0.2 of - at -, average 60000.6 []\n");
}

// -- snapshots ----------------------------------------------------------------

CAF_TEST(a snapshot tells open orders and old fills) {
  auto open = with(pending_event, R"("exec_type":"pending_new")",
                   R"("exec_type":"new","cum_qty":0.2,"avg_price":60000.6)");
  open = with(open, R"("order_status":"pending_new")",
              R"("order_status":"partially_filled")");
  auto old_fill = with(trade_event, R"("cum_qty":0.20000000,)", "");
  old_fill = with(old_fill, "partially_filled", "filled");
  auto stranger = with(old_fill, "OABC", "OXYZ");
  fixture f;
  CAF_CHECK_EQUAL(f.snapshot(old_fill + ',' + stranger + ',' + open),
                  "fill TAAA-BB BTC/USD/z7/OABC sell 0.2 at 60000.6, fee 19.2 "
                  "USD, maker\nfill TAAA-BB BTC/USD//OXYZ sell 0.2 at 60000.6, "
                  "fee 19.2 USD, maker\norder BTC/USD/z7/OABC sell open 0.2 of "
                  "0.5 at 60000.5, average 60000.6 []\n");
  CAF_CHECK_EQUAL(f.update(canceled_event),
                  "order BTC/USD/z7/OABC sell canceled 0.2 of - at -, average "
                  "60000.6 [User requested]\n");
  CAF_CHECK_EQUAL(f.snapshot(""), "");
}

CAF_TEST(the number of known orders is bounded) {
  fixture f;
  auto order = [](size_t i) {
    return with(pending_event, "OABC", "O" + std::to_string(i));
  };
  std::string all = order(0);
  for (size_t i = 1; i <= kraken_orders::max_known_orders; ++i)
    all += ',' + order(i);
  f.snapshot(all);
  size_t forgotten = 0;
  for (size_t i = 0; i <= kraken_orders::max_known_orders; ++i)
    if (f.update(with(new_event, "OABC", "O" + std::to_string(i)))
          .starts_with("invalid"))
      ++forgotten;
  CAF_CHECK_EQUAL(forgotten, 1u);
}

// -- fills --------------------------------------------------------------------

CAF_TEST(fees are paid if positive) {
  auto fee_of = [](const std::string& fees) {
    auto text = message("snapshot",
                        with(trade_event,
                             R"("fees":[{"asset":"USD","qty":19.2}])", fees));
    auto x = only_update<fill>(text);
    return test_support::shown(x.fee) + std::string{x.fee_currency.view()};
  };
  CAF_CHECK_EQUAL(fee_of(R"("fees":[{"asset":"USDC","qty":1.5e-05}])"),
                  "0.000015USDC");
  CAF_CHECK_EQUAL(fee_of(R"("fees":[{"asset":"USD","qty":-0.5}])"), "-0.5USD");
  CAF_CHECK_EQUAL(fee_of(R"("fees":[])"), "-");
  CAF_CHECK_EQUAL(fee_of(R"("fees":null)"), "-");
  CAF_CHECK_EQUAL(fee_of(R"("fee":1)"), "-");
  // Part of a fee would be wrong.
  CAF_CHECK_EQUAL(fee_of(R"("fees":[{"asset":"USD","qty":1},)"
                         R"({"asset":"BTC","qty":2}])"),
                  "-");
}

CAF_TEST(liquidity is that of the venue) {
  auto liquidity_of = [](const std::string& value) {
    return only_update<fill>(
             message("snapshot", with(trade_event, R"("m")", value)))
      .liquidity;
  };
  CAF_CHECK(liquidity_of(R"("m")") == fill_liquidity::maker);
  CAF_CHECK(liquidity_of(R"("t")") == fill_liquidity::taker);
  CAF_CHECK(liquidity_of(R"("x")") == fill_liquidity::unknown);
  CAF_CHECK(liquidity_of("null") == fill_liquidity::unknown);
}

// -- bad messages -------------------------------------------------------------

CAF_TEST(executions that lack something are refused) {
  auto problem = [](const std::string& event, std::string_view from,
                    std::string_view to) {
    return decode_anew(message("update", with(event, from, to)));
  };
  CAF_CHECK_EQUAL(problem(pending_event, R"("order_id":"OABC",)", ""),
                  "invalid_data: \"order_id\" is missing");
  CAF_CHECK_EQUAL(problem(pending_event, R"("OABC")", R"("")"),
                  "invalid_data: \"order_id\" is missing");
  CAF_CHECK_EQUAL(problem(pending_event, R"("OABC")", "null"),
                  "invalid_data: \"order_id\" is missing");
  CAF_CHECK_EQUAL(problem(pending_event, R"("OABC")", "7"),
                  "invalid_data: \"order_id\" is not a string");
  CAF_CHECK_EQUAL(problem(pending_event, "OABC", std::string(48, 'O')),
                  "invalid_data: \"order_id\" is too long");
  CAF_CHECK_EQUAL(problem(pending_event, R"("exec_type":"pending_new",)", ""),
                  "invalid_data: \"exec_type\" is missing");
  CAF_CHECK_EQUAL(problem(pending_event, R"("sell")", R"("short")"),
                  "invalid_data: \"side\" is neither buy nor sell");
  CAF_CHECK_EQUAL(problem(pending_event, "0.50000000", R"("much")"),
                  "invalid_data: \"order_qty\" is not a number that can be "
                  "kept");
  CAF_CHECK_EQUAL(problem(trade_event, R"("exec_id":"TAAA-BB",)", ""),
                  "invalid_data: \"exec_id\" is missing");
  CAF_CHECK_EQUAL(problem(trade_event, R"("last_qty":0.20000000,)", ""),
                  "invalid_data: \"last_qty\" is missing");
  CAF_CHECK_EQUAL(problem(trade_event, R"("last_price":60000.6,)",
                          R"("last_price":null,)"),
                  "invalid_data: \"last_price\" is missing");
  CAF_CHECK_EQUAL(problem(trade_event, R"("asset":"USD",)", ""),
                  "invalid_data: \"asset\" is missing");
  CAF_CHECK_EQUAL(decode_anew(message("gossip", pending_event)),
                  "invalid_data: \"type\" is neither snapshot nor update");
  CAF_CHECK_EQUAL(decode_anew(R"({"channel":"executions","type":"update"})"),
                  "invalid_data: \"data\" is not an array");
  CAF_CHECK_EQUAL(
    decode_anew(R"({"channel":"executions","type":"update","data":{}})"),
    "invalid_data: \"data\" is not an array");
}

CAF_TEST(null and empty members are not told) {
  auto event = pending_event;
  for (auto value :
       {R"("z7")", "0.50000000", "60000.5", R"("2024-05-06T07:08:09.123456Z")"})
    event = with(event, value, "null");
  event = with(event, R"("post_only":true)",
               R"("post_only":null,"reason":null,"cum_qty":"")");
  CAF_CHECK_EQUAL(decode_anew(message("update", event)),
                  "order BTC/USD//OABC sell open - of - at -, average - []\n");
}

// -- balances -----------------------------------------------------------------

CAF_TEST(balances are totals) {
  CAF_CHECK_EQUAL(decode_anew(message("snapshot", balance_entry, "balances")),
                  "balance BTC 1.25, -\n");
  CAF_CHECK_EQUAL(decode_anew(message("update", ledger_entry, "balances")),
                  "balance USD 118.0677, -\n");
}

CAF_TEST(balances that lack something are refused) {
  auto problem = [](std::string_view from, std::string_view to) {
    return decode_anew(
      message("update", with(ledger_entry, from, to), "balances"));
  };
  CAF_CHECK_EQUAL(problem(R"("asset":"USD",)", ""),
                  "invalid_data: \"asset\" is missing");
  CAF_CHECK_EQUAL(problem(R"("USD")", R"("")"),
                  "invalid_data: \"asset\" is missing");
  CAF_CHECK_EQUAL(problem(R"(,"balance":118.0677)", ""),
                  "invalid_data: \"balance\" is missing");
  CAF_CHECK_EQUAL(problem("118.0677", "null"),
                  "invalid_data: \"balance\" is not a number");
}

// -- answers ------------------------------------------------------------------

CAF_TEST(the answer to a new order tells the id of the venue) {
  fixture f;
  auto order = limit_order("0.25", "60000");
  order.side = order_side::sell;
  auto request = f.uut.place(order, our_id, at).value();
  CAF_CHECK_EQUAL(f.answer(request,
                           R"({"method":"add_order","req_id":7,"result":)"
                           R"({"order_id":"OABC","order_userref":0,)"
                           R"("warnings":[]},"success":true})"),
                  "order BTC/USD/z00000000000000001/OABC sell open - of 0.25 "
                  "at 60000, average - []\n");
  CAF_CHECK_EQUAL(
    f.answer(request, R"({"method":"add_order","req_id":7,"result":)"
                      R"({"cl_ord_id":"z00000000000000001"},"success":true})"),
    "invalid_data: \"order_id\" is missing");
}

CAF_TEST(an order that was checked only is no order) {
  fixture f;
  auto order = limit_order("1", "2");
  order.venue_members = R"({"validate":true})";
  auto request = f.uut.place(order, our_id, at).value();
  CAF_CHECK_EQUAL(f.answer(request, R"({"method":"add_order","req_id":7,)"
                                    R"("result":{},"success":true})"),
                  "");
}

CAF_TEST(answers to other requests add nothing) {
  fixture f;
  auto amended
    = f.uut.amend({.order = key_of("z7"), .price = number("1")}, at).value();
  CAF_CHECK_EQUAL(
    f.answer(amended, R"({"method":"amend_order","result":{"amend_id":"TA",)"
                      R"("cl_ord_id":"z7"},"success":true,"req_id":7})"),
    "");
  CAF_CHECK_EQUAL(f.answer(f.uut.cancel(key_of("z7"), at).value(),
                           R"({"method":"cancel_order","result":)"
                           R"({"cl_ord_id":"z7"},"success":true,"req_id":7})"),
                  "");
  CAF_CHECK_EQUAL(f.answer(f.uut.cancel_all({}, at).value(),
                           R"({"method":"cancel_all","result":{"count":1},)"
                           R"("success":true,"req_id":7})"),
                  "");
  CAF_CHECK_EQUAL(
    f.answer(f.uut.guard(60s, at).value(),
             R"({"method":"cancel_all_orders_after","result":)"
             R"({"currentTime":"2023-09-21T15:49:29Z","triggerTime":)"
             R"("2023-09-21T15:51:09Z"},"success":true,"req_id":7})"),
    "");
}

CAF_TEST(only unknown orders are absent) {
  kraken_orders uut;
  auto is_absence = [&](std::string text) {
    return uut.is_absence({.message = std::move(text)});
  };
  CAF_CHECK(is_absence("EOrder:Unknown order"));
  for (auto other : {"EOrder:Invalid order", "EOrder:Insufficient funds",
                     "EOrder:Unknown position", "EService:Deadline elapsed",
                     "EGeneral:Unknown method", "Unknown order", ""})
    CAF_CHECK(!is_absence(other));
}

// -- anything -----------------------------------------------------------------

CAF_TEST(other messages are not about the account) {
  for (auto channel : {"ticker", "book", "level3", "executions_v3"})
    CAF_CHECK_EQUAL(decode_anew(message("update", "7", channel)), "");
  CAF_CHECK_EQUAL(
    decode_anew(R"({"channel":"status","type":"update","data":[]})"), "");
  CAF_CHECK_EQUAL(decode_anew("[1,2]"), "");
}

CAF_TEST(messages mean the same however they are spelled) {
  for (auto& text : all_texts)
    check_news(text, [](std::string_view other) {
      kraken_orders uut;
      return read_news(uut, "kraken", other);
    });
}

CAF_TEST(nonsense is refused or means something else) {
  // Nothing is told without a name.
  auto is_named = [](const std::string& line) {
    return line.find(" /") == line.npos && !line.starts_with("balance  ");
  };
  for (auto& text : all_texts)
    detail::outside_of_strings(text, [&](size_t i) {
      if (text[i] != ':' || text[i + 1] == '[' || text[i + 1] == '{')
        return;
      auto end = text[i + 1] == '"' ? text.find('"', i + 2) + 1
                                    : text.find_first_of(",}]", i + 1);
      for (auto other : {"null", "true", "{}", "[]", R"("?")", R"("")", "1e999",
                         "-", "99999999999999999999999999", "NaN"}) {
        std::istringstream news{
          decode_anew(text.substr(0, i + 1) + other + text.substr(end))};
        for (std::string line; std::getline(news, line);)
          CAF_CHECK(is_named(line));
      }
    });
}

// -- samples ------------------------------------------------------------------

CAF_TEST(samples of real answers are read) {
  auto success = sample("kraken/add_order_response_success.json");
  if (success.empty())
    return;
  fixture f;
  auto order = limit_order("0.01", "30000");
  auto request = f.uut.place(order, our_id, at).value();
  CAF_CHECK_EQUAL(f.answer(request, success),
                  "order BTC/USD/z00000000000000001/OABCDE-12345-FGHIJ buy "
                  "open - of 0.01 at 30000, average - []\n");
  CAF_CHECK_EQUAL(f.answer(request,
                           sample("kraken/add_order_response_failure.json")),
                  "refused: EOrder:Insufficient funds");
}

CAF_TEST(samples of real requests have the same members) {
  kraken_orders uut;
  auto check = [](const order_call& call, const std::string& name) {
    auto text = sample("kraken/" + name);
    if (text.empty())
      return;
    CAF_CHECK(find_member(text, "method").is(call.method));
    auto params = find_member(text, "params").text;
    for (auto member : {"order_type", "side", "order_qty", "symbol",
                        "limit_price", "cl_ord_id", "post_only", "order_id"}) {
      auto ours = find_member(call.params, member);
      auto theirs = find_member(params, member);
      CAF_CHECK_EQUAL(to_string(ours.kind), to_string(theirs.kind));
    }
  };
  auto order = limit_order("0.01", "30000");
  order.post_only = true;
  check(uut.place(order, our_id, at).value(), "add_order_request.json");
  auto key = key_of("", "OABCDE-12345-FGHIJ");
  key.instrument = {};
  check(uut.amend({.order = key, .amount = number("0.005")}, at).value(),
        "amend_order_request.json");
  check(uut.cancel(key, at).value(), "cancel_order_request.json");
}
