// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_desk_actor

#include "support/desk_conformance.hpp"

#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : desk_world {
  fixture() {
    instrument = "BTC-PERPETUAL";
    place_method = "private/buy";
    private_path = "/ws/api/v2";
    client_spec spec{.name = "account", .config = quick(server->url())};
    spec.config.venue.dialect = "deribit";
    spec.config.venue.login = login_mode::required;
    spec.credentials = demo_account;
    options.account = connect_watched(std::move(spec)).first;
    options.market = options.account;
    trade("deribit");
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

CAF_TEST(fills make the position) {
  desk_conformance::has_the_position(*this);
}

CAF_TEST(what the gate refuses is told and not sent) {
  desk_conformance::refuses_what_exceeds_a_limit(*this);
}

CAF_TEST(the next desk knows the orders of the one that was killed) {
  desk_conformance::knows_the_orders_of_the_last_one(*this);
}

CAF_TEST(the kill switch cancels and refuses until it is reset) {
  desk_conformance::stops_by_its_kill_switch(*this);
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
