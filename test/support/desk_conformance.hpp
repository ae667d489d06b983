// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "desk_world.hpp"

#include <set>
#include <utility>

/// What a desk does at each venue. A test of a venue calls these with a world
/// whose members it has filled.
namespace zenws::test_support::desk_conformance {

using enum trading::order_event_kind;

inline void trades_once_it_knows(desk_world& world) {
  auto desk = world.start_desk();
  CAF_REQUIRE(desk.in->wait_for_state(trading::desk_state::trading));
  auto key = world.rest(desk);
  auto open = world.open_orders(desk.uut);
  CAF_REQUIRE_EQUAL(open.size(), 1u);
  CAF_CHECK(open[0].state == trading::order_state::open);
  world.cancel(desk, key.id);
  CAF_CHECK_EQUAL(world.server->count_orders(key.id.view()), 1u);
}

inline void tells_fills_once(desk_world& world) {
  auto desk = world.start_desk();
  auto key = world.place(desk.uut, world.at_market());
  auto end = desk.in->wait_for(key.id, filled);
  CAF_REQUIRE(end);
  CAF_CHECK(end->content.filled == number(world.amount));
  CAF_CHECK(desk.in->wait_for_fills(1));
  std::set<trading::fill_id> ids;
  for (auto& x : desk.in->fills()) {
    CAF_CHECK(ids.insert(x.id).second);
    CAF_CHECK(x.fee);
    CAF_CHECK(x.liquidity == trading::fill_liquidity::taker);
  }
}

inline void tells_parts(desk_world& world) {
  auto desk = world.start_desk();
  auto order = world.resting();
  order.amount = number("40");
  auto key = world.rest(desk, order);
  world.fill(key, "10");
  auto part = desk.in->wait_for(key.id, partially_filled);
  CAF_REQUIRE(part);
  CAF_CHECK(part->content.filled == number("10"));
  world.fill(key, "30");
  auto end = desk.in->wait_for(key.id, filled);
  CAF_REQUIRE(end);
  CAF_CHECK(end->content.filled == number("40"));
  CAF_CHECK(desk.in->wait_for_fills(2));
}

inline void makes_an_order_smaller(desk_world& world) {
  auto desk = world.start_desk();
  auto order = world.resting();
  order.amount = number("40");
  auto key = world.rest(desk, order);
  CAF_CHECK_EQUAL(
    world.tell(desk.uut, amend_order{{.order = key, .amount = number("20")}}),
    caf::none);
  auto news = desk.in->wait_for(key.id, amended);
  CAF_REQUIRE(news);
  CAF_CHECK(news->content.terms.amount == number("20"));
  world.cancel(desk, key.id);
}

inline void has_the_position(desk_world& world) {
  auto desk = world.start_desk();
  auto key = world.place(desk.uut, world.at_market());
  CAF_REQUIRE(desk.in->wait_for(key.id, filled));
  CAF_CHECK(world.waits_for_position(desk.uut, world.amount));
}

inline void refuses_what_exceeds_a_limit(desk_world& world) {
  auto desk = world.start_desk();
  world.rest(desk);
  auto order = world.resting();
  order.amount = number("200000");
  auto refused = world.ask<trading::order_key>(desk.uut, place_order{order});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
  CAF_CHECK_EQUAL(world.server->orders().size(), 1u);
}

/// Amounts have a step of 10 at the simulator, prices one of 0.5.
inline void refuses_what_is_off_a_step(desk_world& world) {
  auto desk = world.start_desk();
  world.rest(desk);
  for (auto [price, amount] : {std::pair{"1", "7"}, {"1.3", "10"}}) {
    auto order = world.resting();
    order.price = number(price);
    order.amount = number(amount);
    auto refused = world.ask<trading::order_key>(desk.uut, place_order{order});
    CAF_REQUIRE(!refused);
    CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
  }
  CAF_CHECK_EQUAL(world.server->orders().size(), 1u);
}

inline void knows_the_orders_of_the_last_one(desk_world& world) {
  trading::client_order_id id;
  {
    auto desk = world.start_desk();
    id = world.rest(desk).id;
    world.kill(desk.uut);
  }
  auto desk = world.start_desk();
  CAF_REQUIRE(desk.in->wait_for_state(trading::desk_state::trading));
  auto open = world.open_orders(desk.uut);
  CAF_REQUIRE_EQUAL(open.size(), 1u);
  CAF_CHECK(open[0].key.id == id);
  auto next = world.place(desk.uut, world.resting());
  CAF_CHECK(next.id != id);
  CAF_CHECK_EQUAL(world.tell(desk.uut, cancel_orders{}), caf::none);
  CAF_CHECK(desk.in->wait_for(id, canceled));
  CAF_CHECK(desk.in->wait_for(next.id, canceled));
}

inline void stops_by_its_kill_switch(desk_world& world) {
  auto desk = world.start_desk();
  auto key = world.rest(desk);
  auto other = world.rest(desk);
  CAF_CHECK_EQUAL(world.tell(desk.uut, halt_trading{"by hand"}), caf::none);
  CAF_CHECK(desk.in->wait_for(key.id, canceled));
  CAF_CHECK(desk.in->wait_for(other.id, canceled));
  auto refused = world.ask<trading::order_key>(desk.uut,
                                               place_order{world.resting()});
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::to_text(refused.error()).find("by hand")
            != std::string::npos);
  CAF_CHECK_EQUAL(world.tell(desk.uut, resume_trading{}), caf::none);
  world.rest(desk);
}

/// Of the connection that carries requests.
inline void keeps_orders_over_an_outage(desk_world& world) {
  world.options.desk.guard = std::chrono::seconds{0};
  auto desk = world.start_desk();
  auto key = world.rest(desk);
  world.server->apply(sim::fault_drop{}, world.private_path);
  CAF_REQUIRE(desk.in->wait_for_state(trading::desk_state::disconnected));
  CAF_REQUIRE(desk.in->wait_for_state(trading::desk_state::trading));
  world.cancel(desk, key.id);
}

/// The venue has the order, but its answer is lost.
inline void sends_no_order_twice(desk_world& world) {
  auto desk = world.start_desk();
  CAF_REQUIRE(desk.in->wait_for_state(trading::desk_state::trading));
  world.server->apply(
    sim::fault_answer_nothing{.method = world.place_method,
                              .executes = sim::execution::done},
    world.private_path);
  auto key = world.rest(desk);
  world.cancel(desk, key.id);
  CAF_CHECK_EQUAL(world.server->count_orders(key.id.view()), 1u);
}

/// The request is lost on its way.
inline void finds_out_that_an_order_never_arrived(desk_world& world) {
  world.options.desk.lifetime = std::chrono::milliseconds{500};
  world.options.desk.margin = std::chrono::milliseconds{500};
  auto desk = world.start_desk();
  CAF_REQUIRE(desk.in->wait_for_state(trading::desk_state::trading));
  world.server->apply(
    sim::fault_answer_nothing{.method = world.place_method,
                              .executes = sim::execution::left},
    world.private_path);
  auto key = world.place(desk.uut, world.resting());
  CAF_CHECK(desk.in->wait_for(key.id, unknown));
  CAF_CHECK(desk.in->wait_for(key.id, rejected));
  CAF_CHECK_EQUAL(world.server->count_orders(key.id.view()), 0u);
  world.place(desk.uut, world.resting());
}

inline void tells_doubled_fills_once(desk_world& world) {
  world.turn("tell_fills", R"({"mode":"twice"})");
  auto desk = world.start_desk();
  auto key = world.rest(desk);
  auto next = world.rest(desk);
  world.fill(key);
  world.fill(next);
  // All that came before the fill of the next order was told.
  CAF_REQUIRE(
    desk.in->wait_for_fill([&](auto& x) { return x.order.id == next.id; }));
  auto fills = desk.in->fills();
  CAF_REQUIRE_EQUAL(fills.size(), 2u);
  CAF_CHECK(fills[0].order.id == key.id);
  CAF_CHECK(fills[0].amount == number(world.amount));
}

inline void tells_late_fills(desk_world& world) {
  world.turn("tell_fills", R"({"mode":"held"})");
  auto desk = world.start_desk();
  auto key = world.rest(desk);
  world.fill(key);
  CAF_REQUIRE(desk.in->wait_for(key.id, filled));
  world.turn("tell_fills", R"({"mode":"once"})");
  CAF_REQUIRE(desk.in->wait_for_fills(1));
  CAF_CHECK(desk.in->fills()[0].order.id == key.id);
}

} // namespace zenws::test_support::desk_conformance
