// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_desk

#include "zenws/actors/desk/order_desk.hpp"
#include "zenws/market/exact_sum.hpp"

#include "support/desk_inbox.hpp"
#include "support/key_pair.hpp"
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

constexpr auto api_path = "/ws-api/v3";

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

/// The accounts of the simulator: one key of each kind.
struct accounts {
  key_pair ed25519 = make_key_pair(key_kind::ed25519);
  key_pair rsa = make_key_pair(key_kind::rsa);

  sim::server_config config() const {
    return {.accounts = {{},
                         {.key = "ed", .public_key = ed25519.public_key},
                         {.key = "rsa", .public_key = rsa.public_key}}};
  }
};

struct fixture : venue_world {
  accounts keys;
  std::unique_ptr<sim::server> server = start_server(keys.config());
  temporary_folder folder;
  client_actor account = log_in({"ed", keys.ed25519.private_key}).first;
  client_actor streams = connect_streams();
  order_desk_options options = make_options();

  std::pair<client_actor, inbox_ptr> log_in(const credentials& own) {
    client_spec spec{.name = "account " + own.key,
                     .config = quick(server->url(api_path))};
    spec.config.venue.dialect = "binance";
    spec.config.venue.login = login_mode::required;
    spec.credentials = [own] { return result<credentials>{own}; };
    return connect_watched(std::move(spec));
  }

  client_actor connect_streams() {
    client_spec spec{.name = "streams",
                     .config = quick(server->url("/stream"))};
    spec.config.venue.dialect = "binance";
    spec.market_api = caf::actor_cast<caf::actor>(account);
    return connect_watched(std::move(spec)).first;
  }

  order_desk_options make_options() {
    order_desk_options result;
    result.account = account;
    result.market = streams;
    result.dialect = "binance";
    result.desk.ledger.owner = "desk";
    result.desk.instruments = {{btc, {.position = number("100000")}}};
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

  static order_request limit(order_side side, std::string_view price,
                             std::string_view amount = "10") {
    return {.instrument = instrument_name::make(btc).value(),
            .side = side,
            .amount = number(amount),
            .price = number(price)};
  }

  static order_request buy_at_once() {
    return {.instrument = instrument_name::make(btc).value(),
            .type = order_type::market,
            .amount = number("10")};
  }

  // Spot has no positions but those that our fills make.
  static decimal bought(const desk_inbox_ptr& in) {
    exact_sum sum;
    for (auto& x : in->fills())
      sum.add(x.amount);
    return sum.value().value();
  }

  std::vector<order> open_orders(const order_desk_actor& uut) {
    auto open = ask<order_list>(uut, get_orders{});
    CAF_REQUIRE(open);
    return open->orders;
  }

  void cancel(const order_desk_actor& uut, const desk_inbox_ptr& in,
              const client_order_id& id) {
    CAF_CHECK_EQUAL(tell(uut, cancel_order{id}), caf::none);
    CAF_CHECK(in->wait_for(id, order_event_kind::canceled));
  }

  size_t sent(const order_key& key) const {
    return server->count_orders(key.id.view());
  }

  /// Turns a knob of the simulator.
  void turn(const std::string& knob, const std::string& params) {
    CAF_REQUIRE(ask<rpc_result>(account, call{"sim/" + knob, params, 5s}));
  }

  void fill(const order_key& key, const std::string& amount) {
    turn("fill_order", R"({"label":")" + std::string{key.id.view()}
                         + R"(","amount":)" + amount + '}');
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_desk_tests, fixture)

// -- logins -------------------------------------------------------------------

CAF_TEST(a desk trades with each kind of key) {
  for (auto& own : {credentials{"ed", keys.ed25519.private_key},
                    credentials{"rsa", keys.rsa.private_key},
                    credentials{"demo", "demo-secret"}}) {
    CAF_MESSAGE(own.key);
    options.account = log_in(own).first;
    options.desk.ledger.owner = own.key;
    options.journal_path = folder.file(own.key + ".db");
    auto [uut, in] = start_desk();
    CAF_REQUIRE(in->wait_for_state(desk_state::trading));
    auto key = place_resting(uut, in);
    auto open = open_orders(uut);
    CAF_REQUIRE_EQUAL(open.size(), 1u);
    CAF_CHECK(open[0].state == order_state::open);
    cancel(uut, in, key.id);
    CAF_CHECK_EQUAL(sent(key), 1u);
    self->send_exit(uut, caf::exit_reason::kill);
  }
}

CAF_TEST(a key that the venue does not know fails for good) {
  auto [client, events] = log_in({"nobody", "secret"});
  auto end = events->wait_for_kind(event_kind::ended);
  CAF_REQUIRE(end);
  CAF_CHECK_EQUAL(end->reason.code, ec::login_failed);
}

CAF_TEST(secrets show neither in events nor in logs) {
  const std::string secret = "a-secret-of-the-demo";
  auto [client, events] = log_in({"demo", secret}); // a wrong one
  CAF_REQUIRE(events->wait_for_kind(event_kind::ended));
  for (auto& x : events->events())
    CAF_CHECK(describe(x).find(secret) == std::string::npos);
  for (auto& x : entries->entries())
    CAF_CHECK(x.text.find(secret) == std::string::npos);
}

// -- trading ------------------------------------------------------------------

CAF_TEST(fills come once) {
  auto [uut, in] = start_desk();
  auto key = place(uut, buy_at_once());
  auto filled = in->wait_for(key.id, order_event_kind::filled);
  CAF_REQUIRE(filled);
  CAF_CHECK(filled->content.filled == number("10"));
  // The answer and the event have both told of it.
  auto next = place_resting(uut, in);
  cancel(uut, in, next.id);
  auto fills = in->fills();
  CAF_REQUIRE_EQUAL(fills.size(), 1u);
  CAF_CHECK(fills[0].fee == number("0.01"));
  CAF_CHECK_EQUAL(fills[0].fee_currency.view(), "BTC");
  CAF_CHECK(fills[0].liquidity == fill_liquidity::taker);
}

CAF_TEST(an order is filled in parts) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, "1", "40"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  fill(key, "10");
  CAF_CHECK(in->wait_for(key.id, order_event_kind::partially_filled));
  fill(key, "30");
  CAF_CHECK(in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(eventually([&, &in = in] { return in->fills().size() == 2; }));
  CAF_CHECK(bought(in) == number("40"));
  CAF_CHECK(in->fills()[0].liquidity == fill_liquidity::maker);
}

CAF_TEST(fills that come late and twice count once) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, "1", "40"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  turn("tell_fills", R"({"mode":"held"})");
  fill(key, "10");
  turn("tell_fills", R"({"mode":"twice"})");
  fill(key, "30");
  CAF_CHECK(in->wait_for(key.id, order_event_kind::filled));
  turn("tell_fills", R"({"mode":"once"})");
  auto next = place_resting(uut, in);
  cancel(uut, in, next.id);
  CAF_CHECK(bought(in) == number("40"));
  std::set<fill_id> ids;
  for (auto& x : in->fills())
    CAF_CHECK(ids.insert(x.id).second);
  CAF_CHECK_EQUAL(ids.size(), 2u);
}

CAF_TEST(an amount is made smaller) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, "1", "40"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(
    tell(uut, amend_order{{.order = key, .amount = number("20")}}), caf::none);
  auto amended = in->wait_for(key.id, order_event_kind::amended);
  CAF_REQUIRE(amended);
  CAF_CHECK(amended->content.terms.amount == number("20"));
  cancel(uut, in, key.id);
}

CAF_TEST(what the venue does not take has its words) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  auto order = limit(order_side::buy, "90000");
  order.post_only = true;
  auto key = place(uut, order);
  auto rejected = in->wait_for(key.id, order_event_kind::rejected);
  CAF_REQUIRE(rejected);
  CAF_CHECK(!rejected->content.reason.empty());
  auto at_once = limit(order_side::buy, "1");
  at_once.validity = time_in_force::immediate_or_cancel;
  key = place(uut, at_once);
  auto expired = in->wait_for(key.id, order_event_kind::expired);
  CAF_REQUIRE(expired);
  CAF_CHECK_EQUAL(expired->content.reason, "UNFILLED_IOC_QUANTITY_EXPIRED");
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

CAF_TEST(fills make the position that the gate counts with) {
  options.desk.instruments.at(btc).position = number("30");
  auto [uut, in] = start_desk();
  auto key = place(uut, buy_at_once());
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::filled));
  place(uut, limit(order_side::buy, "1", "20"));
  auto more = ask<order_key>(uut, place_order{limit(order_side::buy, "1")});
  CAF_REQUIRE(!more);
  CAF_CHECK_EQUAL(caf_compat::code_of(more.error()), ec::risk_refused);
  CAF_CHECK(
    ask<order_key>(uut, place_order{limit(order_side::sell, "90000", "20")}));
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

CAF_TEST(an order whose answer is lost is told by its event) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_answer_nothing{.method = "order.place",
                                          .executes = sim::execution::done},
                api_path);
  auto key = place_resting(uut, in);
  CAF_CHECK_EQUAL(sent(key), 1u);
  cancel(uut, in, key.id);
}

CAF_TEST(an order is there whatever an error of the server says) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_fail_calls{.method = "order.place",
                                      .code = "-1007",
                                      .status = 408,
                                      .executes = sim::execution::done},
                api_path);
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(eventually([&, &uut = uut] {
    auto open = open_orders(uut);
    return std::ranges::any_of(open, [&](auto& x) {
      return x.key.id == key.id && x.state == order_state::open;
    });
  }));
  CAF_CHECK_EQUAL(sent(key), 1u);
  cancel(uut, in, key.id);
}

CAF_TEST(an order that never arrived is known for it) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_answer_nothing{.method = "order.place",
                                          .executes = sim::execution::left},
                api_path);
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::unknown));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::rejected));
  CAF_CHECK_EQUAL(sent(key), 0u);
  place_resting(uut, in);
}

CAF_TEST(an order that nothing was told of is asked for) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_silence{}, api_path);
  server->apply(sim::fault_answer_nothing{.method = "order.place",
                                          .executes = sim::execution::done},
                api_path);
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::unknown));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::resolved));
  CAF_CHECK_EQUAL(sent(key), 1u);
}

// -- outages ------------------------------------------------------------------

CAF_TEST(the next desk knows the orders of the one that was killed) {
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
  auto open = open_orders(uut);
  CAF_REQUIRE_EQUAL(open.size(), 1u);
  CAF_CHECK(open[0].key.id == id);
  auto next = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(next.id != id);
  CAF_CHECK_EQUAL(tell(uut, cancel_orders{}), caf::none);
  CAF_CHECK(in->wait_for(id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(next.id, order_event_kind::canceled));
}

CAF_TEST(orders outlive an outage of the connection) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  server->apply(sim::fault_drop{}, api_path);
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  cancel(uut, in, key.id);
}

CAF_TEST(fills that were missed are asked for) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  server->apply(sim::fault_silence{}, api_path);
  fill(key, "10");
  server->apply(sim::fault_drop{}, api_path);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(eventually([&, &in = in] { return in->fills().size() == 1; }));
}

CAF_TEST(a subscription that the venue ends is replaced) {
  for (auto& own : {credentials{"ed", keys.ed25519.private_key},
                    credentials{"demo", "demo-secret"}}) {
    CAF_MESSAGE(own.key);
    auto [client, events] = log_in(own);
    options.account = client;
    options.desk.ledger.owner = own.key;
    options.journal_path = folder.file(own.key + ".db");
    auto [uut, in] = start_desk();
    auto key = place_resting(uut, in);
    server->apply(sim::fault_expire_listen_key{}, api_path);
    CAF_REQUIRE(events->wait_for_kind(event_kind::connection_replaced));
    CAF_REQUIRE(in->wait_for_state(desk_state::trading));
    fill(key, "10");
    CAF_CHECK(in->wait_for(key.id, order_event_kind::filled));
    self->send_exit(uut, caf::exit_reason::kill);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
