// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_ledger

#include "trading_engine/order_ledger.hpp"

#include "support/unit_test.hpp"

using namespace std::chrono_literals;
using namespace zenws::engine;

namespace {

struct fixture {
  std::string send() {
    return uut.sent({"X", 1}, now + 3s);
  }

  order_ledger::time_point now{};
  order_ledger uut{"run", 4};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(order_ledger_tests, fixture)

CAF_TEST(no two orders have the same label) {
  uut.begin_incarnation();
  CAF_CHECK_EQUAL(send(), "run-5-1");
  CAF_CHECK_EQUAL(send(), "run-5-2");
  uut.begin_incarnation();
  CAF_CHECK_EQUAL(send(), "run-6-1");
}

CAF_TEST(the orders of a run are known by their labels) {
  for (auto label : {"run-1-1", "run-1700000000000-12"})
    CAF_CHECK(uut.is_own(label));
  for (auto label : {"", "run", "run-1", "run-1-", "run-x-1", "run-1-1-1",
                     "other-1-1", "run2-1-1"})
    CAF_CHECK(!uut.is_own(label));
}

CAF_TEST(orders that one incarnation waited for are unknown to the next) {
  auto label = send();
  CAF_CHECK(uut.has_open("X"));
  CAF_CHECK(!uut.is_unknown(label));
  uut.begin_incarnation();
  CAF_CHECK(uut.is_unknown(label));
  CAF_CHECK_EQUAL(uut.counters().unknown, 1u);
  CAF_CHECK_EQUAL(uut.doubtful(now + 3s).size(), 1u);
  uut.absent(label);
  CAF_CHECK(!uut.has_open("X"));
}

CAF_TEST(an order is settled once) {
  auto label = send();
  auto settled = uut.acked(label);
  CAF_REQUIRE(settled);
  CAF_CHECK_EQUAL(settled->instrument, "X");
  CAF_CHECK(!uut.acked(label));
  CAF_CHECK(!uut.absent(label));
  CAF_CHECK_EQUAL(uut.counters().acked, 1u);
  CAF_CHECK_EQUAL(uut.counters().absent, 0u);
}

CAF_TEST(an order that never left does not count) {
  CAF_CHECK(uut.kept_back(send()));
  CAF_CHECK_EQUAL(uut.counters().sent, 0u);
  CAF_CHECK(!uut.kept_back("run-4-1"));
  CAF_CHECK_EQUAL(uut.counters().sent, 0u);
}

CAF_TEST(a doubtful order is one that cannot arrive any more) {
  auto label = send();
  CAF_CHECK(uut.doubtful(now + 1h).empty());
  uut.lost_sight(label);
  uut.lost_sight(label);
  CAF_CHECK_EQUAL(uut.counters().unknown, 1u);
  CAF_CHECK(uut.doubtful(now + 2999ms).empty());
  auto all = uut.doubtful(now + 3s);
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK_EQUAL(all[0].first, label);
  CAF_CHECK_EQUAL(all[0].second, "X");
  CAF_CHECK(uut.absent(label));
  CAF_CHECK(uut.doubtful(now + 1h).empty());
  CAF_CHECK_EQUAL(uut.counters().unknown, 0u);
  CAF_CHECK_EQUAL(uut.counters().ever_unknown, 1u);
  CAF_CHECK_EQUAL(uut.counters().absent, 1u);
}

CAF_TEST(a late notification settles a doubtful order) {
  auto label = send();
  uut.lost_sight(label);
  CAF_CHECK(uut.acked(label));
  CAF_CHECK_EQUAL(uut.counters().unknown, 0u);
  CAF_CHECK_EQUAL(uut.counters().acked, 1u);
  uut.lost_sight(label);
  CAF_CHECK_EQUAL(uut.counters().unknown, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
