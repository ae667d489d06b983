// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_desk_actor

#include "zenws/actors/desk/order_desk.hpp"

#include "support/desk_inbox.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

const std::string btc = "BTC-PERPETUAL";

decimal number(std::string_view text) {
  return decimal::parse(text).value();
}

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server();
  temporary_folder folder;
  client_actor client = connect_account();
  order_desk_options options = make_options();

  client_actor connect_account() {
    return connect_watched(account_spec()).first;
  }

  client_spec account_spec() {
    client_spec spec{.name = "account", .config = quick(server->url())};
    spec.config.venue.dialect = "deribit";
    spec.config.venue.login = login_mode::required;
    spec.credentials = [] {
      return result<credentials>{credentials{"demo", "demo-secret"}};
    };
    return spec;
  }

  order_desk_options make_options() {
    order_desk_options result;
    result.account = client;
    result.market = client;
    result.dialect = "deribit";
    result.desk.ledger.owner = "desk";
    result.desk.instruments = {{btc, {.position = number("100000")}}};
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

  order_request limit(order_side side, std::string_view price) {
    return {.instrument = instrument_name::make(btc).value(),
            .side = side,
            .amount = number("10"),
            .price = number(price)};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(order_desk_tests, fixture)

CAF_TEST(a desk trades once the venue has told how things stand) {
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::accepted));
  auto open = ask<order_list>(uut, get_orders{btc});
  CAF_REQUIRE(open);
  CAF_REQUIRE_EQUAL(open->orders.size(), 1u);
  CAF_CHECK(open->orders[0].state == order_state::open);
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(fills come once and make the position) {
  auto [uut, in] = start_desk();
  auto key = place(uut, {.instrument = instrument_name::make(btc).value(),
                         .type = order_type::market,
                         .amount = number("10")});
  auto filled = in->wait_for(key.id, order_event_kind::filled);
  CAF_REQUIRE(filled);
  CAF_CHECK(filled->content.filled == number("10"));
  CAF_CHECK(eventually([&, &uut = uut] {
    auto held = ask<position_list>(uut, get_positions{});
    return held && held->positions.size() == 1
           && held->positions[0].amount == number("10");
  }));
  std::set<fill_id> ids;
  for (auto& x : in->fills())
    CAF_CHECK(ids.insert(x.id).second);
}

CAF_TEST(what the gate refuses is told and not sent) {
  auto [uut, in] = start_desk();
  place(uut, limit(order_side::buy, "1"));
  auto order = limit(order_side::buy, "1");
  order.amount = number("200000");
  auto refused = ask<order_key>(uut, place_order{order});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
}

CAF_TEST(the next desk knows the orders of the one that was killed) {
  client_order_id id;
  {
    auto [uut, in] = start_desk();
    id = place(uut, limit(order_side::buy, "1")).id;
    CAF_REQUIRE(in->wait_for(id, order_event_kind::accepted));
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
  auto next = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(next.id != id);
  CAF_CHECK_EQUAL(tell(uut, cancel_orders{}), caf::none);
  CAF_CHECK(in->wait_for(id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(next.id, order_event_kind::canceled));
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(tell(uut, halt_trading{"by hand"}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  auto refused = ask<order_key>(uut, place_order{limit(order_side::buy, "1")});
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::to_text(refused.error()).find("by hand")
            != std::string::npos);
  CAF_CHECK_EQUAL(tell(uut, resume_trading{}), caf::none);
  place(uut, limit(order_side::buy, "1"));
}

CAF_TEST(what the venue cancels during an outage is known after it) {
  auto [uut, in] = start_desk(); // it cancels on disconnect
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  server->apply(sim::fault_drop{});
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(orders outlive an outage of the connection) {
  options.desk.guard = std::chrono::seconds{0};
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(a supervised desk goes on and tells those who watched it) {
  auto top = rt.start_supervisor(
    {.name = "desks", .children = {make_child("desk", options)}});
  CAF_REQUIRE(top);
  auto children = ask<child_list>(*top, which_children{});
  CAF_REQUIRE(children && children->children.size() == 1);
  auto uut = caf::actor_cast<order_desk_actor>(children->children[0].address);
  auto in = std::make_shared<desk_inbox>();
  CAF_REQUIRE_EQUAL(tell(uut, watch_desk{sys.spawn<desk_collector>(in)}),
                    caf::none);
  auto first = place(uut, limit(order_side::buy, "1"));
  CAF_REQUIRE(in->wait_for(first.id, order_event_kind::accepted));
  in->clear();
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  CAF_CHECK(in->wait_for_state(desk_state::disconnected));
  CAF_CHECK(in->wait_for(first.id, order_event_kind::accepted));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto next = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK(in->wait_for(next.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(tell(uut, cancel_orders{}), caf::none);
  CAF_CHECK(in->wait_for(first.id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(next.id, order_event_kind::canceled));
}

CAF_TEST(a supervised desk outlives the client of its account) {
  auto clients = rt.supervise({.limit = {.max_restarts = 0}});
  auto spec = account_spec();
  spec.name = "supervised";
  auto account = ask<client_actor>(clients, start_client{spec});
  CAF_REQUIRE(account);
  options.account = *account;
  auto top = rt.start_supervisor(
    {.name = "desks", .children = {make_child("desk", options)}});
  CAF_REQUIRE(top);
  auto children = ask<child_list>(*top, which_children{});
  CAF_REQUIRE(children && children->children.size() == 1);
  auto uut = caf::actor_cast<order_desk_actor>(children->children[0].address);
  auto in = std::make_shared<desk_inbox>();
  CAF_REQUIRE_EQUAL(tell(uut, watch_desk{sys.spawn<desk_collector>(in)}),
                    caf::none);
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto events = watch();
  caf::anon_send_exit(*account, caf::exit_reason::kill);
  CAF_REQUIRE(events->wait_for_news(supervision_event_kind::restarted, "desk"));
  CAF_REQUIRE(ask<client_actor>(clients, restart_client{"supervised"}));
  place(uut, limit(order_side::buy, "1"));
}

CAF_TEST(who watches twice is told once) {
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto again = std::make_shared<desk_inbox>();
  desk_watcher twice = sys.spawn<desk_collector>(again);
  CAF_REQUIRE_EQUAL(tell(uut, watch_desk{twice}), caf::none);
  CAF_REQUIRE_EQUAL(tell(uut, watch_desk{twice}), caf::none);
  auto key = place(uut, limit(order_side::buy, "1"));
  CAF_REQUIRE(again->wait_for(key.id, order_event_kind::accepted));
  auto events = again->events();
  CAF_CHECK_EQUAL(std::ranges::count(events, order_event_kind::accepted,
                                     &order_event::kind),
                  1);
}

CAF_TEST(orders that are over are found) {
  auto [uut, in] = start_desk();
  auto first = place(uut, limit(order_side::buy, "1"));
  auto second = place(uut, limit(order_side::buy, "1"));
  auto third = place(uut, limit(order_side::buy, "1"));
  CAF_CHECK_EQUAL(tell(uut, cancel_order{second.id}), caf::none);
  CAF_REQUIRE(in->wait_for(second.id, order_event_kind::canceled));
  auto states = [&, &uut = uut](find_orders request) {
    std::vector<client_order_id> ids;
    auto found = ask<order_list>(uut, std::move(request));
    if (found)
      for (auto& x : found->orders)
        ids.push_back(x.key.id);
    return ids;
  };
  using ids = std::vector<client_order_id>;
  CAF_CHECK(states({{second.id}}) == ids{second.id});
  CAF_CHECK(states({{}, first.id}) == (ids{second.id, third.id}));
  CAF_CHECK(states({{third.id, first.id}, second.id})
            == (ids{first.id, third.id}));
  CAF_CHECK(states({{client_order_id::make("other0001").value()}}).empty());
  CAF_CHECK(states({}).empty());
}

CAF_TEST(orders that nobody watches any more are canceled if that is wanted) {
  for (auto policy : {unwatched_orders::keep, unwatched_orders::cancel}) {
    options.when_unwatched = policy;
    options.journal_path = folder.file(std::string{to_string(policy)});
    options.desk.ledger.owner = to_string(policy);
    auto uut = start_order_desk(sys, options);
    CAF_REQUIRE(uut);
    auto in = std::make_shared<desk_inbox>();
    auto watcher = sys.spawn<desk_collector>(in);
    CAF_REQUIRE_EQUAL(tell(*uut, watch_desk{watcher}), caf::none);
    auto key = place(*uut, limit(order_side::buy, "1"));
    CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
    self->send_exit(watcher, caf::exit_reason::kill);
    CAF_REQUIRE(end_of(watcher) != caf::none);
    auto is_open = [&] {
      auto open = ask<order_list>(*uut, get_orders{});
      CAF_REQUIRE(open);
      return !open->orders.empty();
    };
    if (policy == unwatched_orders::cancel)
      CAF_CHECK(eventually([&] { return !is_open(); }));
    else
      CAF_CHECK(is_open());
    self->send_exit(*uut, caf::exit_reason::kill);
    CAF_REQUIRE(end_of(*uut) != caf::none);
  }
}

CAF_TEST(options that make no sense are refused) {
  options.dialect = "hyperliquid";
  options.desk.ledger.owner = "Not Allowed";
  options.journal_path.clear();
  auto uut = start_order_desk(sys, options);
  CAF_REQUIRE(!uut);
  auto text = caf_compat::to_text(uut.error());
  for (auto part : {"dialect", "owner", "journal_path"})
    CAF_CHECK(text.find(part) != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
