// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE desk_metrics

#include "support/desk_world.hpp"
#include "support/scrape.hpp"

#include "zenws/metrics/metrics_collector.hpp"

#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : desk_world {
  fixture() {
    instrument = "BTC-PERPETUAL";
    client_spec spec{.name = "account", .config = quick(server->url())};
    spec.config.venue.dialect = "deribit";
    spec.config.venue.login = login_mode::required;
    spec.credentials = demo_account;
    options.account = connect_watched(std::move(spec)).first;
    options.market = options.account;
    trade("deribit");
    metrics.add_desk("maker", options.stats);
  }

  double value(const std::string& name, scrape::labels labels = {}) const {
    labels["desk"] = "maker";
    return scrape{metrics.text()}.get("zenws_desk_" + name, labels);
  }

  bool becomes(const std::string& name, double expected) const {
    return eventually([&] { return value(name) == expected; });
  }

  metrics_collector metrics{rt};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(desk_metrics_tests, fixture)

CAF_TEST(orders and their fills are counted) {
  auto desk = start_desk();
  auto resting_order = rest(desk);
  place(desk.uut, at_market());
  CAF_REQUIRE(desk.in->wait_for_fills(1));
  auto report = ask<desk_report>(desk.uut, get_desk_report{});
  CAF_REQUIRE(report);
  CAF_CHECK_EQUAL(value("placed_orders_total"), 2);
  CAF_CHECK_EQUAL(value("fills_total"), static_cast<double>(report->fills));
  CAF_CHECK(becomes("open_orders", 1));
  CAF_CHECK_EQUAL(value("instruments"), 1);
  CAF_CHECK_EQUAL(value("traded_instruments"), 1);
  cancel(desk, resting_order.id);
  CAF_CHECK(becomes("open_orders", 0));
}

CAF_TEST(refusals are counted by their cause) {
  auto desk = start_desk();
  rest(desk);
  auto order = resting();
  order.amount = number("200000");
  CAF_CHECK(!ask<trading::order_key>(desk.uut, place_order{order}));
  CAF_CHECK_EQUAL(value("refused_orders_total", {{"cause", "position"}}), 1);
  CAF_CHECK_EQUAL(value("refused_orders_total", {{"cause", "rate"}}), 0);
}

CAF_TEST(the kill switch shows until it is reset) {
  auto desk = start_desk();
  rest(desk);
  CAF_CHECK_EQUAL(value("halted"), 0);
  CAF_CHECK_EQUAL(tell(desk.uut, halt_trading{"by hand"}), caf::none);
  CAF_CHECK_EQUAL(value("halted"), 1);
  CAF_CHECK_EQUAL(tell(desk.uut, resume_trading{}), caf::none);
  CAF_CHECK_EQUAL(value("halted"), 0);
}

CAF_TEST(an order of unknown outcome shows until it is known) {
  options.desk.lifetime = 500ms;
  options.desk.margin = 500ms;
  auto desk = start_desk();
  rest(desk);
  server->apply(sim::fault_answer_nothing{.method = place_method,
                                          .executes = sim::execution::left},
                private_path);
  place(desk.uut, resting());
  server->apply(sim::fault_drop{}); // instead of an answer
  CAF_CHECK(becomes("ever_unknown_orders_total", 1));
  CAF_CHECK(becomes("unknown_orders", 0));
}

CAF_TEST(a desk that is dead trades nothing) {
  auto desk = start_desk();
  rest(desk);
  CAF_CHECK_EQUAL(value("traded_instruments"), 1);
  kill(desk.uut);
  CAF_CHECK(becomes("traded_instruments", 0));
  CAF_CHECK_EQUAL(value("placed_orders_total"), 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
