// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE monitor.client_rows

#include "zenws/monitor/internal/client_rows.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::monitoring;

namespace {

registered_client make_client(const std::string& name) {
  return {.name = name, .stats = std::make_shared<client_stats>()};
}

} // namespace

CAF_TEST(what a client lost is summed over messages and market data) {
  auto client = make_client("venue");
  client.stats->dropped.set(3);
  client.stats->market.dropped.set(4);
  client.stats->market.trade_gaps.set(5);
  auto& lost = client.stats->market.lost_books;
  lost[static_cast<size_t>(market::loss_cause::gap)].set(6);
  lost[static_cast<size_t>(market::loss_cause::silent)].set(100);
  snapshot from;
  from.clients = {client, make_client("well")};
  auto rows = rows_of(from);
  CAF_REQUIRE_EQUAL(rows.size(), 2u);
  CAF_CHECK_EQUAL(rows[0].dropped, 7u);
  CAF_CHECK_EQUAL(rows[0].gaps, 11u);
  auto totals = totals_of(rows);
  CAF_CHECK_EQUAL(totals.dropped, 7u);
  CAF_CHECK_EQUAL(totals.gaps, 11u);
}

CAF_TEST(rows are sorted by their round trips) {
  snapshot from;
  from.clients = {make_client("far"), make_client("near"), make_client("new")};
  from.clients[0].stats->round_trip_us.set(90'000);
  from.clients[1].stats->round_trip_us.set(200);
  auto rows = rows_of(from);
  auto page = select(rows, {.key = row_key::round_trip, .descending = true});
  CAF_REQUIRE_EQUAL(page.rows.size(), 3u);
  CAF_CHECK_EQUAL(page.rows[0]->name, "far");
  CAF_CHECK_EQUAL(page.rows[1]->name, "near");
  CAF_CHECK_EQUAL(page.rows[2]->name, "new");
}
