// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_orders

#include "account_check.hpp"

#include "zenws/venue/okx/okx_dialect.hpp"
#include "zenws/venue/okx/okx_orders.hpp"

#include <map>
#include <string>
#include <variant>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

using market::asset_name;
using market::instrument_kind;
using market::instrument_name;
using market::venue_time;

// -- values -------------------------------------------------------------------

instrument_name name_of(std::string_view text) {
  return instrument_name::make(text).value();
}

client_order_id id_of(std::string_view text) {
  return client_order_id::make(text).value();
}

venue_time at(std::chrono::milliseconds since_epoch) {
  return venue_time{since_epoch};
}

const auto pair_name = name_of("ABC-USDT");
const auto swap_name = name_of("ABC-USDT-SWAP");
const auto option_name = name_of("ABC-USD-261225-50-C");

const auto some_id = id_of("desk1000000001");

const request_time now{
  .now = std::chrono::sys_time<std::chrono::milliseconds>{1'700'000'000'123ms},
  .lifetime = 2s};

// -- requests -----------------------------------------------------------------

/// Parameters of a request with a time limit.
std::string until(std::string_view argument) {
  return R"({"expTime":"1700000002123","args":[)" + std::string{argument}
         + "]}";
}

order_request limit_order(const instrument_name& instrument) {
  return {.instrument = instrument,
          .side = order_side::buy,
          .amount = number("0.5"),
          .price = number("61000.10")};
}

order_request market_order(const instrument_name& instrument,
                           order_side side = order_side::buy) {
  return {.instrument = instrument,
          .side = side,
          .type = order_type::market,
          .amount = number("3")};
}

order_key key_of(std::string_view id, std::string_view venue_id = {}) {
  return {swap_name, id_of(id), venue_order_id::make(venue_id).value()};
}

// -- messages -----------------------------------------------------------------

std::string message(std::string_view channel, std::string_view data,
                    std::string_view more = {}) {
  return R"({"arg":{"channel":")" + std::string{channel} + R"(","uid":"7"},)"
         + std::string{more} + R"("data":[)" + std::string{data} + "]}";
}

constexpr std::string_view order_data
  = R"({"accFillSz":"0.3","algoId":"","amendResult":"","avgPx":"61000.5",)"
    R"("cancelSource":"","category":"normal","ccy":"","clOrdId":"desk1",)"
    R"("code":"0","cTime":"1700000000000","execType":"M",)"
    R"("fee":"-0.02","feeCcy":"USDT","fillFee":"-0.0125",)"
    R"("fillFeeCcy":"USDT","fillPx":"61001","fillSz":"0.1",)"
    R"("fillTime":"1700000000456","instId":"ABC-USDT-SWAP",)"
    R"("instType":"SWAP","lever":"2","msg":"","ordId":"452197707845865472",)"
    R"("ordType":"limit","posSide":"net","px":"61001.5","side":"sell",)"
    R"("state":"partially_filled","sz":"0.50","tdMode":"cross","tgtCcy":"",)"
    R"("tradeId":"242589207","uTime":"1700000000457"})";

constexpr std::string_view position_data
  = R"({"adl":"1","avgPx":"50.5","instId":"ABC-USDT-SWAP","instType":"SWAP",)"
    R"("mgnMode":"cross","pos":"-7","posCcy":"","posId":"31","posSide":"net",)"
    R"("uTime":"1700000000500","upl":"-1.5"})";

constexpr std::string_view account_data
  = R"({"adjEq":"","details":[{"availBal":"90.5","availEq":"95","cashBal":)"
    R"("100.25","ccy":"USDT","eq":"105","uTime":"1700000000600","upl":"5"},)"
    R"({"availBal":"","cashBal":"-0.5","ccy":"ABC","eq":"0"}],)"
    R"("totalEq":"100","uTime":"1700000000601"})";

using replacements = std::map<std::string, std::string>;

/// Returns an object of JSON with other values, as JSON; without those that are
/// replaced by nothing.
std::string with(std::string_view object, const replacements& values) {
  auto result = std::string{object};
  for (auto& [name, value] : values) {
    auto begin = result.find('"' + name + "\":");
    auto behind = result.find_first_of(",}", begin);
    if (!value.empty()) {
      auto first = begin + name.size() + 3;
      result.replace(first, behind - first, value);
    } else {
      if (result[behind] == ',')
        ++behind;
      else
        --begin; // the comma before the last one
      result.erase(begin, behind - begin);
    }
  }
  return result;
}

std::string order_text(const replacements& values = {}) {
  return message("orders", with(order_data, values));
}

/// What is told of an order without news of a fill.
const replacements no_fill{{"tradeId", R"("")"},  {"fillSz", R"("0")"},
                           {"fillPx", R"("")"},   {"fillFee", R"("0")"},
                           {"fillTime", R"("")"}, {"execType", R"("")"}};

std::string quiet_order(replacements values) {
  values.insert(no_fill.begin(), no_fill.end());
  return order_text(values);
}

std::string position_text(const replacements& values = {},
                          std::string_view more = {}) {
  return message("positions", with(position_data, values), more);
}

std::string snapshot_of(std::string_view channel, std::string_view data,
                        int page = 1, bool is_last = true) {
  return message(channel, data,
                 R"("eventType":"snapshot","curPage":)" + std::to_string(page)
                   + R"(,"lastPage":)" + (is_last ? "true" : "false") + ",");
}

// -- decoding -----------------------------------------------------------------

account_news decode_orders(std::string_view text) {
  okx_orders uut;
  return read_news(uut, "okx", text);
}

account_updates updates_by(okx_orders& uut, std::string_view text) {
  auto result = read_news(uut, "okx", text);
  if (result.problem)
    CAF_FAIL(to_string(result.problem) << ": " << text);
  return std::move(result.updates);
}

account_updates updates_in(std::string_view text) {
  okx_orders uut;
  return updates_by(uut, text);
}

template <class T>
T last(const account_updates& updates) {
  if (updates.empty() || !std::holds_alternative<T>(updates.back()))
    CAF_FAIL("the last update has another type");
  return std::get<T>(updates.back());
}

template <class T>
T first(const account_updates& updates) {
  if (updates.empty() || !std::holds_alternative<T>(updates.front()))
    CAF_FAIL("the first update has another type");
  return std::get<T>(updates.front());
}

order_report report_in(const std::string& text) {
  auto updates = updates_in(text);
  CAF_CHECK_EQUAL(updates.size(), 1u);
  return last<order_report>(updates);
}

ec code_of(const error& problem) {
  return problem.code;
}

template <class T>
ec code_of(const result<T>& x) {
  return x ? ec::none : x.error().code;
}

struct fixture {
  okx_orders uut;

  fixture() {
    learn(pair_name, instrument_kind::spot, 101);
    learn(swap_name, instrument_kind::perpetual, 102);
    learn(option_name, instrument_kind::option, 103);
  }

  void learn(const instrument_name& name, instrument_kind kind, uint64_t code) {
    uut.learn({.instrument = name, .kind = kind, .code = code});
  }

  order_call placed(const order_request& order) {
    auto call = uut.place(order, some_id, now);
    if (!call)
      CAF_FAIL(to_string(call.error()));
    return *call;
  }

  std::string params(const order_request& order) {
    return placed(order).params;
  }

  ec refusal(const order_request& order) {
    return code_of(uut.place(order, some_id, now));
  }

  account_updates apply(const std::string& text) {
    return updates_by(uut, text);
  }

  /// Returns the amounts of positions that a message tells, by instrument.
  std::map<std::string, std::string> positions(const std::string& text) {
    std::map<std::string, std::string> result;
    for (auto& x : apply(text)) {
      auto& known = std::get<position>(x);
      result[std::string{known.instrument.view()}] = to_string(known.amount);
    }
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_orders_tests, fixture)

// -- properties ---------------------------------------------------------------

CAF_TEST(what OKX offers by REST only is not offered) {
  CAF_CHECK(uut.lookup() == order_lookup::cancel);
  CAF_CHECK(uut.departure() == departure_rule::none);
  CAF_CHECK(code_of(uut.guard(5s, now)) == ec::not_supported);
  CAF_CHECK(code_of(uut.ask_order(key_of("a1"), now)) == ec::not_supported);
  CAF_CHECK(code_of(uut.ask_open_orders(swap_name, now)) == ec::not_supported);
  CAF_CHECK(code_of(uut.ask_fills(swap_name, {}, now)) == ec::not_supported);
  CAF_CHECK(code_of(uut.ask_position(swap_name, now)) == ec::not_supported);
  CAF_CHECK(code_of(uut.cancel_all(swap_name, now)) == ec::not_supported);
  CAF_CHECK(code_of(uut.cancel_all({}, now)) == ec::not_supported);
}

CAF_TEST(all channels need a login and have names that the dialect reads) {
  auto channels = uut.channels({swap_name});
  CAF_REQUIRE_EQUAL(channels.size(), 3u);
  okx_dialect venue;
  for (auto& x : channels) {
    CAF_CHECK(x.access == channel_access::authenticated_only);
    CAF_CHECK(!venue.check(x));
  }
  auto request = venue.subscription({.channels = channels}, 7);
  CAF_REQUIRE(request);
  CAF_CHECK_EQUAL(*request, R"({"id":"7","op":"subscribe","args":[)"
                            R"({"channel":"orders","instType":"ANY"},)"
                            R"({"channel":"positions","instType":"ANY"},)"
                            R"({"channel":"account"}]})");
  for (auto name : {"orders", "positions", "account"}) {
    auto text = R"({"arg":{"channel":")" + std::string{name}
                + R"(","instType":"ANY","uid":"7"},"data":[]})";
    CAF_CHECK_EQUAL(venue.read(text).channel, name);
  }
}

// -- placing ------------------------------------------------------------------

CAF_TEST(a limit order has exact numbers and a time limit) {
  auto call = placed(limit_order(swap_name));
  CAF_CHECK_EQUAL(call.method, "order");
  CAF_CHECK_EQUAL(
    call.params,
    until(R"({"instIdCode":102,"clOrdId":"desk1000000001","side":"buy",)"
          R"("ordType":"limit","sz":"0.5","px":"61000.1","tdMode":"cross"})"));
}

CAF_TEST(an order of a pair is paid in cash) {
  auto order = limit_order(pair_name);
  order.side = order_side::sell;
  CAF_CHECK_EQUAL(
    params(order),
    until(R"({"instIdCode":101,"clOrdId":"desk1000000001","side":"sell",)"
          R"("ordType":"limit","sz":"0.5","px":"61000.1","tdMode":"cash"})"));
}

CAF_TEST(small and large numbers have no exponents) {
  auto order = limit_order(pair_name);
  order.amount = number("200000000000");
  order.price = number("1.2e-8");
  auto text = params(order);
  CAF_CHECK(text.find(R"("sz":"200000000000","px":"0.000000012")")
            != text.npos);
}

CAF_TEST(the validity of a limit order makes its type) {
  auto check = [&](order_request order, std::string_view type) {
    auto expected = R"("ordType":")" + std::string{type} + '"';
    CAF_CHECK(params(order).find(expected) != std::string::npos);
  };
  auto order = limit_order(swap_name);
  order.validity = time_in_force::immediate_or_cancel;
  check(order, "ioc");
  order.validity = time_in_force::fill_or_kill;
  check(order, "fok");
  order.validity = time_in_force::good_til_canceled;
  order.post_only = true;
  check(order, "post_only");
}

CAF_TEST(a market order of a pair has its amount in the base currency) {
  CAF_CHECK_EQUAL(
    params(market_order(pair_name)),
    until(R"({"instIdCode":101,"clOrdId":"desk1000000001","side":"buy",)"
          R"("ordType":"market","sz":"3","tgtCcy":"base_ccy",)"
          R"("tdMode":"cash","banAmend":true})"));
  auto order = market_order(pair_name);
  order.venue_members = R"({"tgtCcy":"quote_ccy"})";
  CAF_CHECK_EQUAL(params(order), params(market_order(pair_name)));
}

CAF_TEST(a pair is not bought with borrowed money at the market) {
  // The amount would be one of the quote currency.
  for (auto mode : {"cross", "isolated", "spot_isolated"}) {
    auto order = market_order(pair_name);
    order.venue_members = R"({"tdMode":")" + std::string{mode} + R"("})";
    CAF_CHECK(refusal(order) == ec::not_supported);
  }
  auto order = market_order(pair_name, order_side::sell);
  order.venue_members = R"({"tdMode":"cross"})";
  CAF_CHECK_EQUAL(
    params(order),
    until(R"({"instIdCode":101,"clOrdId":"desk1000000001","side":"sell",)"
          R"("ordType":"market","sz":"3","tdMode":"cross"})"));
}

CAF_TEST(a market order of a contract can be kept out of the book) {
  auto order = market_order(swap_name, order_side::sell);
  CAF_CHECK_EQUAL(
    params(order),
    until(R"({"instIdCode":102,"clOrdId":"desk1000000001","side":"sell",)"
          R"("ordType":"market","sz":"3","tdMode":"cross"})"));
  order.validity = time_in_force::immediate_or_cancel;
  CAF_CHECK_EQUAL(
    params(order),
    until(R"({"instIdCode":102,"clOrdId":"desk1000000001","side":"sell",)"
          R"("ordType":"optimal_limit_ioc","sz":"3","tdMode":"cross"})"));
}

CAF_TEST(a reduce - only order of a contract says so) {
  auto order = limit_order(swap_name);
  order.reduce_only = true;
  CAF_CHECK_EQUAL(
    params(order),
    until(R"({"instIdCode":102,"clOrdId":"desk1000000001","side":"buy",)"
          R"("ordType":"limit","sz":"0.5","px":"61000.1","reduceOnly":true,)"
          R"("tdMode":"cross"})"));
}

CAF_TEST(reduce - only is refused where OKX would ignore it) {
  auto order = limit_order(pair_name);
  order.reduce_only = true;
  CAF_CHECK(refusal(order) == ec::not_supported);
  order.venue_members = R"({"tdMode":"isolated"})";
  CAF_CHECK(refusal(order) == ec::none);
  order = limit_order(option_name);
  order.reduce_only = true;
  CAF_CHECK(refusal(order) == ec::not_supported);
  order = limit_order(swap_name);
  order.reduce_only = true;
  order.venue_members = R"({"posSide":"long"})"; // buys more of it
  CAF_CHECK(refusal(order) == ec::invalid_config);
  order.venue_members = R"({"posSide":"short"})";
  CAF_CHECK(refusal(order) == ec::none);
}

CAF_TEST(members of the user are added and replace none of an order) {
  auto order = limit_order(swap_name);
  order.venue_members = R"( { "tdMode" : "isolated", "side":"sell","px":"1",)"
                        R"("sz":"9","instId":"X","clOrdId":"other",)"
                        R"("tag":"a\"b", "attachAlgoOrds":[ {"n":1.5} ]} )";
  CAF_CHECK_EQUAL(
    params(order),
    until(R"({"instIdCode":102,"clOrdId":"desk1000000001","side":"buy",)"
          R"("ordType":"limit","sz":"0.5","px":"61000.1",)"
          R"("tdMode":"isolated","tag":"a\"b","attachAlgoOrds":[ {"n":1.5} ])"
          "}"));
  order = market_order(pair_name);
  order.venue_members = R"({"banAmend":false})";
  CAF_CHECK(params(order).find(R"("banAmend":false)") != std::string::npos);
  CAF_CHECK(params(order).find(R"("banAmend":true)") == std::string::npos);
}

CAF_TEST(members that are no object are refused) {
  auto order = limit_order(swap_name);
  order.venue_members = "[]";
  CAF_CHECK(refusal(order) == ec::invalid_config);
}

CAF_TEST(orders that OKX does not take over WebSocket are refused) {
  for (auto type : {order_type::stop_limit, order_type::stop_market}) {
    auto order = limit_order(swap_name);
    order.type = type;
    order.trigger = number("60000");
    CAF_CHECK(refusal(order) == ec::not_supported);
  }
  CAF_CHECK(refusal(market_order(option_name)) == ec::not_supported);
  auto order = market_order(swap_name);
  order.validity = time_in_force::fill_or_kill;
  CAF_CHECK(refusal(order) == ec::not_supported);
  auto combination = name_of("ABC-USDT_ABC-USDT-SWAP");
  learn(combination, instrument_kind::combination, 104);
  CAF_CHECK(refusal(limit_order(combination)) == ec::not_supported);
}

CAF_TEST(orders that contradict themselves are refused) {
  auto order = limit_order(swap_name);
  order.type = order_type::market;
  CAF_CHECK(refusal(order) == ec::invalid_config);
  order = limit_order(name_of("XYZ-USDT")); // not learned
  CAF_CHECK(refusal(order) == ec::invalid_config);
  CAF_CHECK(code_of(uut.place(limit_order(swap_name), {}, now))
            == ec::invalid_config);
}

CAF_TEST(an instrument without a number is named by its name) {
  okx_orders fresh;
  fresh.learn({.instrument = swap_name, .kind = instrument_kind::perpetual});
  CAF_CHECK_EQUAL(fresh.cancel(key_of("a1"), now).value().params,
                  R"([{"instId":"ABC-USDT-SWAP","clOrdId":"a1"}])");
}

// -- changing and canceling ---------------------------------------------------

CAF_TEST(an order is amended by the id of the client) {
  amend_request change{.order = key_of("a1", "77"),
                       .amount = number("2.50"),
                       .price = number("61000")};
  auto call = uut.amend(change, now).value();
  CAF_CHECK_EQUAL(call.method, "amend-order");
  CAF_CHECK_EQUAL(call.params, until(R"({"instIdCode":102,"clOrdId":"a1",)"
                                     R"("newSz":"2.5","newPx":"61000"})"));
  change.amount.reset();
  CAF_CHECK_EQUAL(
    uut.amend(change, now).value().params,
    until(R"({"instIdCode":102,"clOrdId":"a1","newPx":"61000"})"));
}

CAF_TEST(an amendment changes something) {
  amend_request change{.order = key_of("a1")};
  CAF_CHECK(code_of(uut.amend(change, now)) == ec::invalid_config);
  change.amount = market::decimal{};
  CAF_CHECK(code_of(uut.amend(change, now)) == ec::invalid_config);
  change = {.order = {swap_name}, .price = number("1")};
  CAF_CHECK(code_of(uut.amend(change, now)) == ec::not_supported);
}

CAF_TEST(an order is canceled by the best name that it has) {
  auto call = uut.cancel(key_of("a1", "77"), now).value();
  CAF_CHECK_EQUAL(call.method, "cancel-order");
  CAF_CHECK_EQUAL(call.params, R"([{"instIdCode":102,"clOrdId":"a1"}])");
  CAF_CHECK_EQUAL(uut.cancel(key_of({}, "77"), now).value().params,
                  R"([{"instIdCode":102,"ordId":"77"}])");
  CAF_CHECK(code_of(uut.cancel(key_of({}), now)) == ec::not_supported);
}

// -- answers ------------------------------------------------------------------

constexpr std::string_view placed_answer
  = R"({"id":"7","op":"order","data":[{"clOrdId":"desk1000000001",)"
    R"("ordId":"12345689","tag":"","ts":"1700000000200","sCode":"0",)"
    R"("sMsg":"","subCode":""}],"code":"0","msg":"",)"
    R"("inTime":"1700000000199000","outTime":"1700000000201000"})";

CAF_TEST(the answer to a new order tells the id of the venue) {
  auto order = limit_order(swap_name);
  order.side = order_side::sell;
  account_updates updates;
  CAF_CHECK(!uut.read_answer(placed(order), placed_answer, updates));
  CAF_REQUIRE_EQUAL(updates.size(), 1u);
  order_report expected{.order = {swap_name, some_id,
                                  venue_order_id::make("12345689").value()},
                        .side = order_side::sell,
                        .time = at(1'700'000'000'200ms)};
  CAF_CHECK(last<order_report>(updates) == expected);
}

CAF_TEST(an answer to a request by name tells the same) {
  okx_orders fresh;
  fresh.learn({.instrument = swap_name, .kind = instrument_kind::perpetual});
  auto call = fresh.place(limit_order(swap_name), some_id, now).value();
  account_updates updates;
  CAF_CHECK(!fresh.read_answer(call, placed_answer, updates));
  CAF_CHECK(last<order_report>(updates).order.instrument == swap_name);
}

CAF_TEST(answers to amendments and cancellations tell nothing) {
  // They say that the request was received.
  account_updates updates;
  amend_request change{.order = key_of("a1"), .price = number("1")};
  auto amendment = uut.amend(change, now).value();
  auto cancellation = uut.cancel(key_of("a1"), now).value();
  for (auto& call : {amendment, cancellation})
    CAF_CHECK(!uut.read_answer(call, placed_answer, updates));
  CAF_CHECK(updates.empty());
}

CAF_TEST(an answer that is refused or broken tells no order) {
  auto call = placed(limit_order(swap_name));
  account_updates updates;
  auto text = std::string{placed_answer};
  text.replace(text.find(R"("sCode":"0")"), 11, R"("sCode":"51008")");
  CAF_CHECK(!uut.read_answer(call, text, updates));
  CAF_CHECK(!uut.read_answer(call, R"({"data":[],"code":"0"})", updates));
  CAF_CHECK(code_of(uut.read_answer(call, R"({"code":"0"})", updates))
            == ec::invalid_data);
  CAF_CHECK(code_of(uut.read_answer(call, R"({"data":[{"ordId":5}]})", updates))
            == ec::invalid_data);
  CAF_CHECK(code_of(uut.read_answer(call, R"({"data":[{)", updates))
            == ec::invalid_json);
  CAF_CHECK(updates.empty());
}

CAF_TEST(only a plain absence is one) {
  for (auto code : {51603, 51063})
    CAF_CHECK(uut.is_absence({.code = code}));
  // 51400: "filled, canceled or does not exist", 51503: "filled or canceled".
  for (auto code : {51400, 51401, 51402, 51410, 51503, 51509, 51510, 51001,
                    50014, 50001, 51000, 0})
    CAF_CHECK(!uut.is_absence({.code = code}));
}

CAF_TEST(an order that is not open is over or never was) {
  for (auto code : {51400, 51503, 51603, 51063})
    CAF_CHECK(uut.is_over({.code = code}));
  // 51410: "already in canceling status or pending settlement".
  for (auto code : {51410, 51412, 51511, 51001, 50014, 50001, 51000, 0})
    CAF_CHECK(!uut.is_over({.code = code}));
}

// -- orders -------------------------------------------------------------------

CAF_TEST(a partial fill tells a fill and the order) {
  auto updates = updates_in(order_text());
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  order_key key{swap_name, id_of("desk1"),
                venue_order_id::make("452197707845865472").value()};
  fill expected_fill{.order = key,
                     .id = fill_id::make("242589207").value(),
                     .side = order_side::sell,
                     .price = number("61001"),
                     .amount = number("0.1"),
                     .fee = number("0.0125"),
                     .fee_currency = asset_name::make("USDT").value(),
                     .liquidity = fill_liquidity::maker,
                     .time = at(1'700'000'000'456ms)};
  CAF_CHECK(first<fill>(updates) == expected_fill);
  order_report expected{.order = key,
                        .side = order_side::sell,
                        .state = venue_order_state::open,
                        .amount = number("0.5"),
                        .price = number("61001.5"),
                        .filled = number("0.3"),
                        .average_price = number("61000.5"),
                        .time = at(1'700'000'000'457ms)};
  CAF_CHECK(last<order_report>(updates) == expected);
}

CAF_TEST(an order without a fill is told alone) {
  auto order = report_in(quiet_order(
    {{"state", R"("live")"}, {"accFillSz", R"("0")"}, {"avgPx", R"("0")"}}));
  CAF_CHECK(order.state == venue_order_state::open);
  CAF_CHECK(order.filled == number("0"));
  CAF_CHECK(!order.average_price);
  CAF_CHECK(order.reason.empty());
}

CAF_TEST(a market order may be filled without a fill in the message) {
  auto order = report_in(quiet_order({{"state", R"("filled")"},
                                      {"ordType", R"("market")"},
                                      {"px", R"("")"},
                                      {"accFillSz", R"("0.5")"}}));
  CAF_CHECK(order.state == venue_order_state::filled);
  CAF_CHECK(order.filled == number("0.5"));
  CAF_CHECK(!order.price);
}

CAF_TEST(a rebate is a negative fee and may be missing) {
  auto fee_of = [](const replacements& values) {
    return first<fill>(updates_in(order_text(values))).fee;
  };
  CAF_CHECK(fee_of({{"fillFee", R"("0.002")"}}) == number("-0.002"));
  CAF_CHECK(fee_of({{"fillFee", R"("0")"}}) == number("0"));
  // The fee of the order as a whole is none of the fill.
  for (auto none : {R"("")", "null", ""})
    CAF_CHECK(!fee_of({{"fillFee", none}}));
}

CAF_TEST(liquidity is only what the venue says) {
  auto liquidity_of = [](const char* value) {
    auto text = order_text({{"execType", value}});
    return first<fill>(updates_in(text)).liquidity;
  };
  CAF_CHECK(liquidity_of(R"("T")") == fill_liquidity::taker);
  CAF_CHECK(liquidity_of(R"("M")") == fill_liquidity::maker);
  for (auto other : {R"("")", "null", "", R"("X")"})
    CAF_CHECK(liquidity_of(other) == fill_liquidity::unknown);
}

CAF_TEST(a fill without a time has that of the order) {
  for (auto none : {R"("")", "null", ""}) {
    auto updates = updates_in(order_text({{"fillTime", none}}));
    CAF_CHECK(first<fill>(updates).time == at(1'700'000'000'457ms));
  }
}

CAF_TEST(a cancellation tells what was filled before and why) {
  auto report = report_in(
    quiet_order({{"state", R"("canceled")"}, {"cancelSource", R"("31")"}}));
  CAF_CHECK(report.state == venue_order_state::canceled);
  CAF_CHECK(report.filled == number("0.3"));
  CAF_CHECK_EQUAL(report.reason, "cancelSource 31");
  report = report_in(quiet_order({{"state", R"("canceled")"},
                                  {"cancelSource", R"("0")"},
                                  {"code", R"("51008")"},
                                  {"msg", R"("too little")"}}));
  CAF_CHECK_EQUAL(report.reason, "too little");
  report = report_in(quiet_order({{"state", R"("mmp_canceled")"}}));
  CAF_CHECK(report.state == venue_order_state::canceled);
  CAF_CHECK_EQUAL(report.reason, "mmp_canceled");
}

CAF_TEST(orders that must trade at once expire) {
  for (auto source : {R"("13")", R"("14")"}) {
    auto report = report_in(
      quiet_order({{"state", R"("canceled")"}, {"cancelSource", source}}));
    CAF_CHECK(report.state == venue_order_state::expired);
  }
}

CAF_TEST(an unknown state leaves an order open) {
  auto report = report_in(quiet_order({{"state", R"("paused")"}}));
  CAF_CHECK(report.state == venue_order_state::open);
  CAF_CHECK_EQUAL(report.reason, "unknown state paused");
}

CAF_TEST(an amount in the quote currency is not the amount of an order) {
  auto amount_of = [](const char* type, const char* side, const char* unit) {
    return report_in(quiet_order({{"instType", type},
                                  {"side", side},
                                  {"tgtCcy", unit},
                                  {"ordType", R"("market")"}}))
      .amount;
  };
  for (auto type : {R"("SPOT")", R"("MARGIN")"}) {
    CAF_CHECK(!amount_of(type, R"("buy")", R"("quote_ccy")"));
    CAF_CHECK(!amount_of(type, R"("sell")", R"("quote_ccy")"));
    CAF_CHECK(!amount_of(type, R"("buy")", R"("")"));
    CAF_CHECK(amount_of(type, R"("sell")", R"("")") == number("0.5"));
    CAF_CHECK(amount_of(type, R"("buy")", R"("base_ccy")") == number("0.5"));
  }
  CAF_CHECK(amount_of(R"("SWAP")", R"("buy")", R"("")") == number("0.5"));
}

CAF_TEST(a liquidation is a fill of an order without an id of ours) {
  auto updates = updates_in(order_text({{"clOrdId", R"("")"},
                                        {"category", R"("full_liquidation")"},
                                        {"state", R"("filled")"},
                                        {"tradeId", R"("-77")"}}));
  auto trade = first<fill>(updates);
  CAF_CHECK(trade.order.id.empty());
  CAF_CHECK_EQUAL(trade.id.view(), "-77");
  CAF_CHECK(last<order_report>(updates).state == venue_order_state::filled);
}

CAF_TEST(a message may be about several orders) {
  auto updates = updates_in(
    message("orders", std::string{order_data} + ','
                        + with(order_data, {{"tradeId", R"("")"},
                                            {"side", R"("buy")"},
                                            {"ordId", R"("2")"}})));
  CAF_REQUIRE_EQUAL(updates.size(), 3u);
  CAF_CHECK(last<order_report>(updates).side == order_side::buy);
  CAF_CHECK(updates_in(message("orders", "")).empty());
}

CAF_TEST(an order that lacks what is needed is an error) {
  auto check = [](const std::string& name, const char* value,
                  std::string_view member) {
    auto result = decode_orders(order_text({{name, value}}));
    if (code_of(result.problem) != ec::invalid_data
        || result.problem.detail.find(member) == std::string::npos)
      CAF_FAIL(to_string(result.problem) << " for " << name << ' ' << value);
  };
  for (auto name : {"instId", "ordId", "side", "state"})
    for (auto value : {"", "null", R"("")", "7", "{}", "[]"})
      check(name, value, name);
  check("side", R"("BUY")", "side");
  check("fillPx", R"("")", "fillPx");
  check("fillPx", "", "fillPx");
  for (auto name : {"accFillSz", "fillSz", "sz"})
    for (auto value : {R"("-1")", R"("x")", "{}", "1e999"})
      check(name, value, name);
  for (auto name : {"avgPx", "fillFee", "px"})
    check(name, R"("x")", name);
  for (auto name : {"uTime", "fillTime"})
    for (auto value : {R"("soon")", "{}", "-1"})
      check(name, value, name);
  auto long_name = '"' + std::string(48, '1') + '"';
  for (auto name : {"ordId", "tradeId"})
    check(name, long_name.c_str(), name);
}

CAF_TEST(members that are empty or missing are absent) {
  for (auto none : {R"("")", "null", ""}) {
    auto report = report_in(order_text({{"accFillSz", none},
                                        {"avgPx", none},
                                        {"clOrdId", none},
                                        {"px", none},
                                        {"sz", none},
                                        {"tradeId", none},
                                        {"uTime", none}}));
    CAF_CHECK(report.order.id.empty());
    CAF_CHECK(!report.amount && !report.price && !report.filled);
    CAF_CHECK(!report.average_price);
    CAF_CHECK(report.time == venue_time{});
  }
}

CAF_TEST(messages mean the same however they are spelled) {
  for (auto& text :
       {order_text(), position_text(), message("account", account_data),
        snapshot_of("positions", position_data)})
    check_news(text, decode_orders);
}

CAF_TEST(other messages tell nothing about the account) {
  for (auto channel : {"orders-algo", "fills", "trades", "books"})
    CAF_CHECK(updates_in(message(channel, order_data)).empty());
}

CAF_TEST(data that is no array of objects is an error) {
  for (auto channel : {"orders", "positions", "account"})
    for (auto data : {"1", "[]", R"("x")", "null"})
      CAF_CHECK(code_of(decode_orders(message(channel, data)).problem)
                == ec::invalid_data);
  CAF_CHECK(code_of(decode_orders(R"({"arg":{"channel":"orders"}})").problem)
            != ec::none);
}

// -- positions ----------------------------------------------------------------

CAF_TEST(a position has a sign and an average price) {
  auto told = last<position>(updates_in(position_text()));
  position expected{.instrument = swap_name,
                    .amount = number("-7"),
                    .average_price = number("50.5"),
                    .time = at(1'700'000'000'500ms)};
  CAF_CHECK(told == expected);
  told = last<position>(updates_in(position_text({{"pos", R"("0.25")"}})));
  CAF_CHECK_EQUAL(told.amount, number("0.25"));
}

CAF_TEST(a side makes the sign in long and short mode) {
  auto amount_of = [](const char* side, const char* amount) {
    auto text = position_text({{"posSide", side}, {"pos", amount}});
    return to_string(last<position>(updates_in(text)).amount);
  };
  CAF_CHECK_EQUAL(amount_of(R"("long")", R"("7")"), "7");
  CAF_CHECK_EQUAL(amount_of(R"("short")", R"("7")"), "-7");
  CAF_CHECK_EQUAL(amount_of(R"("short")", R"("-7")"), "-7");
}

CAF_TEST(parts of a position are summed up) {
  auto part = [](const char* id, const char* side, const char* amount) {
    return position_text({{"posId", id}, {"posSide", side}, {"pos", amount}});
  };
  apply(part(R"("1")", R"("long")", R"("5")"));
  auto told = last<position>(apply(part(R"("2")", R"("short")", R"("1.5")")));
  CAF_CHECK_EQUAL(told.amount, number("3.5"));
  CAF_CHECK(!told.average_price);
  told = last<position>(apply(part(R"("1")", R"("long")", R"("0")")));
  CAF_CHECK_EQUAL(told.amount, number("-1.5"));
  CAF_CHECK(told.average_price == number("50.5"));
  told = last<position>(apply(part(R"("2")", R"("short")", R"("0")")));
  CAF_CHECK(told.amount.is_zero());
  CAF_CHECK(!told.average_price);
}

CAF_TEST(two parts in one message are one position) {
  auto updates = apply(
    message("positions", std::string{position_data} + ','
                           + with(position_data,
                                  {{"posId", R"("32")"}, {"pos", R"("9")"}})));
  CAF_REQUIRE_EQUAL(updates.size(), 1u);
  CAF_CHECK_EQUAL(last<position>(updates).amount, number("2"));
}

CAF_TEST(a position that a snapshot lacks is closed) {
  auto other = with(position_data, {{"instId", R"("X-SWAP")"}});
  apply(position_text());
  apply(message("positions", other));
  // ABC-USD-261225-50-C was learned, and never had a position.
  std::map<std::string, std::string> expected{
    {"ABC-USDT-SWAP", "-7"}, {"ABC-USD-261225-50-C", "0"}, {"X-SWAP", "0"}};
  CAF_CHECK(positions(snapshot_of("positions", position_data)) == expected);
  // Nobody cares for the other one any more.
  expected = {{"ABC-USDT-SWAP", "0"}, {"ABC-USD-261225-50-C", "0"}};
  CAF_CHECK(positions(snapshot_of("positions", "")) == expected);
}

CAF_TEST(a snapshot counts when all of its pages have come) {
  auto other = with(position_data, {{"instId", R"("X-SWAP")"}});
  apply(position_text());
  CAF_CHECK(apply(snapshot_of("positions", other, 1, false)).empty());
  std::map<std::string, std::string> expected{
    {"ABC-USDT-SWAP", "-7"}, {"ABC-USD-261225-50-C", "0"}, {"X-SWAP", "-7"}};
  CAF_CHECK(positions(snapshot_of("positions", position_data, 2)) == expected);
  // Without the first or the second page, nothing is known to be closed.
  CAF_CHECK(apply(snapshot_of("positions", "", 2)).empty());
  CAF_CHECK(apply(snapshot_of("positions", "", 1, false)).empty());
  CAF_CHECK(apply(snapshot_of("positions", "", 3)).empty());
  CAF_CHECK(apply(message("positions", "")).empty());
  CAF_CHECK(positions(position_text())
            == (std::map<std::string, std::string>{{"ABC-USDT-SWAP", "-7"}}));
}

CAF_TEST(an update while a snapshot comes is kept) {
  apply(snapshot_of("positions", position_data, 1, false));
  apply(position_text({{"instId", R"("X-SWAP")"}}));
  auto told = positions(snapshot_of("positions", "", 2));
  CAF_CHECK_EQUAL(told["X-SWAP"], "-7");
}

CAF_TEST(positions of spot margin are left out) {
  auto text
    = position_text({{"instType", R"("MARGIN")"}, {"instId", R"("ABC-USDT")"}});
  CAF_CHECK(updates_in(text).empty());
}

CAF_TEST(a position that cannot be trusted is an error and changes nothing) {
  for (auto name : {"instId", "instType", "pos", "posId", "posSide"})
    CAF_CHECK(code_of(decode_orders(position_text({{name, ""}})).problem)
              == ec::invalid_data);
  for (auto& [name, value] :
       replacements{{"pos", R"("x")"}, {"posSide", R"("both")"}}) {
    auto result = read_news(uut, "okx", position_text({{name, value}}));
    CAF_CHECK(code_of(result.problem) == ec::invalid_data);
  }
  auto told = positions(snapshot_of("positions", ""));
  CAF_CHECK_EQUAL(told["ABC-USDT-SWAP"], "0");
}

// -- balances -----------------------------------------------------------------

CAF_TEST(a balance is the cash of a currency) {
  auto updates = updates_in(message("account", account_data));
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  balance expected{.currency = asset_name::make("USDT").value(),
                   .total = number("100.25"),
                   .available = number("90.5"),
                   .time = at(1'700'000'000'600ms)};
  CAF_CHECK(first<balance>(updates) == expected);
  expected = {.currency = asset_name::make("ABC").value(),
              .total = number("-0.5")};
  CAF_CHECK(last<balance>(updates) == expected);
}

CAF_TEST(a currency that a snapshot lacks is gone) {
  apply(message("account", account_data));
  auto rest = R"({"details":[{"cashBal":"1","ccy":"ABC"}]})";
  auto updates = apply(snapshot_of("account", rest));
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  balance expected{.currency = asset_name::make("USDT").value(),
                   .available = number("0")};
  CAF_CHECK(last<balance>(updates) == expected);
  CAF_CHECK_EQUAL(apply(snapshot_of("account", rest)).size(), 1u);
  CAF_CHECK_EQUAL(apply(message("account", account_data)).size(), 2u);
}

CAF_TEST(a balance without its currency or cash is an error) {
  for (auto row :
       {R"({"ccy":"ABC"})", R"({"cashBal":"1"})",
        R"({"ccy":"ABC","cashBal":""})", R"({"ccy":"ABC","cashBal":null})",
        R"({"ccy":"ABC","cashBal":"1","availBal":"x"})"}) {
    auto data = R"({"details":[)" + std::string{row} + "]}";
    CAF_CHECK(code_of(decode_orders(message("account", data)).problem)
              == ec::invalid_data);
  }
  CAF_CHECK(code_of(decode_orders(message("account", "{}")).problem)
            == ec::invalid_data);
}

// -- messages of the venue ----------------------------------------------------

CAF_TEST(recorded orders are read) {
  struct expectation {
    const char* file;
    order_side side;
    venue_order_state state;
    const char* filled;
  };
  using enum venue_order_state;
  for (auto& x :
       {expectation{"orders.json", order_side::buy, filled, "0.03"},
        {"orders_fok.json", order_side::buy, filled, "0.05"},
        {"orders_ioc.json", order_side::sell, open, "0.02"},
        {"orders_optimal_limit_ioc.json", order_side::buy, filled, "0.1"}}) {
    auto text = sample(std::string{"okx/"} + x.file);
    if (text.empty())
      continue;
    auto updates = updates_in(text);
    CAF_REQUIRE_EQUAL(updates.size(), 2u);
    auto trade = first<fill>(updates);
    auto report = last<order_report>(updates);
    CAF_CHECK(report.side == x.side && trade.side == x.side);
    CAF_CHECK(report.state == x.state);
    CAF_CHECK(report.filled == number(x.filled));
    CAF_CHECK_EQUAL(trade.amount, number(x.filled));
    CAF_CHECK(!trade.fee); // older messages tell that of the order only
    CAF_CHECK(trade.order == report.order && !trade.order.id.empty());
  }
}

CAF_TEST(recorded algo orders are no orders) {
  if (auto text = sample("okx/orders_algo.json"); !text.empty())
    CAF_CHECK(updates_in(text).empty());
}

CAF_TEST(recorded balances are read) {
  if (auto text = sample("okx/account.json"); !text.empty()) {
    auto updates = updates_in(text);
    CAF_REQUIRE_EQUAL(updates.size(), 3u);
    auto told = first<balance>(updates);
    CAF_CHECK_EQUAL(told.currency.view(), "USDT");
    CAF_CHECK_EQUAL(told.total, number("100.52768569797846"));
    CAF_CHECK(told.available == number("100.52768569797846"));
    CAF_CHECK(last<balance>(updates).currency == std::string_view{"ETH"});
  }
  if (auto text = sample("okx/account_empty.json"); !text.empty())
    CAF_CHECK(updates_in(text).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
