// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE paper_desk

#include "zenws/actors/desk/order_desk.hpp"

#include "support/desk_inbox.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <map>
#include <optional>
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

sim::server_config busy_market() {
  sim::server_config result;
  result.tick = 2ms;
  return result;
}

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server(busy_market());
  temporary_folder folder;
  client_actor client = connect_public();
  order_desk_options options = make_options();

  /// Without a login, with which nobody could trade.
  client_actor connect_public() {
    client_spec spec{.name = "market", .config = quick(server->url())};
    spec.config.venue.dialect = "deribit";
    return connect_watched(std::move(spec)).first;
  }

  order_desk_options make_options() {
    order_desk_options result;
    result.mode = desk_mode::paper;
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

  void kill(const order_desk_actor& uut) {
    self->send_exit(uut, caf::exit_reason::kill);
    CAF_REQUIRE(eventually([&] { return caf_compat::has_ended(uut); }));
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

  order_request limit(order_side side, decimal price) {
    return {.instrument = instrument_name::make(btc).value(),
            .side = side,
            .amount = number("10"),
            .price = price};
  }

  order_request market_order() {
    return {.instrument = instrument_name::make(btc).value(),
            .type = order_type::market,
            .amount = number("10")};
  }

  std::optional<decimal> position(const order_desk_actor& uut) {
    auto held = ask<position_list>(uut, get_positions{});
    if (!held || held->positions.size() != 1)
      return std::nullopt;
    return held->positions[0].amount;
  }

  bool was_sent_nothing() {
    for (auto& x : server->received())
      if (x.text.find("private/") != std::string::npos)
        return false;
    return server->orders().empty();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(paper_desk_tests, fixture)

CAF_TEST(a market order is filled by the book and sent to nobody) {
  auto [uut, in] = start_desk();
  auto key = place(uut, market_order());
  auto filled = in->wait_for(key.id, order_event_kind::filled);
  CAF_REQUIRE(filled);
  CAF_CHECK(filled->content.filled == number("10"));
  CAF_CHECK(!in->fills().empty());
  for (auto& x : in->fills()) {
    CAF_CHECK(x.order.id == key.id);
    CAF_CHECK(x.liquidity == fill_liquidity::taker);
  }
  CAF_CHECK(position(uut) == number("10"));
  CAF_CHECK_EQUAL(server->count_orders(key.id.view()), 0u);
  CAF_CHECK(was_sent_nothing());
}

CAF_TEST(resting orders are filled by what happens at the venue) {
  auto [uut, in] = start_desk();
  place(uut, market_order());
  CAF_REQUIRE(in->wait_for_fill([](auto&) { return true; }));
  auto price = in->fills().front().price.units(1).value();
  // Whatever way the market takes, it comes to one of them.
  std::map<client_order_id, decimal> prices;
  for (int64_t distance : {0, 5, 10})
    for (auto side : {order_side::buy, order_side::sell}) {
      auto away = side == order_side::buy ? -distance : distance;
      auto limit_price = decimal::make(price + away, -1).value();
      auto key = place(uut, limit(side, limit_price));
      prices.emplace(key.id, limit_price);
    }
  auto news = in->wait_for_fill(
    [](auto& x) { return x.liquidity == fill_liquidity::maker; });
  CAF_REQUIRE(news);
  CAF_REQUIRE(prices.contains(news->order.id));
  CAF_CHECK(news->price == prices[news->order.id]);
  CAF_CHECK(was_sent_nothing());
}

CAF_TEST(the venue form of an order is needed on paper as well) {
  auto [uut, in] = start_desk();
  place(uut, limit(order_side::buy, number("1")));
  auto order = market_order();
  order.validity = time_in_force::fill_or_kill;
  auto refused = ask<order_key>(uut, place_order{order});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::not_supported);
}

CAF_TEST(orders on paper are changed and canceled) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, number("1")));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  amend_request change{.order = key, .amount = number("20")};
  CAF_CHECK_EQUAL(tell(uut, amend_order{change}), caf::none);
  auto amended = in->wait_for(key.id, order_event_kind::amended);
  CAF_REQUIRE(amended);
  CAF_CHECK(amended->content.terms.amount == number("20"));
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  CAF_CHECK(was_sent_nothing());
}

CAF_TEST(the kill switch works on paper) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, number("1")));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  CAF_CHECK_EQUAL(tell(uut, halt_trading{"by hand"}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  auto refused = ask<order_key>(uut, place_order{market_order()});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
  CAF_CHECK_EQUAL(tell(uut, resume_trading{}), caf::none);
  place(uut, market_order());
  CAF_CHECK(was_sent_nothing());
}

CAF_TEST(the next desk knows the position and cancels lost orders) {
  client_order_id id;
  {
    auto [uut, in] = start_desk();
    auto key = place(uut, market_order());
    CAF_REQUIRE(in->wait_for(key.id, order_event_kind::filled));
    id = place(uut, limit(order_side::buy, number("1"))).id;
    CAF_REQUIRE(in->wait_for(id, order_event_kind::accepted));
    kill(uut);
  }
  auto [uut, in] = start_desk();
  CAF_CHECK(position(uut) == number("10"));
  auto open = ask<order_list>(uut, get_orders{});
  CAF_REQUIRE(open);
  CAF_CHECK(open->orders.empty());
  auto next = place(uut, market_order());
  CAF_CHECK(next.id != id);
  CAF_REQUIRE(in->wait_for(next.id, order_event_kind::filled));
  CAF_CHECK(position(uut) == number("20"));
}

CAF_TEST(orders rest on paper over an outage of the market) {
  auto [uut, in] = start_desk();
  auto key = place(uut, limit(order_side::buy, number("1")));
  CAF_REQUIRE(in->wait_for(key.id, order_event_kind::accepted));
  auto n = in->count_states();
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for_state_after(n, desk_state::disconnected));
  CAF_REQUIRE(in->wait_for_state(desk_state::trading));
  CAF_CHECK_EQUAL(tell(uut, cancel_order{key.id}), caf::none);
  CAF_CHECK(in->wait_for(key.id, order_event_kind::canceled));
  auto next = place(uut, market_order());
  CAF_CHECK(in->wait_for(next.id, order_event_kind::filled));
}

CAF_TEST(journals of live desks and of those on paper are not mixed) {
  auto [uut, in] = start_desk();
  kill(uut);
  options.mode = desk_mode::live;
  auto refused = start_order_desk(sys, options);
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::to_text(refused.error()).find("account")
            != std::string::npos);
  options.account = client;
  refused = start_order_desk(sys, options);
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::to_text(refused.error())
              .find("belongs to desk on paper, not to desk")
            != std::string::npos);
  options.journal_path = folder.file("live.db");
  {
    auto live = start_order_desk(sys, options);
    CAF_REQUIRE(live);
    kill(*live);
  }
  options.mode = desk_mode::paper;
  refused = start_order_desk(sys, options);
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::to_text(refused.error())
              .find("belongs to desk, not to desk on paper")
            != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
