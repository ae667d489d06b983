// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit_desk

#include "support/desk_conformance.hpp"

#include <algorithm>
#include <chrono>
#include <string>

using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

/// Path of the connection that tells of orders.
constexpr auto news_path = "/v5/private";

/// Those of the simulated instrument, which the venue tells over REST.
market::instrument_state terms_of(const std::string& instrument) {
  return {.instrument = market::instrument_name::make(instrument).value(),
          .state = market::trading_state::open,
          .kind = market::instrument_kind::perpetual,
          .unit = market::amount_unit::base,
          .settlement = market::asset_name::make("USDT").value(),
          .tick = number("0.5"),
          .lot = number("10")};
}

struct fixture : desk_world {
  fixture() {
    instrument = "BTCUSDT";
    place_method = "order.create";
    private_path = "/v5/trade";
    options.account = connect("trade", private_path, login_mode::required);
    options.channels = connect("private", news_path, login_mode::required);
    options.market = connect("public", "/v5/public/linear", login_mode::none);
    options.desk.terms = {terms_of(instrument)};
    options.desk.lifetime = 1s;
    options.desk.margin = 500ms;
    trade("bybit");
  }

  client_actor connect(const std::string& name, const std::string& path,
                       login_mode login) {
    client_spec spec{.name = name, .config = quick(server->url(path))};
    spec.config.venue.dialect = "bybit";
    spec.config.venue.login = login;
    if (login != login_mode::none)
      spec.credentials = demo_account;
    return connect_watched(std::move(spec)).first;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(bybit_desk_tests, fixture)

// -- trading ------------------------------------------------------------------

CAF_TEST(a desk takes orders by one connection and hears of them by another) {
  desk_conformance::trades_once_it_knows(*this);
}

CAF_TEST(fills come once) {
  desk_conformance::tells_fills_once(*this);
}

CAF_TEST(fills make the position) {
  desk_conformance::has_the_position(*this);
}

CAF_TEST(an order is filled in parts) {
  desk_conformance::tells_parts(*this);
}

CAF_TEST(an order is made smaller) {
  desk_conformance::makes_an_order_smaller(*this);
}

CAF_TEST(fills that are told twice come once) {
  desk_conformance::tells_doubled_fills_once(*this);
}

CAF_TEST(fills that are told late come all the same) {
  desk_conformance::tells_late_fills(*this);
}

CAF_TEST(the price of an order is amended) {
  auto desk = start_desk();
  auto key = rest(desk);
  CAF_CHECK_EQUAL(tell(desk.uut,
                       amend_order{{.order = key, .price = number("2")}}),
                  caf::none);
  auto amended = desk.in->wait_for(key.id, order_event_kind::amended);
  CAF_REQUIRE(amended);
  CAF_CHECK(amended->content.terms.price == number("2"));
}

CAF_TEST(what comes late and twice makes the position once) {
  auto desk = start_desk();
  auto order = resting();
  order.amount = number("40");
  auto key = rest(desk, order);
  turn("tell_fills", R"({"mode":"twice"})");
  fill(key, "10");
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::partially_filled));
  turn("tell_fills", R"({"mode":"held"})");
  fill(key, "30");
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::filled));
  turn("tell_fills", R"({"mode":"once"})");
  CAF_CHECK(eventually([&] { return desk.in->fills().size() == 2; }));
  CAF_CHECK(waits_for_position(desk.uut, "40"));
}

CAF_TEST(an order that must not take is rejected after it was accepted) {
  auto desk = start_desk();
  auto order = resting();
  order.price = number("90000");
  order.post_only = true;
  auto key = place(desk.uut, order);
  auto rejected = desk.in->wait_for(key.id, order_event_kind::rejected);
  CAF_REQUIRE(rejected);
  CAF_CHECK_EQUAL(rejected->content.reason, "EC_PostOnlyWillTakeLiquidity");
}

// -- risk ---------------------------------------------------------------------

CAF_TEST(what the gate refuses is told and not sent) {
  desk_conformance::refuses_what_exceeds_a_limit(*this);
}

CAF_TEST(amounts and prices off a step are refused) {
  desk_conformance::refuses_what_is_off_a_step(*this);
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  desk_conformance::stops_by_its_kill_switch(*this);
}

CAF_TEST(nothing is traded whose terms nobody has told) {
  options.desk.terms.clear();
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto refused = ask<order_key>(uut, place_order{resting()});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::invalid_config);
}

// -- answers ------------------------------------------------------------------

CAF_TEST(an order whose answer is lost is told by its channel) {
  desk_conformance::sends_no_order_twice(*this);
}

CAF_TEST(an order that was lost on its way is known not to have arrived) {
  desk_conformance::finds_out_that_an_order_never_arrived(*this);
}

CAF_TEST(an order is there whatever an error of the server says) {
  auto desk = start_desk();
  rest(desk);
  server->apply(sim::fault_fail_calls{.method = place_method,
                                      .code = "10016",
                                      .message = "Server error",
                                      .executes = sim::execution::done},
                private_path);
  auto key = place(desk.uut, resting());
  CAF_CHECK(eventually([&] {
    return std::ranges::any_of(open_orders(desk.uut), [&](auto& x) {
      return x.key.id == key.id && x.state == order_state::open;
    });
  }));
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 1u);
}

// -- outages ------------------------------------------------------------------

CAF_TEST(orders outlive an outage of the connection that takes them) {
  desk_conformance::keeps_orders_over_an_outage(*this);
}

CAF_TEST(requests after an outage have other ids) {
  auto desk = start_desk();
  rest(desk);
  server->apply(sim::fault_drop{}, private_path);
  CAF_REQUIRE(desk.in->wait_for_state(desk_state::disconnected));
  CAF_REQUIRE(desk.in->wait_for_state(desk_state::trading));
  auto next = rest(desk);
  cancel(desk, next.id);
}

CAF_TEST(an order that is cut off is found out about) {
  auto desk = start_desk();
  rest(desk);
  server->apply(sim::fault_answer_nothing{.method = place_method,
                                          .executes = sim::execution::left},
                private_path);
  auto key = place(desk.uut, resting());
  CAF_REQUIRE(server->wait_for(
    [&](auto& x) { return x.text.find(key.id.view()) != std::string::npos; },
    patience));
  server->apply(sim::fault_drop{}, private_path);
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::unknown));
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::rejected));
  rest(desk);
}

CAF_TEST(orders are looked up after an outage of what tells of them) {
  auto desk = start_desk();
  auto order = resting();
  order.amount = number("40");
  auto key = rest(desk, order);
  // What happens meanwhile is never told by itself.
  server->apply(sim::fault_silence{.channel = ""}, news_path);
  fill(key, "10");
  server->apply(sim::fault_drop{}, news_path);
  CAF_REQUIRE(desk.in->wait_for_state(desk_state::disconnected));
  CAF_REQUIRE(desk.in->wait_for_state(desk_state::trading));
  // By a cancellation, whose report has all that was filled.
  auto canceled = desk.in->wait_for(key.id, order_event_kind::canceled);
  CAF_REQUIRE(canceled);
  CAF_CHECK(canceled->content.filled == number("10"));
  CAF_CHECK(waits_for_position(desk.uut, "10"));
  rest(desk);
}

CAF_TEST(the next desk finds out about the orders of the one that was killed) {
  client_order_id id;
  {
    auto desk = start_desk();
    id = rest(desk).id;
    kill(desk.uut);
  }
  auto desk = start_desk();
  CAF_REQUIRE(desk.in->wait_for_state(desk_state::trading));
  // The venue is asked by a cancellation.
  CAF_CHECK(desk.in->wait_for(id, order_event_kind::canceled));
  auto next = rest(desk);
  CAF_CHECK(next.id != id);
  CAF_CHECK_EQUAL(tell(desk.uut, cancel_orders{}), caf::none);
  CAF_CHECK(desk.in->wait_for(next.id, order_event_kind::canceled));
}

CAF_TEST_FIXTURE_SCOPE_END()
