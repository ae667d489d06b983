// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deribit_orders

#include "zenws/venue/deribit/deribit_orders.hpp"

#include "account_check.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

// -- messages -----------------------------------------------------------------

std::string message(std::string_view channel, std::string_view data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + std::string{channel} + R"(","data":)" + std::string{data} + "}}";
}

struct json_member {
  std::string_view name;
  std::string_view value;
};

/// An object with some members replaced, left out if the value is empty, or
/// added.
std::string object_with(std::vector<json_member> members,
                        const std::vector<json_member>& changes) {
  for (auto& change : changes) {
    auto is_it = [&](auto& x) { return x.name == change.name; };
    auto i = std::find_if(members.begin(), members.end(), is_it);
    if (i == members.end())
      members.push_back(change);
    else
      i->value = change.value;
  }
  std::string result;
  for (auto& x : members)
    if (!x.value.empty())
      result += (result.empty() ? "\"" : ",\"") + std::string{x.name}
                + "\":" + std::string{x.value};
  return "{" + result + "}";
}

std::string order_with(const std::vector<json_member>& changes) {
  return object_with({{"label", R"("desk1a2b")"},
                      {"price", "1800.50"},
                      {"amount", "0.30"},
                      {"direction", R"("sell")"},
                      {"instrument_name", R"("X_USDC-PERPETUAL")"},
                      {"order_id", R"("USDC-77")"},
                      {"filled_amount", "0.0"},
                      {"last_update_timestamp", "1767978363493"},
                      {"average_price", "0.0"},
                      {"order_state", R"("open")"},
                      {"order_type", R"("limit")"}},
                     changes);
}

std::string trade_with(const std::vector<json_member>& changes) {
  return object_with({{"trade_seq", "12"},
                      {"trade_id", R"("USDC-501")"},
                      {"timestamp", "1767978363400"},
                      {"state", R"("open")"},
                      {"price", "1800.50"},
                      {"order_id", R"("USDC-77")"},
                      {"matching_id", "null"},
                      {"liquidity", R"("M")"},
                      {"instrument_name", R"("X_USDC-PERPETUAL")"},
                      {"fee_currency", R"("USDC")"},
                      {"fee", "-1.6e-7"},
                      {"direction", R"("sell")"},
                      {"amount", "0.10"},
                      {"label", R"("desk1a2b")"}},
                     changes);
}

std::string position_with(const std::vector<json_member>& changes) {
  return object_with({{"size_currency", "-0.2"},
                      {"size", "-60.0"},
                      {"instrument_name", R"("X-PERPETUAL")"},
                      {"direction", R"("sell")"},
                      {"average_price", "47000.25"}},
                     changes);
}

std::string portfolio_with(const std::vector<json_member>& changes) {
  return object_with({{"margin_balance", "54.9"},
                      {"balance", "55.00055"},
                      {"equity", "56"},
                      {"available_funds", "53.5"},
                      {"available_withdrawal_funds", "52.25"},
                      {"cross_collateral_enabled", "false"},
                      {"currency", R"("USDT")"}},
                     changes);
}

const std::string changes_text
  = message("user.changes.X_USDC-PERPETUAL.raw",
            R"({"trades":[)" + trade_with({}) + R"(],"positions":[)"
              + position_with({}) + R"(],"orders":[)" + order_with({})
              + R"(],"instrument_name":"X_USDC-PERPETUAL"})");

// -- requests -----------------------------------------------------------------

const request_time noon{
  .now = std::chrono::sys_time<std::chrono::milliseconds>{1'700'000'000'000ms}};

market::instrument_name instrument(std::string_view name) {
  return market::instrument_name::make(name).value();
}

client_order_id client_id(std::string_view text) {
  return client_order_id::make(text).value();
}

venue_order_id venue_id(std::string_view text) {
  return venue_order_id::make(text).value();
}

order_request limit_order() {
  return {.instrument = instrument("X-PERPETUAL"),
          .side = order_side::buy,
          .amount = number("10"),
          .price = number("0.000000012")};
}

order_request stop_order() {
  return {.instrument = instrument("X-PERPETUAL"),
          .side = order_side::sell,
          .type = order_type::stop_market,
          .amount = number("10"),
          .trigger = number("9.5")};
}

/// What an order by label is canceled, changed and asked for by.
order_key by_label() {
  return {.instrument = instrument("X-PERPETUAL"),
          .id = client_id("a1"),
          .venue_id = venue_id("V-1")};
}

order_key by_venue_id() {
  return {.instrument = instrument("X-PERPETUAL"), .venue_id = venue_id("V-1")};
}

struct fixture {
  deribit_orders uut;
  account_updates news;

  fixture() {
    learn("X-PERPETUAL", "XC");
  }

  void learn(std::string_view name, std::string_view settlement) {
    market::instrument_state terms;
    terms.instrument = instrument(name);
    terms.settlement = market::asset_name::make(settlement).value();
    uut.learn(terms);
  }

  // -- decoding ---------------------------------------------------------------

  error decode(std::string_view text) {
    auto result = read_news(uut, "deribit", text);
    news = std::move(result.updates);
    return std::move(result.problem);
  }

  error read_answer(std::string_view method, std::string_view result) {
    news.clear();
    return uut.read_answer({.method = std::string{method}}, result, news);
  }

  template <class T>
  T only() {
    if (news.size() != 1 || !std::holds_alternative<T>(news[0]))
      CAF_FAIL("there is not one update of the expected type");
    return std::get<T>(news[0]);
  }

  template <class T>
  T only_in(std::string_view text) {
    if (auto problem = decode(text))
      CAF_FAIL(to_string(problem) << ": " << text);
    return only<T>();
  }

  order_report report_with(const std::vector<json_member>& changes) {
    return only_in<order_report>(
      message("user.orders.X_USDC-PERPETUAL.raw", order_with(changes)));
  }

  fill fill_with(const std::vector<json_member>& changes) {
    return only_in<fill>(message("user.trades.X_USDC-PERPETUAL.raw",
                                 '[' + trade_with(changes) + ']'));
  }

  position position_in(const std::vector<json_member>& changes) {
    if (auto problem = read_answer("private/get_position",
                                   position_with(changes)))
      CAF_FAIL(to_string(problem));
    return only<position>();
  }

  balance balance_with(const std::vector<json_member>& changes) {
    return only_in<balance>(
      message("user.portfolio.any", portfolio_with(changes)));
  }

  ec order_problem(const std::vector<json_member>& changes) {
    return decode(message("user.orders.X.raw", order_with(changes))).code;
  }

  ec trade_problem(const std::vector<json_member>& changes) {
    return decode(message("user.trades.X.raw", '[' + trade_with(changes) + ']'))
      .code;
  }

  // -- requests ---------------------------------------------------------------

  void check_call(const result<order_call>& call, std::string_view method,
                  std::string_view params) {
    if (!call)
      CAF_FAIL(to_string(call.error()));
    CAF_CHECK_EQUAL(call->method, method);
    CAF_CHECK_EQUAL(call->params, params);
  }

  result<order_call> place(const order_request& order) {
    return uut.place(order, client_id("a1"), noon);
  }

  std::string params_of(const order_request& order) {
    auto call = place(order);
    if (!call)
      CAF_FAIL(to_string(call.error()));
    return call->params;
  }

  ec problem_of(const order_request& order) {
    auto call = place(order);
    return call ? ec::none : call.error().code;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deribit_orders_tests, fixture)

// -- properties and channels --------------------------------------------------

CAF_TEST(the venue answers questions and cancels on disconnect) {
  CAF_CHECK(uut.lookup() == order_lookup::query);
  CAF_CHECK(uut.departure() == departure_rule::cancel_on_disconnect);
}

CAF_TEST(each instrument has a channel and the balances have one) {
  auto all = uut.channels({instrument("X-1"), instrument("Y-2")});
  CAF_REQUIRE_EQUAL(all.size(), 3u);
  CAF_CHECK_EQUAL(all[0].name, "user.changes.X-1.raw");
  CAF_CHECK_EQUAL(all[1].name, "user.changes.Y-2.raw");
  CAF_CHECK_EQUAL(all[2].name, "user.portfolio.any");
  for (auto& x : all)
    CAF_CHECK(x.access == channel_access::authenticated_only);
}

// -- new orders ---------------------------------------------------------------

CAF_TEST(a limit order is sent exactly) {
  check_call(place(limit_order()), "private/buy",
             R"({"instrument_name":"X-PERPETUAL","amount":10,"type":"limit",)"
             R"("label":"a1","price":0.000000012,)"
             R"("valid_until":1700000002000})");
  auto order = limit_order();
  order.side = order_side::sell;
  order.amount = number("9000000000000000001");
  order.price = number("-0.5"); // of a combo
  check_call(uut.place(order, client_id("b2"),
                       {.now = noon.now, .lifetime = 250ms}),
             "private/sell",
             R"({"instrument_name":"X-PERPETUAL","amount":9000000000000000001,)"
             R"("type":"limit","label":"b2","price":-0.5,)"
             R"("valid_until":1700000000250})");
}

CAF_TEST(a market order has no price and no time in force) {
  auto order = limit_order();
  order.type = order_type::market;
  order.price.reset();
  check_call(place(order), "private/buy",
             R"({"instrument_name":"X-PERPETUAL","amount":10,"type":"market",)"
             R"("label":"a1","valid_until":1700000002000})");
  for (auto validity :
       {time_in_force::immediate_or_cancel, time_in_force::fill_or_kill}) {
    order.validity = validity;
    CAF_CHECK(problem_of(order) == ec::not_supported);
  }
}

CAF_TEST(a time in force is named as the venue does) {
  auto order = limit_order();
  order.validity = time_in_force::immediate_or_cancel;
  CAF_CHECK(params_of(order).find(R"("time_in_force":"immediate_or_cancel",)")
            != std::string::npos);
  order.validity = time_in_force::fill_or_kill;
  CAF_CHECK(params_of(order).find(R"("time_in_force":"fill_or_kill",)")
            != std::string::npos);
}

CAF_TEST(a post - only order is refused rather than repriced) {
  auto order = limit_order();
  order.post_only = true;
  order.reduce_only = true;
  check_call(place(order), "private/buy",
             R"({"instrument_name":"X-PERPETUAL","amount":10,"type":"limit",)"
             R"("label":"a1","price":0.000000012,"post_only":true,)"
             R"("reject_post_only":true,"reduce_only":true,)"
             R"("valid_until":1700000002000})");
}

CAF_TEST(stops have a trigger) {
  check_call(place(stop_order()), "private/sell",
             R"({"instrument_name":"X-PERPETUAL","amount":10,)"
             R"("type":"stop_market","label":"a1","trigger_price":9.5,)"
             R"("trigger":"last_price","valid_until":1700000002000})");
  auto order = stop_order();
  order.type = order_type::stop_limit;
  order.price = number("9.25");
  check_call(place(order), "private/sell",
             R"({"instrument_name":"X-PERPETUAL","amount":10,)"
             R"("type":"stop_limit","label":"a1","price":9.25,)"
             R"("trigger_price":9.5,"trigger":"last_price",)"
             R"("valid_until":1700000002000})");
}

CAF_TEST(members of the venue are added unless they are ours) {
  auto order = stop_order();
  order.venue_members = R"( {"trigger":"mark_price", "amount":5,)"
                        R"("\u006cabel":"x","mmp":false,"m\"p":"a\"b",)"
                        R"("otoco_config":[{"amount":1e-3}]} )";
  check_call(place(order), "private/sell",
             R"({"instrument_name":"X-PERPETUAL","amount":10,)"
             R"("type":"stop_market","label":"a1","trigger_price":9.5,)"
             R"("valid_until":1700000002000,"trigger":"mark_price",)"
             R"("mmp":false,"m\"p":"a\"b","otoco_config":[{"amount":1e-3}]})");
  order = limit_order();
  order.venue_members = R"({"time_in_force":"good_til_day"})";
  CAF_CHECK(params_of(order).ends_with(R"(,"time_in_force":"good_til_day"})"));
  order.venue_members = "{}";
  auto plain = limit_order();
  CAF_CHECK_EQUAL(params_of(order), params_of(plain));
}

CAF_TEST(members that are no object are refused) {
  auto order = limit_order();
  order.venue_members = "[]";
  CAF_CHECK(problem_of(order) == ec::invalid_config);
}

CAF_TEST(orders that contradict themselves are refused) {
  auto order = limit_order();
  order.trigger = number("1");
  CAF_CHECK(problem_of(order) == ec::invalid_config);
  CAF_CHECK(uut.place(limit_order(), {}, noon).error().code
            == ec::invalid_config);
}

// -- changes and cancellations ------------------------------------------------

CAF_TEST(an order is changed by its label) {
  check_call(uut.amend({.order = by_label(),
                        .amount = number("20"),
                        .price = number("9.75")},
                       noon),
             "private/edit_by_label",
             R"({"label":"a1","instrument_name":"X-PERPETUAL","amount":20,)"
             R"("price":9.75,"valid_until":1700000002000})");
  check_call(uut.amend({.order = by_venue_id(), .amount = number("0.1")}, noon),
             "private/edit",
             R"({"order_id":"V-1","amount":0.1,"valid_until":1700000002000})");
}

CAF_TEST(an order stays post - only when its price changes) {
  amend_request change{.order = by_label(),
                       .post_only = true,
                       .amount = number("20"),
                       .price = number("9.75")};
  check_call(uut.amend(change, noon), "private/edit_by_label",
             R"({"label":"a1","instrument_name":"X-PERPETUAL","amount":20,)"
             R"("price":9.75,"post_only":true,"reject_post_only":true,)"
             R"("valid_until":1700000002000})");
  change.price.reset();
  check_call(uut.amend(change, noon), "private/edit_by_label",
             R"({"label":"a1","instrument_name":"X-PERPETUAL","amount":20,)"
             R"("valid_until":1700000002000})");
}

CAF_TEST(a change needs an amount and a name) {
  auto price_only = uut.amend({.order = by_label(), .price = number("1")},
                              noon);
  CAF_REQUIRE(!price_only);
  CAF_CHECK(price_only.error().code == ec::invalid_config);
  CAF_CHECK(
    uut.amend({.order = by_label(), .amount = number("0")}, noon).error().code
    == ec::invalid_config);
  CAF_CHECK(uut.amend({.amount = number("1")}, noon).error().code
            == ec::not_supported);
}

CAF_TEST(an order is canceled by its label) {
  check_call(uut.cancel(by_label(), noon), "private/cancel_by_label",
             R"({"label":"a1","currency":"XC","detailed":true})");
  check_call(uut.cancel({.instrument = instrument("Z"), .id = client_id("a1")},
                        noon),
             "private/cancel_by_label", R"({"label":"a1","detailed":true})");
  check_call(uut.cancel(by_venue_id(), noon), "private/cancel",
             R"({"order_id":"V-1"})");
  CAF_CHECK(uut.cancel({}, noon).error().code == ec::not_supported);
}

CAF_TEST(all orders of an instrument or of the account are canceled) {
  check_call(uut.cancel_all(instrument("X-1"), noon),
             "private/cancel_all_by_instrument",
             R"({"instrument_name":"X-1","detailed":true})");
  check_call(uut.cancel_all({}, noon), "private/cancel_all",
             R"({"detailed":true})");
}

CAF_TEST(a connection is guarded until the time is 0) {
  check_call(uut.guard(30s, noon), "private/enable_cancel_on_disconnect",
             R"({"scope":"connection"})");
  check_call(uut.guard(0s, noon), "private/disable_cancel_on_disconnect",
             R"({"scope":"connection"})");
}

// -- questions ----------------------------------------------------------------

CAF_TEST(an order is asked for by label and settlement currency) {
  check_call(uut.ask_order(by_label(), noon),
             "private/get_order_state_by_label",
             R"({"currency":"XC","label":"a1"})");
  check_call(uut.ask_order(by_venue_id(), noon), "private/get_order_state",
             R"({"order_id":"V-1"})");
}

CAF_TEST(no currency is guessed) {
  auto key = by_label();
  key.instrument = instrument("Z_USDC");
  check_call(uut.ask_order(key, noon), "private/get_order_state",
             R"({"order_id":"V-1"})");
  key.venue_id = {};
  CAF_CHECK(uut.ask_order(key, noon).error().code == ec::not_supported);
  CAF_CHECK(uut.ask_order({}, noon).error().code == ec::not_supported);
}

CAF_TEST(terms without a settlement currency leave the known one) {
  learn("X-PERPETUAL", "");
  check_call(uut.ask_order(by_label(), noon),
             "private/get_order_state_by_label",
             R"({"currency":"XC","label":"a1"})");
  learn("X-PERPETUAL", "YC");
  check_call(uut.ask_order(by_label(), noon),
             "private/get_order_state_by_label",
             R"({"currency":"YC","label":"a1"})");
}

CAF_TEST(open orders and positions are asked for by instrument) {
  check_call(uut.ask_open_orders(instrument("X-1"), noon),
             "private/get_open_orders_by_instrument",
             R"({"instrument_name":"X-1"})");
  check_call(uut.ask_position(instrument("X-1"), noon), "private/get_position",
             R"({"instrument_name":"X-1"})");
}

CAF_TEST(fills of the last 24 hours are asked for and the oldest come first) {
  check_call(uut.ask_fills(instrument("X-1"), noon.now - 1s - 1us, noon),
             "private/get_user_trades_by_instrument",
             R"({"instrument_name":"X-1","start_timestamp":1699999998999,)"
             R"("count":1000,"sorting":"asc"})");
  CAF_CHECK(uut.ask_fills(instrument("X-1"), noon.now - 24h, noon));
  CAF_CHECK(
    uut.ask_fills(instrument("X-1"), noon.now - 24h - 1us, noon).error().code
    == ec::not_supported);
}

// -- orders -------------------------------------------------------------------

CAF_TEST(an open order is reported) {
  auto x = report_with({});
  CAF_CHECK_EQUAL(x.order.instrument.view(), "X_USDC-PERPETUAL");
  CAF_CHECK_EQUAL(x.order.id.view(), "desk1a2b");
  CAF_CHECK_EQUAL(x.order.venue_id.view(), "USDC-77");
  CAF_CHECK(x.side == order_side::sell);
  CAF_CHECK(x.state == venue_order_state::open);
  CAF_CHECK(x.amount == number("0.3"));
  CAF_CHECK(x.price == number("1800.5"));
  CAF_CHECK(x.filled == number("0"));
  CAF_CHECK(x.average_price == std::nullopt);
  CAF_CHECK(x.time.time_since_epoch() == 1'767'978'363'493ms);
  CAF_CHECK(x.reason.empty());
  CAF_CHECK(report_with({{"direction", R"("buy")"}}).side == order_side::buy);
}

CAF_TEST(an order tells all that is filled so far) {
  auto x = report_with(
    {{"filled_amount", "0.1"}, {"average_price", "1800.4999999999998"}});
  CAF_CHECK(x.state == venue_order_state::open);
  CAF_CHECK(x.filled == number("0.1"));
  CAF_CHECK(x.average_price == number("1800.4999999999998"));
  x = report_with({{"filled_amount", "0.3"},
                   {"average_price", "1800.5"},
                   {"order_state", R"("filled")"}});
  CAF_CHECK(x.state == venue_order_state::filled);
  CAF_CHECK(x.filled == number("0.3"));
}

CAF_TEST(states and reasons come from the venue) {
  struct row {
    std::string_view name;
    venue_order_state state;
    std::string_view reason = {};
  };
  for (auto& [name, state, reason] :
       {row{R"("open")", venue_order_state::open},
        row{R"("untriggered")", venue_order_state::open},
        row{R"("filled")", venue_order_state::filled},
        row{R"("cancelled")", venue_order_state::canceled},
        row{R"("expired")", venue_order_state::expired},
        row{R"("rejected")", venue_order_state::rejected},
        row{R"("rejected:reduce_direction")", venue_order_state::rejected,
            "reduce_direction"},
        row{R"("triggered")", venue_order_state::open, "triggered"},
        row{R"("dreaming")", venue_order_state::open, "dreaming"}}) {
    auto x = report_with({{"order_state", name}});
    CAF_CHECK(x.state == state);
    CAF_CHECK_EQUAL(x.reason, reason);
  }
}

CAF_TEST(an order that the venue cancels tells why) {
  for (auto reason : {"autoliquidation", "cancel_on_disconnect", "settlement",
                      "edit_post_only_reject"}) {
    auto text = '"' + std::string{reason} + '"';
    auto x = report_with({{"order_state", R"("cancelled")"},
                          {"cancel_reason", text},
                          {"filled_amount", "0.2"}});
    CAF_CHECK(x.state == venue_order_state::canceled);
    CAF_CHECK_EQUAL(x.reason, reason);
    CAF_CHECK(x.filled == number("0.2"));
  }
  CAF_CHECK(report_with({{"cancel_reason", "null"}}).reason.empty());
}

CAF_TEST(a stop without a limit has no price) {
  auto x = report_with({{"price", R"("market_price")"},
                        {"order_type", R"("stop_market")"},
                        {"filled_amount", ""},
                        {"average_price", ""}});
  CAF_CHECK(x.price == std::nullopt);
  CAF_CHECK(x.filled == std::nullopt);
  CAF_CHECK(x.average_price == std::nullopt);
  // A bound that the venue has set.
  CAF_CHECK(report_with({{"order_type", R"("market")"}}).price == std::nullopt);
  CAF_CHECK(report_with({{"order_type", R"("stop_limit")"}}).price
            == number("1800.5"));
  CAF_CHECK(report_with({{"price", R"("1.50")"}}).price == number("1.5"));
  CAF_CHECK(report_with({{"price", "null"}}).price == std::nullopt);
}

CAF_TEST(an order without a label of ours has no client id) {
  for (auto label : {"", R"("")", "null",
                     R"("a label of somebody else, longer than 36 bytes")"})
    CAF_CHECK(report_with({{"label", label}}).order.id.empty());
}

CAF_TEST(orders come one by one or in a list) {
  auto list = '[' + order_with({}) + ',' + order_with({{"price", "2"}}) + ']';
  CAF_CHECK(!decode(message("user.orders.X.100ms", list)));
  CAF_CHECK_EQUAL(news.size(), 2u);
  CAF_CHECK(!decode(message("user.orders.any.any.100ms", "[]")));
  CAF_CHECK(news.empty());
}

CAF_TEST(an order that lacks what matters is no report) {
  for (auto name : {"direction", "instrument_name", "order_id", "order_state"})
    for (auto value : {"", "null", "7", "{}", R"("")"})
      CAF_CHECK(order_problem({{name, value}}) == ec::invalid_data);
  for (auto name : {"amount", "filled_amount", "average_price", "price"})
    for (auto value :
         {"{}", "true", R"("x")", "1e999", "99999999999999999999999999"})
      CAF_CHECK(order_problem({{name, value}}) == ec::invalid_data);
  CAF_CHECK(order_problem({{"order_id", "\"" + std::string(48, 'x') + "\""}})
            == ec::invalid_data);
  CAF_CHECK(order_problem({{"label", "7"}}) == ec::invalid_data);
  CAF_CHECK(order_problem({{"direction", R"("zero")"}}) == ec::invalid_data);
  CAF_CHECK(order_problem({{"x", "]"}}) == ec::invalid_json);
}

// -- fills --------------------------------------------------------------------

CAF_TEST(a trade is a fill of an order) {
  auto x = fill_with({});
  CAF_CHECK_EQUAL(x.order.instrument.view(), "X_USDC-PERPETUAL");
  CAF_CHECK_EQUAL(x.order.id.view(), "desk1a2b");
  CAF_CHECK_EQUAL(x.order.venue_id.view(), "USDC-77");
  CAF_CHECK_EQUAL(x.id.view(), "USDC-501");
  CAF_CHECK(x.side == order_side::sell);
  CAF_CHECK_EQUAL(x.price, number("1800.5"));
  CAF_CHECK_EQUAL(x.amount, number("0.1"));
  CAF_CHECK(x.fee == number("-0.00000016")); // received
  CAF_CHECK_EQUAL(x.fee_currency.view(), "USDC");
  CAF_CHECK(x.liquidity == fill_liquidity::maker);
  CAF_CHECK(x.time.time_since_epoch() == 1'767'978'363'400ms);
}

CAF_TEST(a taker pays) {
  auto x = fill_with(
    {{"direction", R"("buy")"}, {"liquidity", R"("T")"}, {"fee", "0.0004"}});
  CAF_CHECK(x.side == order_side::buy);
  CAF_CHECK(x.fee == number("0.0004"));
  CAF_CHECK(x.liquidity == fill_liquidity::taker);
}

CAF_TEST(what the venue does not tell of a fill stays open) {
  for (auto value : {"", "null", R"("X")"})
    CAF_CHECK(fill_with({{"liquidity", value}}).liquidity
              == fill_liquidity::unknown);
  for (auto value : {"", "null", R"("")"})
    CAF_CHECK(fill_with({{"fee", value}}).fee == std::nullopt);
  auto x = fill_with({{"label", ""}, {"order_id", "null"}, {"timestamp", ""}});
  CAF_CHECK(x.order.id.empty());
  CAF_CHECK(x.order.venue_id.empty());
  CAF_CHECK(x.time == market::venue_time{});
}

CAF_TEST(a liquidation fills as any trade) {
  auto x = fill_with({{"order_type", R"("liquidation")"},
                      {"liquidation", R"("T")"},
                      {"liquidity", R"("T")"},
                      {"label", ""}});
  CAF_CHECK(x.order.id.empty());
  CAF_CHECK_EQUAL(x.amount, number("0.1"));
}

CAF_TEST(the leg of a combo fills no order of the leg) {
  auto x = fill_with(
    {{"combo_id", R"("X-FS-1_PERP")"}, {"combo_trade_id", R"("1154")"}});
  CAF_CHECK(x.order.id.empty());
  CAF_CHECK_EQUAL(x.amount, number("0.1"));
  CAF_CHECK(fill_with({{"combo_id", "null"}}).order.id == "desk1a2b");
}

CAF_TEST(a trade that lacks what matters is no fill) {
  for (auto name :
       {"trade_id", "price", "amount", "instrument_name", "direction"})
    for (auto value : {"", "null", "{}", R"("")", "true"})
      CAF_CHECK(trade_problem({{name, value}}) == ec::invalid_data);
  CAF_CHECK(trade_problem({{"fee", "{}"}}) == ec::invalid_data);
  CAF_CHECK(trade_problem({{"order_id", "7"}}) == ec::invalid_data);
  CAF_CHECK(decode(message("user.trades.X.raw", "{}")).code
            == ec::invalid_data);
}

// -- positions ----------------------------------------------------------------

CAF_TEST(a short position is negative) {
  auto x = position_in({});
  CAF_CHECK_EQUAL(x.instrument.view(), "X-PERPETUAL");
  CAF_CHECK_EQUAL(x.amount, number("-60"));
  CAF_CHECK(x.average_price == number("47000.25"));
  CAF_CHECK(x.time == market::venue_time{});
  CAF_CHECK_EQUAL(position_in({{"size", "60"}}).amount, number("-60"));
  CAF_CHECK_EQUAL(
    position_in({{"size", "60"}, {"direction", R"("buy")"}}).amount,
    number("60"));
}

CAF_TEST(no position has no price) {
  for (auto direction : {R"("buy")", R"("sell")", R"("zero")"}) {
    auto x = position_in(
      {{"size", "0.0"}, {"direction", direction}, {"average_price", "0.0"}});
    CAF_CHECK(x.amount.is_zero());
    CAF_CHECK(x.average_price == std::nullopt);
  }
}

CAF_TEST(a position that contradicts itself is none) {
  auto problem_with = [&](const std::vector<json_member>& changes) {
    return read_answer("private/get_position", position_with(changes)).code;
  };
  CAF_CHECK(problem_with({{"direction", R"("buy")"}}) == ec::invalid_data);
  CAF_CHECK(problem_with({{"direction", R"("zero")"}}) == ec::invalid_data);
  CAF_CHECK(problem_with({{"direction", R"("up")"}}) == ec::invalid_data);
  for (auto name : {"size", "direction", "instrument_name"})
    for (auto value : {"", "null", R"("")", "[]"})
      CAF_CHECK(problem_with({{name, value}}) == ec::invalid_data);
  CAF_CHECK(read_answer("private/get_position", "null").code
            == ec::invalid_data);
}

// -- balances -----------------------------------------------------------------

CAF_TEST(a balance is what the account has of a currency) {
  auto x = balance_with({});
  CAF_CHECK_EQUAL(x.currency.view(), "USDT");
  CAF_CHECK_EQUAL(x.total, number("55.00055"));
  CAF_CHECK(x.available == number("53.5"));
  CAF_CHECK(x.time == market::venue_time{});
}

CAF_TEST(funds that other currencies secure are not available ones) {
  auto x = balance_with({{"cross_collateral_enabled", "true"}});
  CAF_CHECK(x.available == number("52.25"));
  x = balance_with({{"available_funds", ""}});
  CAF_CHECK(x.available == std::nullopt);
}

CAF_TEST(a balance needs an amount and a currency) {
  for (auto name : {"balance", "currency"})
    for (auto value : {"", "null", R"("")", "{}", R"("0123456789abcdef")"})
      CAF_CHECK(
        decode(message("user.portfolio.any", portfolio_with({{name, value}})))
          .code
        == ec::invalid_data);
}

// -- changes ------------------------------------------------------------------

CAF_TEST(one message brings fills and positions and orders) {
  CAF_REQUIRE(!decode(changes_text));
  CAF_REQUIRE_EQUAL(news.size(), 3u);
  CAF_CHECK(std::get<fill>(news[0]).id == "USDC-501");
  CAF_CHECK_EQUAL(std::get<position>(news[1]).amount, number("-60"));
  CAF_CHECK(std::get<order_report>(news[2]).order.venue_id == "USDC-77");
  CAF_CHECK(!decode(message("user.changes.X.raw", "{}")));
  CAF_CHECK(news.empty());
}

CAF_TEST(a fill has the side of its order) {
  auto side_with = [&](std::string_view order_id) {
    auto trade
      = trade_with({{"direction", R"("buy")"}, {"order_id", order_id}});
    CAF_REQUIRE(!decode(
      message("user.changes.X.raw", R"({"trades":[)" + trade + R"(],"orders":[)"
                                      + order_with({}) + "]}")));
    return std::get<fill>(news[0]).side;
  };
  CAF_CHECK(side_with(R"("USDC-77")") == order_side::sell);
  CAF_CHECK(side_with(R"("USDC-78")") == order_side::buy);
}

CAF_TEST(a problem in one list is a problem of the message) {
  for (auto name : {"trades", "positions", "orders"})
    for (auto value : {"null", "{}", "7", "[7]", "[{}]", R"("[]")"})
      CAF_CHECK(decode(message("user.changes.X.raw",
                               "{\"" + std::string{name} + "\":" + value + '}'))
                  .code
                == ec::invalid_data);
}

CAF_TEST(messages about something else bring nothing) {
  for (auto& text :
       {message("trades.X.raw", "[" + trade_with({}) + "]"),
        message("user.mmp_trigger.BTC", "{}"), message("user.lock", "{}"),
        std::string{R"({"jsonrpc":"2.0","method":"heartbeat","params":{}})"},
        std::string{R"({"jsonrpc":"2.0","id":7,"result":{}})"}}) {
    CAF_CHECK(!decode(text));
    CAF_CHECK(news.empty());
  }
}

CAF_TEST(messages mean the same however they are spelled) {
  for (auto& text :
       {changes_text, message("user.portfolio.any", portfolio_with({}))})
    check_news(text, [&](std::string_view other) {
      return read_news(uut, "deribit", other);
    });
}

// -- answers ------------------------------------------------------------------

CAF_TEST(the answer to a new order tells the order and its fills) {
  auto result
    = R"({"trades":[)" + trade_with({{"liquidity", R"("T")"}}) + R"(],"order":)"
      + order_with({{"filled_amount", "0.1"}, {"average_price", "1800.5"}})
      + "}";
  for (auto method : {"private/buy", "private/sell", "private/edit",
                      "private/edit_by_label"}) {
    CAF_REQUIRE(!read_answer(method, result));
    CAF_REQUIRE_EQUAL(news.size(), 2u);
    CAF_CHECK_EQUAL(std::get<fill>(news[0]).amount, number("0.1"));
    CAF_CHECK(std::get<order_report>(news[1]).filled == number("0.1"));
    for (auto other : {"{}", "[]", "7", "null", R"({"trades":[]})", "\"ok\""})
      CAF_CHECK(read_answer(method, other).code == ec::invalid_data);
  }
}

CAF_TEST(the answer to a cancellation tells the orders that are over) {
  auto canceled = order_with({{"order_state", R"("cancelled")"},
                              {"cancel_reason", R"("user_request")"}});
  CAF_REQUIRE(!read_answer("private/cancel", canceled));
  CAF_CHECK(only<order_report>().state == venue_order_state::canceled);
  for (auto method : {"private/cancel_by_label", "private/cancel_all",
                      "private/cancel_all_by_instrument"}) {
    CAF_REQUIRE(!read_answer(
      method, R"([{"type":"limit","result":[)" + canceled
                + R"(],"instrument_name":"X","currency":"USDC"},)"
                  R"({"type":"trigger","currency":"USDC","result":[]}])"));
    CAF_CHECK(only<order_report>().state == venue_order_state::canceled);
    for (auto none : {"[]", "0", "4", "-1"}) {
      CAF_CHECK(!read_answer(method, none));
      CAF_CHECK(news.empty());
    }
    for (auto other : {"{}", "null", "\"ok\"", "[7]", R"([{"result":{}}])"})
      CAF_CHECK(read_answer(method, other).code == ec::invalid_data);
  }
}

CAF_TEST(a part that was not canceled leaves the outcome open) {
  constexpr auto text
    = R"([{"type":"limit","currency":"BTC",)"
      R"("error":{"code":11051,"message":"system_maintenance"}}])";
  CAF_CHECK(read_answer("private/cancel_by_label", text).code
            == ec::invalid_data);
  CAF_CHECK(
    !read_answer("private/cancel_by_label", R"([{"error":null,"result":[]}])"));
}

CAF_TEST(the answer about a label tells its orders or none) {
  constexpr auto method = "private/get_order_state_by_label";
  CAF_CHECK(!read_answer(method, '[' + order_with({}) + ']'));
  CAF_CHECK(only<order_report>().order.id == "desk1a2b");
  CAF_CHECK(!read_answer(method, "[]"));
  CAF_CHECK(news.empty());
  CAF_CHECK(read_answer(method, "{}").code == ec::invalid_data);
  CAF_CHECK(!read_answer("private/get_order_state", order_with({})));
  CAF_CHECK(only<order_report>().order.id == "desk1a2b");
}

CAF_TEST(of a triggered stop the order that it has placed decides) {
  CAF_REQUIRE(
    !read_answer("private/get_order_state_by_label",
                 '['
                   + order_with({{"order_state", R"("filled")"},
                                 {"filled_amount", "0.3"},
                                 {"trigger_order_id", R"("USDC-SLMB-9")"}})
                   + ','
                   + order_with({{"order_state", R"("triggered")"},
                                 {"order_id", R"("USDC-SLMB-9")"},
                                 {"filled_amount", ""}})
                   + ']'));
  CAF_REQUIRE_EQUAL(news.size(), 2u);
  CAF_CHECK(std::get<order_report>(news[0]).order.venue_id == "USDC-SLMB-9");
  CAF_CHECK(std::get<order_report>(news[0]).filled == std::nullopt);
  CAF_CHECK(std::get<order_report>(news[1]).state == venue_order_state::filled);
}

CAF_TEST(open orders and old fills come in lists) {
  CAF_CHECK(!read_answer("private/get_open_orders_by_instrument",
                         '[' + order_with({}) + ',' + order_with({}) + ']'));
  CAF_CHECK_EQUAL(news.size(), 2u);
  constexpr auto fills = "private/get_user_trades_by_instrument";
  CAF_CHECK(!read_answer(fills, R"({"trades":[)" + trade_with({}) + ','
                                  + trade_with({{"trade_id", R"("9")"}})
                                  + R"(],"has_more":true})"));
  CAF_REQUIRE_EQUAL(news.size(), 2u);
  CAF_CHECK(std::get<fill>(news[1]).id == "9");
  CAF_CHECK(!read_answer(fills, R"({"trades":[],"has_more":false})"));
  CAF_CHECK(news.empty());
  for (auto other : {"{}", "[]", "null", R"({"trades":null})"})
    CAF_CHECK(read_answer(fills, other).code == ec::invalid_data);
}

CAF_TEST(other answers are about no order) {
  CAF_CHECK(!read_answer("private/enable_cancel_on_disconnect", R"("ok")"));
  CAF_CHECK(!read_answer("private/disable_cancel_on_disconnect", R"("ok")"));
  CAF_CHECK(news.empty());
}

CAF_TEST(malformed answers are no facts) {
  for (auto text : {"[", "[{]", "7 7", R"([{"result":[]}] x)"})
    CAF_CHECK(read_answer("private/cancel_all", text).code == ec::invalid_json);
}

CAF_TEST(some refusals say that there is no such order any more) {
  for (auto code : {10004, 10010, 11044})
    CAF_CHECK(uut.is_absence({.code = code}));
  for (auto code : {0, 10028, 10029, 11008, 11054, 13028, 13032, 13888})
    CAF_CHECK(!uut.is_absence({.code = code}));
}

// -- samples ------------------------------------------------------------------

CAF_TEST(answers of the venue are read) {
  struct row {
    const char* file;
    const char* method;
    venue_order_state state;
  };
  for (auto [file, method, state] :
       {row{"order_buy_response.json", "private/buy", venue_order_state::open},
        row{"order_sell_response.json", "private/sell",
            venue_order_state::open},
        row{"order_edit_response.json", "private/edit",
            venue_order_state::open},
        row{"order_stop_market_response.json", "private/sell",
            venue_order_state::open},
        row{"order_cancel_response.json", "private/cancel",
            venue_order_state::canceled}}) {
    auto text = sample(std::string{"deribit/"} + file);
    if (text.empty())
      continue;
    auto answer = make_dialect("deribit")->read(text);
    CAF_REQUIRE(answer.kind == inbound_kind::answer);
    if (auto problem = read_answer(method, answer.content.result.text))
      CAF_FAIL(file << ": " << to_string(problem));
    auto x = only<order_report>();
    CAF_CHECK(x.state == state);
    CAF_CHECK(!x.order.id.empty());
    CAF_CHECK(x.order.venue_id.view().starts_with("USDC-"));
    CAF_CHECK(x.order.instrument == "ETH_USDC-PERPETUAL");
    CAF_CHECK(x.amount.has_value());
    CAF_CHECK(x.filled == number("0"));
    CAF_CHECK_EQUAL(x.price.has_value(),
                    std::string_view{file}.find("market") == std::string::npos);
    CAF_CHECK((x.side == order_side::sell)
              == (std::string_view{method} == "private/sell"));
    CAF_CHECK_EQUAL(x.reason, is_final(state) ? "user_request" : std::string{});
  }
}

CAF_TEST(the portfolio of the venue is read) {
  auto text = sample("deribit/portfolio.json");
  if (text.empty())
    return;
  auto x = only_in<balance>(text);
  CAF_CHECK_EQUAL(x.currency.view(), "USDT");
  CAF_CHECK_EQUAL(x.total, number("55.00055"));
  CAF_CHECK(x.available == number("54.968257"));
}

CAF_TEST(refusals of the venue are no answers) {
  auto text = sample("deribit/error.json");
  if (text.empty())
    return;
  auto venue = make_dialect("deribit");
  auto answer = venue->read(text);
  CAF_REQUIRE(answer.kind == inbound_kind::answer);
  CAF_CHECK(!uut.is_absence(venue->judge(answer).refusal));
}

CAF_TEST_FIXTURE_SCOPE_END()
