// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_desk_actor

#include "support/desk_conformance.hpp"

#include <algorithm>
#include <string>

using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

struct fixture : desk_world {
  fixture() {
    instrument = "BTC-PERPETUAL";
    place_method = "private/buy";
    private_path = "/ws/api/v2";
    options.account = connect_watched(account_spec()).first;
    options.market = options.account;
    trade("deribit");
  }

  client_spec account_spec() {
    client_spec spec{.name = "account", .config = quick(server->url())};
    spec.config.venue.dialect = "deribit";
    spec.config.venue.login = login_mode::required;
    spec.credentials = demo_account;
    return spec;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(order_desk_tests, fixture)

CAF_TEST(a desk trades once the venue has told how things stand) {
  desk_conformance::trades_once_it_knows(*this);
}

CAF_TEST(fills come once) {
  desk_conformance::tells_fills_once(*this);
}

CAF_TEST(an order is filled in parts) {
  desk_conformance::tells_parts(*this);
}

CAF_TEST(an order is made smaller) {
  desk_conformance::makes_an_order_smaller(*this);
}

CAF_TEST(fills make the position) {
  desk_conformance::has_the_position(*this);
}

CAF_TEST(what the gate refuses is told and not sent) {
  desk_conformance::refuses_what_exceeds_a_limit(*this);
}

CAF_TEST(amounts and prices off a step are refused) {
  desk_conformance::refuses_what_is_off_a_step(*this);
}

CAF_TEST(the next desk knows the orders of the one that was killed) {
  desk_conformance::knows_the_orders_of_the_last_one(*this);
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  desk_conformance::stops_by_its_kill_switch(*this);
}

CAF_TEST(a kill switch outlives its desk) {
  auto refusal = [this](const order_desk_actor& uut) {
    auto key = ask<order_key>(uut, place_order{resting()});
    CAF_REQUIRE(!key);
    return caf_compat::to_text(key.error());
  };
  {
    auto [uut, in] = start_desk();
    CAF_REQUIRE(in->wait_for_state(desk_state::trading));
    CAF_CHECK_EQUAL(tell(uut, halt_trading{"by hand"}), caf::none);
    kill(uut);
  }
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  CAF_CHECK(refusal(uut).find("by hand") != std::string::npos);
  CAF_CHECK_EQUAL(tell(uut, resume_trading{}), caf::none);
  place(uut, resting());
  kill(uut);
  auto [next, again] = start_desk();
  CAF_REQUIRE(again->wait_for_state(desk_state::trading));
  place(next, resting());
}

CAF_TEST(what the venue cancels during an outage is known after it) {
  auto desk = start_desk(); // it cancels on disconnect
  auto key = rest(desk);
  server->apply(sim::fault_drop{});
  CAF_CHECK(desk.in->wait_for(key.id, trading::order_event_kind::canceled));
}

CAF_TEST(orders outlive an outage of the connection) {
  desk_conformance::keeps_orders_over_an_outage(*this);
}

CAF_TEST(an order whose answer is lost is told by its channel) {
  desk_conformance::sends_no_order_twice(*this);
}

CAF_TEST(an order that was lost on its way is known not to have arrived) {
  desk_conformance::finds_out_that_an_order_never_arrived(*this);
}

CAF_TEST(fills that are told twice come once) {
  desk_conformance::tells_doubled_fills_once(*this);
}

CAF_TEST(fills that are told late come all the same) {
  desk_conformance::tells_late_fills(*this);
}

CAF_TEST(a desk may live on the loop of its client) {
  auto uut = start_order_desk(sys, rt.loop(0), options);
  CAF_REQUIRE(uut);
  auto in = std::make_shared<desk_inbox>();
  CAF_REQUIRE_EQUAL(tell(*uut, watch_desk{sys.spawn<desk_collector>(in)}),
                    caf::none);
  auto key = place(*uut, resting());
  CAF_CHECK(in->wait_for(key.id, order_event_kind::accepted));
  // The journal is its own as long as it lives.
  auto other = start_order_desk(sys, rt.loop(0), options);
  CAF_REQUIRE(!other);
  CAF_CHECK_EQUAL(caf_compat::code_of(other.error()), ec::journal_failed);
  CAF_CHECK_EQUAL(tell(*uut, cancel_orders{}), caf::none);
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
  auto first = place(uut, resting());
  CAF_REQUIRE(in->wait_for(first.id, order_event_kind::accepted));
  in->clear();
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  CAF_CHECK(in->wait_for_state(desk_state::disconnected));
  CAF_CHECK(in->wait_for(first.id, order_event_kind::accepted));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto next = place(uut, resting());
  CAF_CHECK(in->wait_for(next.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(tell(uut, cancel_orders{}), caf::none);
  CAF_CHECK(in->wait_for(first.id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(next.id, order_event_kind::canceled));
  CAF_CHECK(in->sources() == std::set{uut.address()});
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
  place(uut, resting());
}

CAF_TEST(who watches twice is told once) {
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto again = std::make_shared<desk_inbox>();
  desk_watcher twice = sys.spawn<desk_collector>(again);
  CAF_REQUIRE_EQUAL(tell(uut, watch_desk{twice}), caf::none);
  CAF_REQUIRE_EQUAL(tell(uut, watch_desk{twice}), caf::none);
  auto key = place(uut, resting());
  CAF_REQUIRE(again->wait_for(key.id, order_event_kind::accepted));
  auto events = again->events();
  CAF_CHECK_EQUAL(std::ranges::count(events, order_event_kind::accepted,
                                     &order_event::kind),
                  1);
}

CAF_TEST(orders that are over are found) {
  auto [uut, in] = start_desk();
  auto first = place(uut, resting());
  auto second = place(uut, resting());
  auto third = place(uut, resting());
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
    auto key = place(*uut, resting());
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
