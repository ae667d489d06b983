// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE full_metrics

#include "full_world.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(full_metrics_tests, full_world)

CAF_TEST(updates and their lag are counted) {
  auto in = follow_market({market::data_kind::trades});
  CAF_REQUIRE(in->wait_for<market::trade>(5));
  auto now = scraped();
  CAF_CHECK(now.get("zenws_market_updates_total") >= 5);
  CAF_CHECK_GREATER(now.get("zenws_market_lag_seconds_count"), 0);
  // Venue and client have one clock here.
  auto late = now.get("zenws_market_lag_seconds_count")
              - now.get("zenws_market_lag_seconds_bucket", {{"le", "10"}});
  CAF_CHECK_EQUAL(late, 0);
}

CAF_TEST(a gap of the venue is counted by its cause) {
  auto in = follow_market({market::data_kind::book});
  CAF_REQUIRE(in->wait_for<market::book_change>(1));
  scrape::labels gap{{"cause", "gap"}};
  CAF_CHECK_EQUAL(scraped().get("zenws_market_lost_books_total", gap), 0);
  venue->apply(sim::fault_gap{});
  CAF_REQUIRE(in->wait_for<market::book_lost>(1));
  CAF_CHECK_EQUAL(scraped().get("zenws_market_lost_books_total", gap), 1);
}

CAF_TEST(a recording is counted) {
  CAF_CHECK(eventually([&] {
    auto now = scraped();
    return now.get("zenws_recording_entries_total") > 10
           && now.get("zenws_recording_written_bytes_total") > 1000;
  }));
  CAF_CHECK_EQUAL(scraped().get("zenws_recording_left_out_entries_total"), 0);
}

CAF_TEST(what goes to a node is counted while it is there) {
  scrape::labels node{{"gateway", "gateway"}, {"node", "node"}};
  CAF_CHECK_EQUAL(scraped().get("zenws_gateway_nodes"), 1);
  CAF_CHECK(eventually([&] {
    auto now = scraped();
    return now.get("zenws_node_streams", node) == 1
           && now.get("zenws_node_batches_total", node) > 3
           && now.get("zenws_node_sent_bytes_total", node) > 100;
  }));
  there.link = nullptr;
  CAF_CHECK(eventually([&] {
    return scraped().get("zenws_gateway_nodes") == 0
           && !scraped().find("zenws_node_streams", node);
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()
