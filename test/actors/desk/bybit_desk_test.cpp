// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bybit_desk

#include "zenws/actors/desk/order_desk.hpp"

#include "support/desk_inbox.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

const std::string btc = "BTCUSDT";

constexpr auto trade_path = "/v5/trade";
constexpr auto private_path = "/v5/private";

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

/// Those of the simulated instrument, which the venue tells over REST.
instrument_state btc_terms() {
  return {.instrument = instrument_name::make(btc).value(),
          .state = trading_state::open,
          .kind = instrument_kind::perpetual,
          .unit = amount_unit::base,
          .settlement = asset_name::make("USDT").value(),
          .tick = number("0.5"),
          .lot = number("10")};
}

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server();
  temporary_folder folder;
  client_actor trade = connect("trade", trade_path, login_mode::required);
  client_actor news = connect("private", private_path, login_mode::required);
  client_actor market = connect("public", "/v5/public/linear",
                                login_mode::none);
  order_desk_options options = make_options();

  client_actor connect(const std::string& name, const std::string& path,
                       login_mode login) {
    client_spec spec{.name = name, .config = quick(server->url(path))};
    spec.config.venue.dialect = "bybit";
    spec.config.venue.login = login;
    if (login != login_mode::none)
      spec.credentials = demo_account;
    return connect_watched(std::move(spec)).first;
  }

  order_desk_options make_options() {
    order_desk_options result;
    result.account = trade;
    result.channels = news;
    result.market = market;
    result.dialect = "bybit";
    result.desk.ledger.owner = "desk";
    result.desk.instruments = {{btc, {.position = number("100000")}}};
    result.desk.terms = {btc_terms()};
    result.desk.lifetime = 1s;
    result.desk.margin = 500ms;
    result.journal_path = folder.file("orders.db");
    return result;
  }

  std::pair<order_desk_actor, desk_inbox_ptr> start_desk() {
    auto uut = start_order_desk(sys, options);
    if (!uut)
      CAF_FAIL(caf_compat::to_text(uut.error()));
    auto in = std::make_shared<desk_inbox>();
    CAF_REQUIRE_EQUAL(tell(*uut, watch_desk{sys.spawn<desk_collector>(in)}),
                      caf::none);
    return {*uut, in};
  }

  /// Places an order once the desk trades and has a book.
  order_key place(const order_desk_actor& uut, const order_request& order) {
    std::optional<order_key> result;
    CAF_REQUIRE(eventually([&] {
      auto key = ask<order_key>(uut, place_order{order});
      if (key)
        result = *key;
      return result.has_value();
    }));
    return *result;
  }

  /// Same for one that rests.
  order_key place_resting(const order_desk_actor& uut,
                          const desk_inbox_ptr& in) {
    auto key = place(uut, limit(order_side::buy, "1"));
    CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
    return key;
  }

  order_request limit(order_side side, std::string_view price,
                      std::string_view amount = "10") {
    return {.instrument = instrument_name::make(btc).value(),
            .side = side,
            .amount = number(amount),
            .price = number(price)};
  }

  order_request buy_at_once() {
    return {.instrument = instrument_name::make(btc).value(),
            .type = order_type::market,
            .amount = number("10")};
  }

  bool holds(const order_desk_actor& uut, std::string_view amount) {
    return eventually([&] {
      auto held = ask<position_list>(uut, get_positions{});
      return held && held->positions.size() == 1
             && held->positions[0].amount == number(amount);
    });
  }

  size_t sent(const order_key& key) const {
    return server->count_orders(key.id.view());
  }

  /// Turns a knob of the simulator.
  void turn(const std::string& knob, const std::string& params) {
    if (!knobs_) {
      client_spec spec{.name = "knobs", .config = quick(server->url())};
      spec.config.venue.dialect = "deribit";
      auto [client, in] = connect_watched(std::move(spec));
      CAF_REQUIRE(in->wait_for_state(client_state::ready));
      knobs_ = client;
    }
    CAF_REQUIRE(ask<rpc_result>(knobs_, call{"sim/" + knob, params, 5s}));
  }

  void fill(const order_key& key, const std::string& amount) {
    turn("fill_order", R"({"label":")" + std::string{key.id.view()}
                         + R"(","amount":)" + amount + '}');
  }

private:
  client_actor knobs_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(bybit_desk_tests, fixture)

// -- trading ------------------------------------------------------------------

CAF_TEST(a desk takes orders by one connection and hears of them by another) {
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto key = place_resting(uut, in);
  auto open = ask<order_list>(uut, get_orders{btc});
  CAF_REQUIRE(open);
  CAF_REQUIRE_EQUAL(open->orders.size(), 1u);
  CAF_CHECK(open->orders[0].state == order_state::open);
  CAF_CHECK_EQUAL(tell(uut, amend_order{{.order = key, .price = number("2")}}),
                  caf::none);
  auto amended = in->wait_for(key.id, order_event_kind::amended);
  CAF_REQUIRE(amended);
  CAF_CHECK(amended->content.terms.price == number("2"));
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  CAF_CHECK_EQUAL(sent(key), 1u);
}

CAF_TEST(fills come once and make the position) {
  auto [uut, in] = start_desk();
  auto key = place(uut, buy_at_once());
  auto filled = in->wait_for(key.id, order_event_kind::filled);
  CAF_REQUIRE(filled);
  CAF_CHECK(filled->content.filled == number("10"));
  CAF_CHECK(holds(uut, "10"));
  CAF_CHECK(eventually([&, &in = in] { return in->fills().size() == 1; }));
  auto fills = in->fills();
  CAF_CHECK(fills.at(0).fee.has_value());
  CAF_CHECK(fills.at(0).liquidity == fill_liquidity::taker);
}

CAF_TEST(fills that come late and twice count once) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, "1", "40"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  turn("tell_fills", R"({"mode":"twice"})");
  fill(key, "10");
  CAF_CHECK(in->wait_for(key.id, order_event_kind::partially_filled));
  turn("tell_fills", R"({"mode":"held"})");
  fill(key, "30");
  CAF_CHECK(in->wait_for(key.id, order_event_kind::filled));
  turn("tell_fills", R"({"mode":"once"})");
  CAF_CHECK(eventually([&, &in = in] { return in->fills().size() == 2; }));
  CAF_CHECK(holds(uut, "40"));
  std::set<fill_id> ids;
  for (auto& x : in->fills())
    CAF_CHECK(ids.insert(x.id).second);
}

CAF_TEST(an order that must not take is rejected after it was accepted) {
  auto [uut, in] = start_desk();
  auto order = limit(order_side::buy, "90000");
  order.post_only = true;
  auto key = place(uut, order);
  auto rejected = in->wait_for(key.id, order_event_kind::rejected);
  CAF_REQUIRE(rejected);
  CAF_CHECK(rejected->content.reason == "EC_PostOnlyWillTakeLiquidity");
}

// -- risk ---------------------------------------------------------------------

CAF_TEST(what the gate refuses is told and not sent) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  for (auto [price, amount] :
       {std::pair{"1", "200000"}, {"1", "7"}, {"1.3", "10"}}) {
    auto order = limit(order_side::buy, price, amount);
    auto refused = ask<order_key>(uut, place_order{order});
    CAF_REQUIRE(!refused);
    CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
  }
}

CAF_TEST(nothing is traded whose terms nobody has told) {
  options.desk.terms.clear();
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto refused = ask<order_key>(uut, place_order{limit(order_side::buy, "1")});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::invalid_config);
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  auto [uut, in] = start_desk();
  auto first = place_resting(uut, in);
  auto second = place_resting(uut, in);
  CAF_CHECK_EQUAL(tell(uut, halt_trading{"by hand"}), caf::none);
  CAF_CHECK(in->wait_for(first.id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(second.id, order_event_kind::canceled));
  auto refused = ask<order_key>(uut, place_order{limit(order_side::buy, "1")});
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::to_text(refused.error()).find("by hand")
            != std::string::npos);
  CAF_CHECK_EQUAL(tell(uut, resume_trading{}), caf::none);
  place_resting(uut, in);
}

// -- answers ------------------------------------------------------------------

CAF_TEST(an order whose answer is lost is told by its channel) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_answer_nothing{.method = "order.create",
                                          .executes = sim::execution::done,
                                          .times = 1},
                trade_path);
  auto key = place_resting(uut, in);
  CAF_CHECK_EQUAL(sent(key), 1u);
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(an order that never arrived is known for it) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_answer_nothing{.method = "order.create",
                                          .executes = sim::execution::left,
                                          .times = 1},
                trade_path);
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::unknown));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::rejected));
  CAF_CHECK_EQUAL(sent(key), 0u);
  place_resting(uut, in);
}

CAF_TEST(an order is there whatever an error of the server says) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_fail_calls{.method = "order.create",
                                      .code = "10016",
                                      .message = "Server error",
                                      .executes = sim::execution::done,
                                      .times = 1},
                trade_path);
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(eventually([&, &uut = uut] {
    auto open = ask<order_list>(uut, get_orders{});
    return open && std::ranges::any_of(open->orders, [&](auto& x) {
             return x.key.id == key.id && x.state == order_state::open;
           });
  }));
  CAF_CHECK_EQUAL(sent(key), 1u);
}

// -- outages ------------------------------------------------------------------

CAF_TEST(orders outlive an outage of the connection that takes them) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  server->apply(sim::fault_drop{}, trade_path);
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto next = place_resting(uut, in); // by requests with other ids
  for (auto id : {key.id, next.id}) {
    CAF_CHECK_EQUAL(tell(uut, cancel_order{id}), caf::none);
    CAF_CHECK(in->wait_for(id, order_event_kind::canceled));
  }
}

CAF_TEST(an order that is cut off is found out about) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_answer_nothing{.method = "order.create",
                                          .executes = sim::execution::left,
                                          .times = 1},
                trade_path);
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_REQUIRE(server->wait_for(
    [&](const sim::received_message& x) {
      return x.text.find(key.id.view()) != std::string::npos;
    },
    patience));
  server->apply(sim::fault_drop{}, trade_path);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::unknown));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::rejected));
  place_resting(uut, in);
}

CAF_TEST(orders are looked up after an outage of what tells of them) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, "1", "40"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  // What happens meanwhile is never told by itself.
  server->apply(sim::fault_silence{.channel = ""}, private_path);
  fill(key, "10");
  server->apply(sim::fault_drop{}, private_path);
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  // By a cancellation, whose report has all that was filled.
  auto canceled = in->wait_for(key.id, order_event_kind::canceled);
  CAF_REQUIRE(canceled);
  CAF_CHECK(canceled->content.filled == number("10"));
  CAF_CHECK(holds(uut, "10"));
  place_resting(uut, in);
}

CAF_TEST(the next desk finds out about the orders of the one that was killed) {
  client_order_id id;
  {
    auto [uut, in] = start_desk();
    id = place_resting(uut, in).id;
    self->send_exit(uut, caf::exit_reason::kill);
    CAF_REQUIRE(
      eventually([&, &uut = uut] { return caf_compat::has_ended(uut); }));
  }
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  // The venue is asked by a cancellation.
  CAF_CHECK(in->wait_for(id, order_event_kind::canceled));
  auto next = place_resting(uut, in);
  CAF_CHECK(next.id != id);
  CAF_CHECK_EQUAL(tell(uut, cancel_orders{}), caf::none);
  CAF_CHECK(in->wait_for(next.id, order_event_kind::canceled));
}

CAF_TEST_FIXTURE_SCOPE_END()
