// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_desk

#include "support/desk_conformance.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <set>
#include <string>

using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

struct fixture : desk_world {
  std::atomic<int> tokens = 0;

  fixture() {
    // Without a limit of messages: some tests try again and again.
    server = start_server({.kraken = {.max_requests = 0}});
    instrument = "BTC/USD";
    place_method = "add_order";
    private_path = "/kraken-auth";
    options.account = connect_account();
    options.market = connect_watched(spec("market", "/kraken")).first;
    trade("kraken");
  }

  client_spec spec(const char* name, const std::string& path) const {
    client_spec result{.name = name, .config = quick(server->url(path))};
    result.config.venue.dialect = "kraken";
    return result;
  }

  client_actor connect_account() {
    auto own = spec("account", private_path);
    own.config.venue.login = login_mode::required;
    own.credentials = [this] {
      ++tokens;
      return result<credentials>{credentials{.secret = server->issue_token()}};
    };
    return connect_watched(std::move(own)).first;
  }

  /// Returns the state of an open order once its request was answered, nothing
  /// if it is over.
  std::optional<order_state> answered_state(const order_desk_actor& uut,
                                            const client_order_id& id) {
    std::optional<order_state> result;
    CAF_REQUIRE(eventually([&] {
      result.reset();
      for (auto& x : open_orders(uut))
        if (x.key.id == id)
          result = x.state;
      return result != order_state::pending;
    }));
    return result;
  }

  /// Places orders until the venue takes one.
  bool places_again(const order_desk_actor& uut) {
    return eventually([&] {
      auto key = ask<order_key>(uut, place_order{resting()});
      return key && answered_state(uut, key->id) == order_state::open;
    });
  }

  /// Lets an order be taken for lost soon.
  void hurry() {
    options.desk.lifetime = std::chrono::milliseconds{500};
    options.desk.margin = std::chrono::milliseconds{100};
    options.desk.first_pause = std::chrono::milliseconds{100};
  }

  bool is_canceled_at_venue(const order_key& key) {
    return eventually([&] {
      auto all = server->orders();
      return std::ranges::any_of(all, [&](auto& x) {
        return x.label == key.id.view()
               && x.state == sim::order_state::cancelled;
      });
    });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kraken_desk_tests, fixture)

CAF_TEST(a desk trades once its channels are there) {
  desk_conformance::trades_once_it_knows(*this);
}

CAF_TEST(an order has the id that the venue gave it) {
  auto desk = start_desk();
  rest(desk);
  auto open = open_orders(desk.uut);
  CAF_REQUIRE_EQUAL(open.size(), 1u);
  CAF_CHECK_EQUAL(open[0].key.venue_id.view(), "O00000-00000-000001");
}

CAF_TEST(fills come once) {
  desk_conformance::tells_fills_once(*this);
}

CAF_TEST(fills make the position) {
  desk_conformance::has_the_position(*this);
}

CAF_TEST(a fee is paid in the currency of the price) {
  auto desk = start_desk();
  place(desk.uut, at_market());
  CAF_REQUIRE(desk.in->wait_for_fills(1));
  auto fills = desk.in->fills();
  CAF_CHECK_EQUAL(fills[0].fee_currency.view(), "USD");
}

CAF_TEST(an order is filled in parts) {
  desk_conformance::tells_parts(*this);
}

CAF_TEST(an order is made smaller) {
  desk_conformance::makes_an_order_smaller(*this);
}

CAF_TEST(an order that is filled in part is made larger) {
  auto desk = start_desk();
  auto order = resting();
  order.amount = number("30");
  auto key = rest(desk, order);
  fill(key, "10");
  CAF_REQUIRE(desk.in->wait_for(key.id, order_event_kind::partially_filled));
  CAF_CHECK_EQUAL(tell(desk.uut, amend_order{{.order = key,
                                              .amount = number("50"),
                                              .price = number("2")}}),
                  caf::none);
  auto amended = desk.in->wait_for(key.id, order_event_kind::amended);
  CAF_REQUIRE(amended);
  CAF_CHECK(amended->content.terms.amount == number("50"));
  CAF_CHECK(amended->content.terms.price == number("2"));
  fill(key);
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(waits_for_position(desk.uut, "50"));
}

CAF_TEST(an order that must not take is canceled) {
  auto desk = start_desk();
  auto order = resting();
  order.price = number("900000");
  order.post_only = true;
  auto key = place(desk.uut, order);
  auto over = desk.in->wait_for(key.id, order_event_kind::canceled);
  CAF_REQUIRE(over);
  CAF_CHECK_EQUAL(over->content.reason, "Post only order");
}

CAF_TEST(fills that are told twice come once) {
  desk_conformance::tells_doubled_fills_once(*this);
}

CAF_TEST(fills that are told late come all the same) {
  desk_conformance::tells_late_fills(*this);
}

CAF_TEST(what comes late and twice makes the position once) {
  auto desk = start_desk();
  auto key = rest(desk);
  turn("tell_fills", R"({"mode":"twice"})");
  fill(key, "4");
  CAF_REQUIRE(desk.in->wait_for(key.id, order_event_kind::partially_filled));
  turn("tell_fills", R"({"mode":"held"})");
  fill(key);
  CAF_REQUIRE(desk.in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(waits_for_position(desk.uut, "10"));
  turn("tell_fills", R"({"mode":"once"})");
  CAF_REQUIRE(desk.in->wait_for_fills(2));
  CAF_CHECK(waits_for_position(desk.uut, "10"));
  std::set<fill_id> ids;
  for (auto& x : desk.in->fills())
    CAF_CHECK(ids.insert(x.id).second);
  CAF_CHECK_EQUAL(ids.size(), 2u);
}

CAF_TEST(what the gate refuses is told and not sent) {
  desk_conformance::refuses_what_exceeds_a_limit(*this);
}

CAF_TEST(amounts and prices off a step are refused) {
  desk_conformance::refuses_what_is_off_a_step(*this);
}

CAF_TEST(the next desk knows the orders of the one that was killed) {
  hurry();
  desk_conformance::knows_the_orders_of_the_last_one(*this);
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  desk_conformance::stops_by_its_kill_switch(*this);
}

// -- outages ------------------------------------------------------------------

CAF_TEST(orders outlive an outage of the connection) {
  desk_conformance::keeps_orders_over_an_outage(*this);
  CAF_CHECK_EQUAL(tokens, 2);
}

CAF_TEST(what the venue cancels during an outage is known after it) {
  options.desk.guard = std::chrono::seconds{1};
  auto desk = start_desk();
  auto key = rest(desk);
  server->stop_listening();
  CAF_REQUIRE(is_canceled_at_venue(key));
  CAF_REQUIRE(!server->listen_again());
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(what was filled during an outage is known after it) {
  auto desk = start_desk();
  auto key = rest(desk);
  server->apply(sim::fault_refuse{.status = 503}, private_path);
  server->apply(sim::fault_drop{}, private_path);
  CAF_REQUIRE(desk.in->wait_for_state(desk_state::disconnected));
  fill(key);
  server->apply(sim::fault_accept{}, private_path);
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(waits_for_position(desk.uut, "10"));
}

CAF_TEST(an order whose answer is lost is told by its channel) {
  desk_conformance::sends_no_order_twice(*this);
}

CAF_TEST(an order that nobody told of is found by the snapshot) {
  hurry();
  auto desk = start_desk();
  rest(desk); // the channel is there
  server->apply(sim::fault_silence{.channel = "executions"});
  server->apply(sim::fault_answer_nothing{.method = place_method,
                                          .executes = sim::execution::done});
  auto key = place(desk.uut, resting());
  CAF_CHECK(desk.in->wait_for(key.id, order_event_kind::unknown));
  auto found = desk.in->wait_for(key.id, order_event_kind::resolved);
  CAF_REQUIRE(found);
  CAF_CHECK(found->content.state == order_state::open);
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 1u);
}

CAF_TEST(an order that was lost on its way is missed by the snapshot) {
  hurry();
  desk_conformance::finds_out_that_an_order_never_arrived(*this);
}

// -- tokens -------------------------------------------------------------------

CAF_TEST(a token that has expired is replaced without an outage) {
  auto desk = start_desk();
  auto key = rest(desk);
  server->apply(sim::fault_expire_tokens{});
  auto refused = place(desk.uut, resting());
  auto told = desk.in->wait_for(refused.id, order_event_kind::rejected);
  CAF_REQUIRE(told);
  CAF_CHECK(told->content.reason.find("ESession:Invalid session")
            != std::string::npos);
  CAF_REQUIRE(eventually([this] { return tokens == 2; }));
  CAF_CHECK(places_again(desk.uut));
  cancel(desk, key.id);
  CAF_CHECK_EQUAL(status_of(options.account).epoch, 1u);
}

CAF_TEST(channels that are begun anew get the next token) {
  auto desk = start_desk();
  rest(desk);
  server->apply(sim::fault_expire_tokens{});
  CAF_CHECK_EQUAL(tell(desk.uut, reconcile_orders{}), caf::none);
  CAF_REQUIRE(eventually([this] { return tokens == 2; }));
  CAF_CHECK(places_again(desk.uut));
  CAF_CHECK_EQUAL(status_of(options.account).epoch, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
