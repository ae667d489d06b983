// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE monitor.client_rows

#include "zenws/monitor/internal/client_rows.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::monitoring;

namespace {

// Clients that run, with figures of their own.
struct fixture {
  client_stats& add(const std::string& name) {
    auto stats = std::make_shared<client_stats>();
    from.clients.push_back({.name = name, .stats = stats});
    return *stats;
  }

  snapshot from;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(monitor_client_rows_tests, fixture)

CAF_TEST(what a client lost is summed over messages and market data) {
  auto& stats = add("venue");
  add("well");
  stats.dropped.set(3);
  stats.market.dropped.set(4);
  stats.market.trade_gaps.set(5);
  auto& lost = stats.market.lost_books;
  lost[static_cast<size_t>(market::loss_cause::gap)].set(6);
  lost[static_cast<size_t>(market::loss_cause::silent)].set(100);
  auto rows = rows_of(from);
  CAF_REQUIRE_EQUAL(rows.size(), 2u);
  CAF_CHECK_EQUAL(rows[0].dropped, 7u);
  CAF_CHECK_EQUAL(rows[0].gaps, 11u);
  auto totals = totals_of(rows);
  CAF_CHECK_EQUAL(totals.dropped, 7u);
  CAF_CHECK_EQUAL(totals.gaps, 11u);
}

CAF_TEST(rows are sorted by their round trips) {
  add("far").round_trip_us.set(90'000);
  add("near").round_trip_us.set(200);
  add("new");
  auto rows = rows_of(from);
  auto page = select(rows, {.key = row_key::round_trip, .descending = true});
  CAF_REQUIRE_EQUAL(page.rows.size(), 3u);
  CAF_CHECK_EQUAL(page.rows[0]->name, "far");
  CAF_CHECK_EQUAL(page.rows[1]->name, "near");
  CAF_CHECK_EQUAL(page.rows[2]->name, "new");
}

CAF_TEST_FIXTURE_SCOPE_END()
