// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE desk_nodes

#include "desk_fixture.hpp"

#include "zenws/nodes/internal/desk_relay.hpp"

#include <algorithm>

// Desks at gateways, and those who use them at nodes.

using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

// A desk of a test: remembers who watches, and does nothing.
class idle_desk : public ending_actor<order_desk_actor::base> {
public:
  explicit idle_desk(caf::actor_config& cfg) : ending_actor(cfg) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [this](const place_order&) -> caf::result<order_key> {
        promises_.push_back(make_response_promise());
        return caf::delegated<order_key>{};
      },
      [](const amend_order&) {},
      [](const cancel_order&) {},
      [](const cancel_orders&) {},
      [this](const halt_trading& x) { // tells so many news
        for (auto i = std::stoul(x.reason); i > 0; --i)
          for (auto& watcher : watchers_)
            caf_compat::tell(*this, watcher, balance{});
      },
      [](const resume_trading&) {},
      [](const reconcile_orders&) {},
      [this](const watch_desk& x) {
        watchers_.push_back(x.watcher);
        caf_compat::tell(*this, x.watcher, desk_state_changed{btc});
      },
      [](const get_orders&) { return order_list{}; },
      [](const get_positions&) { return position_list{}; },
      [](const get_desk_report&) { return desk_report{}; },
      [](const find_orders&) { return order_list{}; },
    };
  }

  // Those who watch know us.
  void before_end() override {
    watchers_.clear();
    promises_.clear();
  }

private:
  std::vector<desk_watcher> watchers_;
  std::vector<caf::response_promise> promises_;
};

struct fixture {
  std::unique_ptr<sim::server> venue = start_server();
  temporary_folder folder;
  std::unique_ptr<desk_gateway> here = std::make_unique<desk_gateway>(*venue);

  order_desk_options options() {
    return desk_of(here->account, "mm", folder.file("orders.db"));
  }

  /// Starts a gateway with a desk, or the next one.
  void open_gateway(uint16_t port = 0) {
    here = nullptr;
    here = std::make_unique<desk_gateway>(*venue);
    here->open(port, here->start_desk(options()));
  }

  static order_desk_actor desk_at(subscriber_world& there) {
    auto result = there.ask<order_desk_actor>(there.link->gateway(),
                                              get_desk{"mm"});
    if (!result)
      CAF_FAIL(caf_compat::to_text(result.error()));
    return *result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(desk_nodes_tests, fixture)

CAF_TEST(a node trades at the desk of its gateway) {
  open_gateway();
  desk_user there{*here};
  auto uut = desk_at(there);
  auto [watcher, in] = watch(there, uut);
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  auto first = place(there, uut);
  CAF_CHECK(in->wait_for(first.id, order_event_kind::pending));
  CAF_CHECK(in->wait_for(first.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(open_orders(there, uut).size(), 1u);
  amend_request change{.amount = number("10"), .price = number("2")};
  change.order = first;
  CAF_CHECK_EQUAL(there.tell(uut, amend_order{change}), caf::none);
  auto amended = in->wait_for(first.id, order_event_kind::amended);
  CAF_REQUIRE(amended);
  CAF_CHECK(amended->content.terms.price == number("2"));
  CAF_CHECK_EQUAL(there.tell(uut, cancel_order{first.id}), caf::none);
  CAF_CHECK(in->wait_for(first.id, order_event_kind::canceled));
  auto order = resting_order();
  order.type = order_type::market;
  order.price = std::nullopt;
  auto second = place(there, uut, order);
  auto filled = in->wait_for(second.id, order_event_kind::filled);
  CAF_REQUIRE(filled);
  CAF_CHECK(filled->content.filled == order.amount);
  auto held = there.ask<position_list>(uut, get_positions{});
  CAF_REQUIRE(held);
  CAF_REQUIRE_EQUAL(held->positions.size(), 1u);
  CAF_CHECK(held->positions[0].amount == order.amount);
  auto found = there.ask<order_list>(uut, find_orders{{first.id}, first.id});
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->orders.size(), 2u);
}

CAF_TEST(the kill switch is thrown by a node and holds for all) {
  open_gateway();
  desk_user there{*here};
  auto uut = desk_at(there);
  place(there, uut);
  CAF_CHECK_EQUAL(there.tell(uut, halt_trading{"by hand"}), caf::none);
  desk_user elsewhere{*here};
  auto refused = elsewhere.ask<order_key>(desk_at(elsewhere),
                                          place_order{resting_order()});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
  CAF_CHECK(caf_compat::to_text(refused.error()).find("by hand")
            != std::string::npos);
  CAF_CHECK_EQUAL(there.tell(uut, resume_trading{}), caf::none);
  place(there, uut);
}

CAF_TEST(there is no desk of another name) {
  open_gateway();
  desk_user there{*here};
  auto none = there.ask<order_desk_actor>(there.link->gateway(),
                                          get_desk{"other"});
  CAF_REQUIRE(!none);
  CAF_CHECK_EQUAL(caf_compat::code_of(none.error()), ec::not_found);
  CAF_CHECK(desk_at(there));
}

CAF_TEST(one desk is told to all who watch at a node) {
  open_gateway();
  desk_user there{*here};
  auto uut = desk_at(there);
  CAF_CHECK(desk_at(there) == uut);
  auto [first, in] = watch(there, uut);
  auto key = place(there, uut);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  auto [late, in_late] = watch(there, uut);
  CAF_CHECK(in_late->wait_for(key.id, order_event_kind::accepted));
  CAF_CHECK(in_late->wait_for_state(desk_state::trading));
  there.self->send_exit(first, caf::exit_reason::kill);
  CAF_CHECK_EQUAL(there.tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in_late->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(the outcome of what is under way when the gateway is lost is unknown) {
  here->open(0, here->sys.spawn<idle_desk>());
  desk_user there{*here};
  auto uut = desk_at(there);
  auto [watcher, in] = watch(there, uut);
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  auto open = there.self->request(uut, patience, place_order{resting_order()});
  // It has arrived by then.
  CAF_REQUIRE(there.ask<order_list>(uut, get_orders{}));
  here = nullptr;
  std::move(open).receive(
    [](const order_key&) { CAF_FAIL("placed by nobody"); },
    [](const caf::error& reason) {
      CAF_CHECK_EQUAL(caf_compat::code_of(reason), ec::disconnected);
      CAF_CHECK(outcome_of(caf_compat::code_of(reason))
                == send_outcome::unknown);
    });
  CAF_CHECK(in->wait_for_state(desk_state::disconnected, ec::gateway_lost));
  auto refused = there.ask<order_key>(uut, place_order{resting_order()});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::not_connected);
}

CAF_TEST(the next gateway knows the orders by the journal) {
  open_gateway();
  desk_user there{*here};
  auto uut = desk_at(there);
  auto [watcher, in] = watch(there, uut);
  auto key = place(there, uut);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  in->clear();
  open_gateway(here->gateway->port());
  CAF_CHECK(in->wait_for_state(desk_state::disconnected, ec::gateway_lost));
  CAF_CHECK(in->wait_for(key.id, order_event_kind::accepted));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  CAF_CHECK_EQUAL(there.tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  auto next = place(there, uut);
  CAF_CHECK(next.id != key.id);
}

CAF_TEST(what happened without the node is told when it is back) {
  auto desk = here->start_desk(options());
  here->open(0, desk);
  auto port = here->gateway->port();
  desk_user there{*here};
  auto uut = desk_at(there);
  auto [watcher, in] = watch(there, uut);
  auto first = place(there, uut);
  CAF_REQUIRE(in->wait_for(first.id, order_event_kind::accepted));
  here->gateway = nullptr;
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected, ec::gateway_lost));
  auto [at_home, in_at_home] = watch(*here, desk);
  auto second = place(*here, desk);
  for (auto& id : {first.id, second.id}) {
    CAF_REQUIRE(in_at_home->wait_for(id, order_event_kind::accepted));
    CAF_REQUIRE_EQUAL(here->tell(desk, cancel_order{id}), caf::none);
    CAF_REQUIRE(in_at_home->wait_for(id, order_event_kind::canceled));
  }
  here->open(port, desk);
  CAF_CHECK(in->wait_for(first.id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(second.id, order_event_kind::canceled));
}

CAF_TEST(orders that the next desk does not know are told as unknown) {
  open_gateway();
  desk_user there{*here};
  auto uut = desk_at(there);
  auto [watcher, in] = watch(there, uut);
  auto key = place(there, uut);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  auto port = here->gateway->port();
  here = nullptr;
  here = std::make_unique<desk_gateway>(*venue);
  here->open(port, here->sys.spawn<idle_desk>());
  auto told = in->wait_for(key.id, order_event_kind::unknown);
  CAF_REQUIRE(told);
  CAF_CHECK(told->content.state == order_state::unknown);
  auto [late, in_late] = watch(there, uut);
  CAF_CHECK(in_late->wait_for_state(desk_state::disconnected));
  CAF_CHECK(in_late->events().empty());
}

CAF_TEST(orders outlive the node unless that is not wanted) {
  for (auto policy : {unwatched_orders::keep, unwatched_orders::cancel}) {
    auto opts = options();
    opts.when_unwatched = policy;
    opts.desk.ledger.owner = to_string(policy);
    opts.journal_path = folder.file(opts.desk.ledger.owner);
    auto desk = here->start_desk(std::move(opts));
    here->open(0, desk);
    {
      desk_user there{*here};
      auto uut = desk_at(there);
      auto [watcher, in] = watch(there, uut);
      auto key = place(there, uut);
      CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
    }
    if (policy == unwatched_orders::cancel) {
      CAF_CHECK(eventually([&] { return open_orders(*here, desk).empty(); }));
    } else {
      CAF_CHECK_EQUAL(open_orders(*here, desk).size(), 1u);
    }
    here->gateway = nullptr;
  }
}

CAF_TEST(a desk that is started again tells nodes how things stand) {
  auto top = here->rt.start_supervisor(
    {.name = "desks", .children = {make_child("mm", options())}});
  CAF_REQUIRE(top);
  auto children = here->ask<child_list>(*top, which_children{});
  CAF_REQUIRE(children);
  auto desk = caf::actor_cast<order_desk_actor>(children->children[0].address);
  here->open(0, desk);
  desk_user there{*here};
  auto uut = desk_at(there);
  auto [watcher, in] = watch(there, uut);
  auto key = place(there, uut);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  in->clear();
  caf::anon_send_exit(desk, caf::exit_reason::kill);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::accepted));
  CAF_CHECK(in->wait_for_state(desk_state::trading));
  CAF_CHECK_EQUAL(there.tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(news wait for credit and end the relay when there are too many) {
  node_world uut;
  auto desk = uut.sys.spawn<idle_desk>();
  auto relay = uut.sys.spawn<desk_relay>(
    desk, open_desk{"mm", caf::actor_cast<caf::actor>(uut.self)});
  auto tell_news = [&](size_t number) {
    // Also tells that the relay watches.
    CAF_REQUIRE_EQUAL(uut.tell(desk, halt_trading{std::to_string(number)}),
                      caf::none);
  };
  size_t news = 0;
  std::optional<ec> end;
  auto receive_until = [&](auto done) {
    while (!done())
      uut.self->receive([&](const desk_state_changed&) { ++news; },
                        [&](const desk_told&) { ++news; },
                        [&](const balance&) { ++news; },
                        [&](const stream_ended& x) { end = x.reason.code; },
                        caf::after(patience) >> [] { CAF_FAIL("no news"); });
  };
  caf_compat::tell(*uut.self, relay, grant_desk_credit{2});
  receive_until([&] { return news == 2; });
  tell_news(3);
  caf_compat::tell(*uut.self, relay, grant_desk_credit{3});
  receive_until([&] { return news == 5; });
  tell_news(desk_relay::max_waiting);
  CAF_CHECK(!end);
  tell_news(1);
  receive_until([&] { return end.has_value(); });
  CAF_CHECK_EQUAL(*end, ec::subscriber_overflow);
  CAF_CHECK_EQUAL(news, 5u);
  uut.await_end_of(relay);
}

CAF_TEST(a node that gives any credit does not make the gateway send more) {
  node_world uut;
  auto desk = uut.sys.spawn<idle_desk>();
  auto relay = uut.sys.spawn<desk_relay>(
    desk, open_desk{"mm", caf::actor_cast<caf::actor>(uut.self)});
  size_t news = 0;
  auto receive_one = [&] {
    uut.self->receive([&](const desk_state_changed&) { ++news; },
                      [&](const desk_told&) { ++news; },
                      [&](const balance&) { ++news; },
                      [&](const stream_ended&) { CAF_FAIL("it ended"); },
                      caf::after(patience) >> [] { CAF_FAIL("no news"); });
  };
  for (int i = 0; i < 2; ++i)
    caf_compat::tell(*uut.self, relay, grant_desk_credit{UINT64_MAX});
  receive_one();
  receive_one();
  CAF_REQUIRE_EQUAL(
    uut.tell(desk, halt_trading{std::to_string(desk_relay::max_credit)}),
    caf::none);
  while (news < desk_relay::max_credit)
    receive_one();
  // The last two wait for credit.
  caf_compat::tell(*uut.self, relay, grant_desk_credit{1});
  receive_one();
  CAF_CHECK_EQUAL(news, desk_relay::max_credit + 1);
  uut.self->send_exit(relay, caf::exit_reason::kill);
}

CAF_TEST_FIXTURE_SCOPE_END()
