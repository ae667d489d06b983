// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE node_desk

#include "desk_fixture.hpp"

#include <algorithm>

// Desks at nodes, whose accounts are clients of gateways.

using namespace zenws;
using namespace zenws::test_support;
using namespace zenws::trading;

namespace {

struct fixture {
  std::unique_ptr<sim::server> venue = start_server();
  temporary_folder folder;
  std::unique_ptr<desk_gateway> a = open_gateway();

  std::unique_ptr<desk_gateway> open_gateway(uint16_t port = 0) {
    auto result = std::make_unique<desk_gateway>(*venue);
    result->open(port);
    return result;
  }

  order_desk_actor start_desk(world& there, const client_actor& account) {
    auto options = desk_of(account, "node", folder.file("node.db"));
    options.desk.lifetime = 100ms;
    options.desk.margin = 100ms;
    options.desk.first_pause = 50ms;
    auto result = start_order_desk(there.sys, std::move(options));
    if (!result)
      CAF_FAIL(caf_compat::to_text(result.error()));
    return *result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_desk_tests, fixture)

CAF_TEST(a desk trades over a client of a gateway) {
  desk_user there{*a};
  auto uut = start_desk(there, there.client("account"));
  auto [watcher, in] = watch(there, uut);
  auto key = place(there, uut);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(there.tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(refusals of the venue keep their codes on the way to a node) {
  desk_user there{*a};
  auto uut = start_desk(there, there.client("account"));
  auto [watcher, in] = watch(there, uut);
  auto first = place(there, uut);
  CAF_REQUIRE(in->wait_for(first.id, order_event_kind::accepted));
  venue->apply(sim::fault_fail_calls{
    .method = "private/buy", .code = "10009", .message = "not_enough_funds"});
  auto key = place(there, uut);
  auto told = in->wait_for(key.id, order_event_kind::rejected);
  CAF_REQUIRE(told);
  CAF_CHECK(told->content.reason.find("10009") != std::string::npos);
}

CAF_TEST(orders of a node outlive its gateway) {
  desk_user there{*a};
  auto uut = start_desk(there, there.client("account"));
  auto [watcher, in] = watch(there, uut);
  auto key = place(there, uut);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  auto port = a->gateway->port();
  a = nullptr;
  CAF_REQUIRE(in->wait_for_state(desk_state::disconnected));
  auto refused = there.ask<order_key>(uut, place_order{resting_order()});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::not_connected);
  a = open_gateway(port);
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  CAF_CHECK_EQUAL(open_orders(there, uut).size(), 1u);
  CAF_CHECK_EQUAL(there.tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST(an order under way when the gateway is lost is unknown until asked) {
  for (auto executes : {sim::execution::done, sim::execution::left}) {
    desk_user there{*a};
    auto uut = start_desk(there, there.client("account"));
    auto [watcher, in] = watch(there, uut);
    place(there, uut);
    CAF_CHECK_EQUAL(there.tell(uut, cancel_orders{}), caf::none);
    CAF_REQUIRE(in->wait_for(order_event_kind::canceled));
    // Nobody tells of the next order.
    venue->apply(sim::fault_silence{});
    venue->apply(
      sim::fault_answer_nothing{.method = "private/buy", .executes = executes});
    auto key = place(there, uut);
    // It is at the venue when an answer to a later request is there.
    CAF_REQUIRE(there.ask<rpc_result>(there.client("account"),
                                      call{.method = "public/get_time"}));
    auto port = a->gateway->port();
    a = nullptr;
    CAF_CHECK(in->wait_for(key.id, order_event_kind::unknown));
    venue->apply(sim::fault_recover{});
    a = open_gateway(port);
    auto told = in->wait_for(key.id, order_event_kind::resolved);
    if (executes == sim::execution::done) {
      CAF_REQUIRE(told);
      CAF_CHECK(told->content.state == order_state::open);
      CAF_CHECK_EQUAL(there.tell(uut, cancel_order{key.id}), caf::none);
      CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
    } else {
      CAF_REQUIRE(told);
      CAF_CHECK(told->content.state == order_state::rejected);
    }
    CAF_CHECK(open_orders(there, uut).empty());
    there.self->send_exit(uut, caf::exit_reason::kill);
    there.await_end_of(uut);
  }
}

CAF_TEST(two desks at one account take their own orders only) {
  auto at_gateway
    = a->start_desk(desk_of(a->account, "gate", folder.file("gate.db")));
  a->desk = at_gateway;
  desk_user there{*a};
  auto at_node = start_desk(there, there.client("account"));
  auto [first, in_gate] = watch(*a, at_gateway);
  auto [second, in_node] = watch(there, at_node);
  auto of_gate = place(*a, at_gateway);
  auto of_node = place(there, at_node);
  CAF_REQUIRE(in_gate->wait_for(of_gate.id, order_event_kind::accepted));
  CAF_REQUIRE(in_node->wait_for(of_node.id, order_event_kind::accepted));
  // Also not after the venue was asked for all open orders.
  auto reconcile = [](world& from, const order_desk_actor& desk,
                      const desk_inbox_ptr& in) {
    in->clear();
    CAF_CHECK_EQUAL(from.tell(desk, reconcile_orders{}), caf::none);
    CAF_REQUIRE(in->wait_for_state(desk_state::trading));
    return open_orders(from, desk);
  };
  auto held_by_gate = reconcile(*a, at_gateway, in_gate);
  auto held_by_node = reconcile(there, at_node, in_node);
  CAF_REQUIRE_EQUAL(held_by_gate.size(), 1u);
  CAF_REQUIRE_EQUAL(held_by_node.size(), 1u);
  CAF_CHECK(held_by_gate[0].key.id == of_gate.id);
  CAF_CHECK(held_by_node[0].key.id == of_node.id);
  auto refused = there.tell(at_node, cancel_order{of_gate.id});
  CAF_CHECK_EQUAL(caf_compat::code_of(refused), ec::not_found);
  // Of the other one's fills, neither.
  auto order = resting_order();
  order.type = order_type::market;
  order.price = std::nullopt;
  auto filled = place(there, at_node, order);
  CAF_REQUIRE(in_node->wait_for(filled.id, order_event_kind::filled));
  reconcile(*a, at_gateway, in_gate);
  CAF_CHECK(in_gate->fills().empty());
  for (auto& x : in_gate->events())
    CAF_CHECK(x.content.key.id == of_gate.id);
}

CAF_TEST(a desk over two gateways goes on when either is lost) {
  auto b = open_gateway();
  desk_user there{*a};
  auto second = connect_gateway(there.rt,
                                {.port = b->gateway->port(),
                                 .backoff = {.min = 10ms, .max = 100ms}});
  CAF_REQUIRE(second);
  auto link_to_b = std::move(*second);
  auto from_b = there.ask<client_actor>(link_to_b->gateway(),
                                        get_client{"account"});
  CAF_REQUIRE(from_b);
  auto from_a = there.client("account");
  auto merged = there.rt.merge({.sources = {from_a, *from_b}});
  CAF_REQUIRE(merged);
  auto uut = start_desk(there, *merged);
  auto [watcher, in] = watch(there, uut);
  auto first = place(there, uut);
  CAF_REQUIRE(in->wait_for(first.id, order_event_kind::accepted));
  auto port = a->gateway->port();
  a = nullptr;
  // Nobody says so: the other one goes on.
  auto next = place(there, uut);
  CAF_REQUIRE(in->wait_for(next.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(there.tell(uut, cancel_order{first.id}), caf::none);
  CAF_CHECK(in->wait_for(first.id, order_event_kind::canceled));
  a = open_gateway(port);
  auto last = place(there, uut);
  CAF_REQUIRE(in->wait_for(last.id, order_event_kind::accepted));
  CAF_REQUIRE(there.ask<uint64_t>(from_a, await_ready{}));
  link_to_b = nullptr;
  CAF_CHECK_EQUAL(there.tell(uut, cancel_orders{}), caf::none);
  CAF_CHECK(in->wait_for(next.id, order_event_kind::canceled));
  CAF_CHECK(in->wait_for(last.id, order_event_kind::canceled));
}

CAF_TEST(a desk over two gateways asks what it missed where one goes on) {
  auto b = open_gateway();
  desk_user there{*a};
  auto second = connect_gateway(there.rt, {.port = b->gateway->port()});
  CAF_REQUIRE(second);
  auto link_to_b = std::move(*second);
  auto from_b = there.ask<client_actor>(link_to_b->gateway(),
                                        get_client{"account"});
  CAF_REQUIRE(from_b);
  auto merged = there.rt.merge({.sources = {there.client("account"), *from_b}});
  CAF_REQUIRE(merged);
  auto uut = start_desk(there, *merged);
  auto [watcher, in] = watch(there, uut);
  auto key = place(there, uut);
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  // The first source does not tell of the end of the order.
  venue->apply(sim::fault_silence{});
  auto order = open_orders(there, uut).front();
  auto canceled = b->ask<rpc_result>(
    b->account,
    call{.method = "private/cancel",
         .params = R"({"order_id":")" + std::string{order.key.venue_id.view()}
                   + "\"}"});
  CAF_REQUIRE(canceled);
  CAF_CHECK_EQUAL(open_orders(there, uut).size(), 1u);
  a = nullptr;
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
}

CAF_TEST_FIXTURE_SCOPE_END()
