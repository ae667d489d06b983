// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE traded_market

#include "trading_engine/traded_market.hpp"

#include "support/unit_test.hpp"

#include <array>

using namespace zenws;
using namespace zenws::engine;

using trading::order_event_kind;
using trading::order_side;
using trading::order_state;

namespace {

market::decimal number(std::string_view text) {
  return market::decimal::parse(text).value();
}

trading::client_order_id id_of(std::string_view text) {
  return trading::client_order_id::make(text).value();
}

// An instrument about which all is known.
struct fixture {
  fixture() {
    uut.apply(market::update{market::instrument_state{
      .instrument = uut.instrument(), .tick = number("0.5")}});
    uut.apply(snapshot());
    uut.apply(desk_state_changed{"X", trading::desk_state::trading});
    uut.know_position(number("3"));
  }

  market::update snapshot() const {
    market::book_snapshot result;
    result.instrument = uut.instrument();
    result.sequence = 1;
    result.levels = levels;
    return result;
  }

  void tell(std::string_view id, order_state state,
            order_side side = order_side::buy) {
    trading::order_event news{.content = {.state = state}};
    news.content.key.id = id_of(id);
    news.content.terms.side = side;
    uut.apply(news);
  }

  bool is_tradable() const {
    return uut.is_tradable(now);
  }

  const std::array<market::level_change, 2> levels{
    market::level_change{.side = market::book_side::bid,
                         .price = number("99"),
                         .amount = number("1")},
    market::level_change{.side = market::book_side::ask,
                         .price = number("100"),
                         .amount = number("1")},
  };

  traded_market::time_point now{std::chrono::hours{1}};
  traded_market uut{{"venue", "X"}};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(traded_market_tests, fixture)

CAF_TEST(a decision needs book and terms and position and desk) {
  CAF_CHECK(is_tradable());
  uut.doubt_position();
  CAF_CHECK(!is_tradable());
  uut.know_position(number("3"));
  uut.apply(market::update{market::book_lost{.instrument = uut.instrument()}});
  CAF_CHECK(!is_tradable());
  CAF_CHECK(uut.is_settled());
  uut.apply(snapshot());
  uut.apply(desk_state_changed{"X", trading::desk_state::reconciling});
  CAF_CHECK(!is_tradable());
  CAF_CHECK(!traded_market({"venue", "X"}).is_tradable(now));
}

CAF_TEST(nothing is decided while a request is under way) {
  uut.placing();
  CAF_CHECK(!is_tradable());
  uut.placed();
  CAF_CHECK(is_tradable());
  tell("a", order_state::pending);
  CAF_CHECK(!is_tradable());
  tell("a", order_state::open);
  CAF_CHECK(is_tradable());
  uut.canceling(id_of("a"));
  CAF_CHECK(!is_tradable());
  tell("a", order_state::canceled);
  CAF_CHECK(is_tradable());
  CAF_CHECK(uut.orders().empty());
}

CAF_TEST(nothing is decided while an order is unknown) {
  tell("a", order_state::open);
  tell("a", order_state::unknown);
  CAF_CHECK(!is_tradable());
  tell("a", order_state::filled);
  CAF_CHECK(is_tradable());
}

CAF_TEST(a cancellation that fails leaves the order there) {
  tell("a", order_state::open);
  uut.canceling(id_of("a"));
  desk_request_failed failure;
  failure.order.id = id_of("a");
  uut.apply(failure);
  CAF_CHECK(is_tradable());
  uut.canceling(id_of("a"));
  uut.not_canceled(id_of("a"));
  CAF_CHECK(is_tradable());
  // The desk asks for it after an outage.
  uut.canceling(id_of("a"));
  uut.apply(desk_state_changed{"X", trading::desk_state::disconnected});
  uut.apply(desk_state_changed{"X", trading::desk_state::trading});
  CAF_CHECK(is_tradable());
  CAF_CHECK_EQUAL(uut.orders().size(), 1u);
}

CAF_TEST(a refusal is followed by a pause) {
  uut.pause_until(now + std::chrono::seconds{1});
  CAF_CHECK(!is_tradable());
  CAF_CHECK(uut.is_settled());
  now += std::chrono::seconds{1};
  CAF_CHECK(is_tradable());
}

CAF_TEST(a desk that was started anew tells which orders are left) {
  tell("a", order_state::open);
  tell("b", order_state::open);
  uut.canceling(id_of("a"));
  trading::order left;
  left.key.id = id_of("b");
  left.state = order_state::open;
  uut.know_orders({left});
  CAF_CHECK(!uut.orders().contains(id_of("a")));
  CAF_CHECK(uut.orders().contains(id_of("b")));
  CAF_CHECK(is_tradable());
}

CAF_TEST(orders are found by their side) {
  CAF_CHECK(uut.order_of(order_side::buy) == nullptr);
  tell("a", order_state::open, order_side::sell);
  CAF_CHECK(uut.order_of(order_side::buy) == nullptr);
  CAF_REQUIRE(uut.order_of(order_side::sell) != nullptr);
  CAF_CHECK(uut.order_of(order_side::sell)->key.id == id_of("a"));
}

CAF_TEST_FIXTURE_SCOPE_END()
