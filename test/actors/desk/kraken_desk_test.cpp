// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE kraken_desk

#include "zenws/actors/desk/order_desk.hpp"

#include "support/desk_inbox.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

const std::string pair = "BTC/USD";

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

struct fixture : venue_world {
  // Without a limit of messages: some tests try again and again.
  std::unique_ptr<sim::server> server
    = start_server({.kraken = {.max_requests = 0}});
  temporary_folder folder;
  std::atomic<int> tokens = 0;
  client_actor account = connect_account();
  client_actor market = connect_market();
  client_actor hand;
  order_desk_options options = make_options();

  client_actor connect_account() {
    client_spec spec{.name = "account",
                     .config = quick(server->url("/kraken-auth"))};
    spec.config.venue.dialect = "kraken";
    spec.config.venue.login = login_mode::required;
    spec.credentials = [this] {
      ++tokens;
      return result<credentials>{credentials{.secret = server->issue_token()}};
    };
    return connect_watched(std::move(spec)).first;
  }

  client_actor connect_market() {
    client_spec spec{.name = "market", .config = quick(server->url("/kraken"))};
    spec.config.venue.dialect = "kraken";
    return connect_watched(std::move(spec)).first;
  }

  order_desk_options make_options() {
    order_desk_options result;
    result.account = account;
    result.market = market;
    result.dialect = "kraken";
    result.desk.ledger.owner = "desk";
    result.desk.instruments = {{pair, {.position = number("100000")}}};
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

  /// Places an order that rests.
  order_key place_resting(const order_desk_actor& uut,
                          const desk_inbox_ptr& in) {
    auto key = place(uut, limit("1"));
    CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
    return key;
  }

  /// Returns the state of an open order once its request was answered, nothing
  /// if it is over.
  std::optional<order_state> answered_state(const order_desk_actor& uut,
                                            const client_order_id& id) {
    std::optional<order_state> result;
    CAF_REQUIRE(eventually([&] {
      auto open = ask<order_list>(uut, get_orders{});
      CAF_REQUIRE(open);
      result.reset();
      for (auto& x : open->orders)
        if (x.key.id == id)
          result = x.state;
      return result != order_state::pending;
    }));
    return result;
  }

  /// Places orders until the venue takes one.
  bool places_again(const order_desk_actor& uut) {
    return eventually([&] {
      auto key = ask<order_key>(uut, place_order{limit("1")});
      return key && answered_state(uut, key->id) == order_state::open;
    });
  }

  static order_request limit(std::string_view price) {
    return {.instrument = instrument_name::make(pair).value(),
            .side = order_side::buy,
            .amount = number("10"),
            .price = number(price)};
  }

  static order_request at_market() {
    return {.instrument = instrument_name::make(pair).value(),
            .type = order_type::market,
            .amount = number("10")};
  }

  bool waits_for_position(const order_desk_actor& uut,
                          std::string_view amount) {
    return eventually([&] {
      auto held = ask<position_list>(uut, get_positions{});
      return held && held->positions.size() == 1
             && held->positions[0].amount == number(amount);
    });
  }

  /// Turns a knob of the simulator, by its Deribit.
  void turn(const std::string& method, const std::string& params) {
    if (!hand) {
      client_spec spec{.name = "hand", .config = quick(server->url())};
      spec.config.venue.dialect = "deribit";
      hand = connect_watched(std::move(spec)).first;
    }
    CAF_REQUIRE(ask<uint64_t>(hand, await_ready{}));
    auto done = ask<rpc_result>(hand, call{"sim/" + method, params});
    CAF_REQUIRE(done);
    CAF_REQUIRE_EQUAL(done->json, R"("ok")");
  }

  void fill(const order_key& key, const std::string& more = "") {
    turn("fill_order",
         R"({"label":")" + std::string{key.id.view()} + '"' + more + '}');
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
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto key = place_resting(uut, in);
  auto open = ask<order_list>(uut, get_orders{pair});
  CAF_REQUIRE(open);
  CAF_REQUIRE_EQUAL(open->orders.size(), 1u);
  CAF_CHECK(open->orders[0].state == order_state::open);
  CAF_CHECK_EQUAL(open->orders[0].key.venue_id.view(), "O00000-00000-000001");
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 1u);
}

CAF_TEST(fills come once and make the position) {
  auto [uut, in] = start_desk();
  auto key = place(uut, at_market());
  auto filled = in->wait_for(key.id, order_event_kind::filled);
  CAF_REQUIRE(filled);
  CAF_CHECK(filled->content.filled == number("10"));
  CAF_CHECK(waits_for_position(uut, "10"));
  CAF_REQUIRE(eventually([&, &in = in] { return in->fills().size() == 1; }));
  auto told = in->fills()[0];
  CAF_CHECK(told.liquidity == fill_liquidity::taker);
  CAF_CHECK_EQUAL(told.fee_currency.view(), "USD");
}

CAF_TEST(an order is filled in parts and amended) {
  auto [uut, in] = start_desk();
  auto order = limit("1");
  order.amount = number("30");
  auto key = place(uut, order);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  fill(key, R"(,"amount":10)");
  auto partly = in->wait_for(key.id, order_event_kind::partially_filled);
  CAF_REQUIRE(partly);
  CAF_CHECK(partly->content.filled == number("10"));
  CAF_CHECK_EQUAL(tell(uut, amend_order{{.order = key,
                                         .amount = number("50"),
                                         .price = number("2")}}),
                  caf::none);
  auto amended = in->wait_for(key.id, order_event_kind::amended);
  CAF_REQUIRE(amended);
  CAF_CHECK(amended->content.terms.amount == number("50"));
  CAF_CHECK(amended->content.terms.price == number("2"));
  fill(key);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(waits_for_position(uut, "50"));
}

CAF_TEST(an order that must not take is canceled) {
  auto [uut, in] = start_desk();
  auto order = limit("900000");
  order.post_only = true;
  auto key = place(uut, order);
  auto over = in->wait_for(key.id, order_event_kind::canceled);
  CAF_REQUIRE(over);
  CAF_CHECK_EQUAL(over->content.reason, "Post only order");
}

CAF_TEST(fills that are told late or twice count once) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  turn("tell_fills", R"({"mode":"twice"})");
  fill(key, R"(,"amount":4)");
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::partially_filled));
  turn("tell_fills", R"({"mode":"held"})");
  fill(key);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(waits_for_position(uut, "10"));
  turn("tell_fills", R"({"mode":"once"})");
  CAF_REQUIRE(eventually([&, &in = in] { return in->fills().size() >= 2; }));
  CAF_CHECK(waits_for_position(uut, "10"));
  std::set<fill_id> ids;
  for (auto& x : in->fills())
    CAF_CHECK(ids.insert(x.id).second);
  CAF_CHECK_EQUAL(ids.size(), 2u);
}

CAF_TEST(what the gate refuses is told and not sent) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  auto order = limit("1");
  order.amount = number("200000");
  auto refused = ask<order_key>(uut, place_order{order});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
  CAF_CHECK_EQUAL(server->orders().size(), 1u);
}

CAF_TEST(the next desk knows the orders of the one that was killed) {
  hurry();
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
  auto open = ask<order_list>(uut, get_orders{});
  CAF_REQUIRE(open);
  CAF_REQUIRE_EQUAL(open->orders.size(), 1u);
  CAF_CHECK(open->orders[0].key.id == id);
  auto next = place_resting(uut, in);
  CAF_CHECK(next.id != id);
  CAF_CHECK_EQUAL(tell(uut, cancel_orders{}), caf::none);
  CAF_CHECK(in->wait_for(id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(next.id, order_event_kind::canceled));
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  CAF_CHECK_EQUAL(tell(uut, halt_trading{"by hand"}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  auto refused = ask<order_key>(uut, place_order{limit("1")});
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::to_text(refused.error()).find("by hand")
            != std::string::npos);
  CAF_CHECK_EQUAL(tell(uut, resume_trading{}), caf::none);
  place_resting(uut, in);
}

// -- outages ------------------------------------------------------------------

CAF_TEST(orders outlive an outage of the connection) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  CAF_CHECK_EQUAL(tokens, 2);
}

CAF_TEST(what the venue cancels during an outage is known after it) {
  options.desk.guard = std::chrono::seconds{1};
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  server->stop_listening();
  CAF_REQUIRE(is_canceled_at_venue(key));
  CAF_REQUIRE(!server->listen_again());
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(what was filled during an outage is known after it) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  server->apply(sim::fault_refuse{.status = 503}, "/kraken-auth");
  server->apply(sim::fault_drop{}, "/kraken-auth");
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  fill(key);
  server->apply(sim::fault_accept{}, "/kraken-auth");
  CAF_CHECK(in->wait_for(key.id, order_event_kind::filled));
  CAF_CHECK(waits_for_position(uut, "10"));
}

CAF_TEST(an order whose answer was lost is known by the channel) {
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  server->apply(sim::fault_answer_nothing{.method = "add_order",
                                          .executes = sim::execution::done});
  auto key = place(uut, limit("1"));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 1u);
}

CAF_TEST(an order that nobody told of is found by the snapshot) {
  hurry();
  auto [uut, in] = start_desk();
  place_resting(uut, in); // the channel is there
  server->apply(sim::fault_silence{.channel = "executions"});
  server->apply(sim::fault_answer_nothing{.method = "add_order",
                                          .executes = sim::execution::done});
  auto key = place(uut, limit("2"));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::unknown));
  auto found = in->wait_for(key.id, order_event_kind::resolved);
  CAF_REQUIRE(found);
  CAF_CHECK(found->content.state == order_state::open);
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 1u);
}

CAF_TEST(an order that never arrived is missed by the snapshot) {
  hurry();
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  server->apply(sim::fault_answer_nothing{.method = "add_order",
                                          .executes = sim::execution::left});
  auto key = place(uut, limit("1"));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::unknown));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::rejected));
  place_resting(uut, in);
}

// -- tokens -------------------------------------------------------------------

CAF_TEST(a token that has expired is replaced without an outage) {
  auto [uut, in] = start_desk();
  auto key = place_resting(uut, in);
  server->apply(sim::fault_expire_tokens{});
  auto refused = place(uut, limit("1"));
  auto told = in->wait_for(refused.id, order_event_kind::rejected);
  CAF_REQUIRE(told);
  CAF_CHECK(told->content.reason.find("ESession:Invalid session")
            != std::string::npos);
  CAF_REQUIRE(eventually([this] { return tokens == 2; }));
  CAF_CHECK(places_again(uut));
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  CAF_CHECK_EQUAL(status_of(account).epoch, 1u);
}

CAF_TEST(channels that are begun anew get the next token) {
  auto [uut, in] = start_desk();
  place_resting(uut, in);
  server->apply(sim::fault_expire_tokens{});
  CAF_CHECK_EQUAL(tell(uut, reconcile_orders{}), caf::none);
  CAF_REQUIRE(eventually([this] { return tokens == 2; }));
  CAF_CHECK(places_again(uut));
  CAF_CHECK_EQUAL(status_of(account).epoch, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
