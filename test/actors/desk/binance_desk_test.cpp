// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_desk

#include "support/desk_conformance.hpp"
#include "support/key_pair.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

// Takes long to make.
const key_pair& rsa_key() {
  static const auto result = make_key_pair(key_kind::rsa);
  return result;
}

struct fixture : desk_world {
  // One key of each kind.
  key_pair ed25519 = make_key_pair(key_kind::ed25519);
  const key_pair& rsa = rsa_key();

  fixture() {
    server = start_server(
      {.accounts = {{},
                    {.key = "ed", .public_key = ed25519.public_key},
                    {.key = "rsa", .public_key = rsa.public_key}}});
    instrument = "BTCUSDT";
    place_method = "order.place";
    private_path = "/ws-api/v3";
    options.account = log_in({"ed", ed25519.private_key}).first;
    options.market = connect_streams();
    options.desk.lifetime = 1s;
    options.desk.margin = 500ms;
    trade("binance");
  }

  std::pair<client_actor, inbox_ptr> log_in(const credentials& own) {
    client_spec spec{.name = "account " + own.key,
                     .config = quick(server->url(private_path))};
    spec.config.venue.dialect = "binance";
    spec.config.venue.login = login_mode::required;
    spec.credentials = [own] { return result<credentials>{own}; };
    return connect_watched(std::move(spec));
  }

  client_actor connect_streams() {
    client_spec spec{.name = "streams",
                     .config = quick(server->url("/stream"))};
    spec.config.venue.dialect = "binance";
    spec.market_api = caf::actor_cast<caf::actor>(options.account);
    return connect_watched(std::move(spec)).first;
  }

  /// Lets the next desk trade for another account.
  void use_account(const std::string& owner, client_actor account) {
    options.account = std::move(account);
    options.desk.ledger.owner = owner;
    options.journal_path = folder.file(owner + ".db");
  }

  /// An order that is filled in parts.
  order_request large() const {
    auto result = resting();
    result.amount = number("40");
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_desk_tests, fixture)

// -- logins -------------------------------------------------------------------

CAF_TEST(a desk trades with each kind of key) {
  for (auto& own : {credentials{"ed", ed25519.private_key},
                    credentials{"rsa", rsa.private_key},
                    credentials{"demo", "demo-secret"}}) {
    CAF_MESSAGE(own.key);
    use_account(own.key, log_in(own).first);
    desk_conformance::trades_once_it_knows(*this);
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
  desk_conformance::tells_fills_once(*this);
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

CAF_TEST(a fill of the answer and of the event comes once) {
  auto desk = start_desk();
  auto key = place(desk.uut, at_market());
  CAF_REQUIRE(desk.in->wait_for(key.id, order_event_kind::filled));
  // The answer and the event have both told of it.
  cancel(desk, rest(desk).id);
  auto fills = desk.in->fills();
  CAF_REQUIRE_EQUAL(fills.size(), 1u);
  CAF_CHECK(fills[0].fee == number("0.01"));
  CAF_CHECK_EQUAL(fills[0].fee_currency.view(), "BTC");
}

CAF_TEST(who waits in the book makes) {
  auto desk = start_desk();
  fill(rest(desk));
  CAF_REQUIRE(desk.in->wait_for_fills(1));
  CAF_CHECK(desk.in->fills()[0].liquidity == fill_liquidity::maker);
}

// The report of a fill is that of its order, so both are late.
CAF_TEST(fills that come late and twice count once) {
  auto desk = start_desk();
  auto key = rest(desk, large());
  turn("tell_fills", R"({"mode":"held"})");
  fill(key, "10");
  turn("tell_fills", R"({"mode":"twice"})");
  fill(key, "30");
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::filled));
  turn("tell_fills", R"({"mode":"once"})");
  cancel(desk, rest(desk).id);
  std::set<market::decimal> amounts;
  for (auto& x : desk.in->fills())
    CAF_CHECK(amounts.insert(x.amount).second);
  CAF_CHECK(amounts == (std::set{number("10"), number("30")}));
}

CAF_TEST(what the venue does not take has its words) {
  auto desk = start_desk();
  rest(desk);
  auto order = resting();
  order.price = number("90000");
  order.post_only = true;
  auto key = place(desk.uut, order);
  auto rejected = desk.in->wait_for(key.id, order_event_kind::rejected);
  CAF_REQUIRE(rejected);
  CAF_CHECK(!rejected->content.reason.empty());
  auto at_once = resting();
  at_once.validity = time_in_force::immediate_or_cancel;
  key = place(desk.uut, at_once);
  auto expired = desk.in->wait_for(key.id, order_event_kind::expired);
  CAF_REQUIRE(expired);
  CAF_CHECK_EQUAL(expired->content.reason, "UNFILLED_IOC_QUANTITY_EXPIRED");
}

// -- risk ---------------------------------------------------------------------

CAF_TEST(what the gate refuses is told and not sent) {
  desk_conformance::refuses_what_exceeds_a_limit(*this);
}

CAF_TEST(amounts and prices off a step are refused) {
  desk_conformance::refuses_what_is_off_a_step(*this);
}

// Spot has no positions but those that our fills make.
CAF_TEST(fills make the position that the gate counts with) {
  options.desk.instruments.at(instrument).position = number("30");
  auto [uut, in] = start_desk();
  auto key = place(uut, at_market());
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::filled));
  auto order = resting();
  order.amount = number("20");
  place(uut, order);
  auto more = ask<order_key>(uut, place_order{resting()});
  CAF_REQUIRE(!more);
  CAF_CHECK_EQUAL(caf_compat::code_of(more.error()), ec::risk_refused);
  order.side = order_side::sell;
  order.price = number("90000");
  CAF_CHECK(ask<order_key>(uut, place_order{order}));
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  desk_conformance::stops_by_its_kill_switch(*this);
}

// -- answers ------------------------------------------------------------------

CAF_TEST(an order whose answer is lost is told by its event) {
  desk_conformance::sends_no_order_twice(*this);
}

CAF_TEST(an order is there whatever an error of the server says) {
  auto desk = start_desk();
  rest(desk);
  server->apply(sim::fault_fail_calls{.method = place_method,
                                      .code = "-1007",
                                      .status = 408,
                                      .executes = sim::execution::done},
                private_path);
  auto key = place(desk.uut, resting());
  CAF_CHECK(eventually([&] {
    return std::ranges::any_of(open_orders(desk.uut), [&](auto& x) {
      return x.key.id == key.id && x.state == order_state::open;
    });
  }));
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 1u);
  cancel(desk, key.id);
}

CAF_TEST(an order that was lost on its way is known not to have arrived) {
  desk_conformance::finds_out_that_an_order_never_arrived(*this);
}

CAF_TEST(an order that nothing was told of is asked for) {
  auto desk = start_desk();
  rest(desk);
  server->apply(sim::fault_silence{}, private_path);
  server->apply(sim::fault_answer_nothing{.method = place_method,
                                          .executes = sim::execution::done},
                private_path);
  auto key = place(desk.uut, resting());
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::unknown));
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::resolved));
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 1u);
}

// -- outages ------------------------------------------------------------------

CAF_TEST(the next desk knows the orders of the one that was killed) {
  desk_conformance::knows_the_orders_of_the_last_one(*this);
}

CAF_TEST(orders outlive an outage of the connection) {
  desk_conformance::keeps_orders_over_an_outage(*this);
}

CAF_TEST(fills that were missed are asked for) {
  auto desk = start_desk();
  auto key = rest(desk);
  server->apply(sim::fault_silence{}, private_path);
  fill(key);
  server->apply(sim::fault_drop{}, private_path);
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(eventually([&] { return desk.in->fills().size() == 1; }));
}

CAF_TEST(a subscription that the venue ends is replaced) {
  for (auto& own : {credentials{"ed", ed25519.private_key},
                    credentials{"demo", "demo-secret"}}) {
    CAF_MESSAGE(own.key);
    auto [client, events] = log_in(own);
    use_account(own.key, client);
    auto desk = start_desk();
    auto key = rest(desk);
    server->apply(sim::fault_expire_listen_key{}, private_path);
    CAF_REQUIRE(events->wait_for_kind(event_kind::connection_replaced));
    CAF_REQUIRE(desk.in->wait_for_state(desk_state::trading));
    fill(key);
    CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::filled));
    kill(desk.uut);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
