// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE okx_desk

#include "support/desk_conformance.hpp"

#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : desk_world {
  fixture() {
    server = start_server({.okx = {.snapshot_interval = 10ms}});
    instrument = "BTC-USDT-SWAP";
    place_method = "order";
    private_path = "/ws/v5/private";
    auto own = spec("account", private_path);
    own.config.venue.login = login_mode::required;
    own.credentials = demo_account;
    options.account = connect_watched(std::move(own)).first;
    options.market = connect_watched(spec("market", "/ws/v5/public")).first;
    trade("okx");
  }

  client_spec spec(const char* name, const std::string& path) const {
    client_spec result{.name = name, .config = quick(server->url(path))};
    result.config.venue.dialect = "okx";
    return result;
  }

  /// Waits until the venue was asked to cancel that many orders.
  bool wait_for_cancellations(size_t expected) const {
    return eventually([&] {
      auto all = server->received();
      return std::ranges::count_if(all,
                                   [](auto& x) {
                                     return x.text.find("\"cancel-order\"")
                                            != std::string::npos;
                                   })
             >= static_cast<std::ptrdiff_t>(expected);
    });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(okx_desk_tests, fixture)

CAF_TEST(a desk trades at OKX) {
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

CAF_TEST(a post only order that would take is canceled) {
  auto [uut, in] = start_desk();
  rest({uut, in});
  auto order = resting();
  order.price = number("90000");
  order.post_only = true;
  auto key = place(uut, order);
  auto end = in->wait_for(key.id, trading::order_event_kind::canceled);
  CAF_REQUIRE(end);
  CAF_CHECK_EQUAL(end->content.reason, "cancelSource 31");
}

CAF_TEST(an order that was filled unseen is over and in the position) {
  auto [uut, in] = start_desk();
  auto key = rest({uut, in});
  auto other = rest({uut, in});
  server->apply(sim::fault_silence{.channel = "orders"});
  fill(key);
  server->apply(sim::fault_drop{}, private_path);
  CAF_REQUIRE(in->wait_for_state(trading::desk_state::disconnected));
  CAF_REQUIRE(in->wait_for_state(trading::desk_state::trading));
  CAF_CHECK(waits_for_position(uut, amount));
  // Only cancellations tell what has become of them.
  CAF_CHECK(in->wait_for(key.id, trading::order_event_kind::canceled));
  CAF_CHECK(in->wait_for(other.id, trading::order_event_kind::canceled));
  CAF_CHECK(open_orders(uut).empty());
  CAF_CHECK(waits_for_position(uut, amount));
}

CAF_TEST(an order that was lost with its connection stays unknown) {
  options.desk.lifetime = 500ms;
  options.desk.margin = 500ms;
  auto [uut, in] = start_desk();
  CAF_REQUIRE(in->wait_for_state(trading::desk_state::trading));
  server->apply(sim::fault_answer_nothing{.method = place_method},
                private_path);
  auto key = place(uut, resting());
  CAF_REQUIRE(server->wait_for(
    [&](auto& x) { return x.text.find(key.id.view()) != std::string::npos; },
    patience));
  server->apply(sim::fault_drop{}, private_path);
  CAF_REQUIRE(in->wait_for(key.id, trading::order_event_kind::unknown));
  // The answers prove nothing: it may have been filled.
  CAF_CHECK(wait_for_cancellations(2));
  auto refused = ask<trading::order_key>(uut, place_order{resting()});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::risk_refused);
}

CAF_TEST_FIXTURE_SCOPE_END()
