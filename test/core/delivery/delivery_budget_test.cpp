// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE delivery_budget

#include "zenws/delivery/delivery_budget.hpp"

#include "support/unit_test.hpp"

#include <thread>

using namespace zenws;

namespace {

struct fixture {
  fixture() {
    uut.on_drained([this] { ++drained; });
  }

  delivery_budget uut{100};
  std::atomic<size_t> drained{0};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(delivery_budget_tests, fixture)

CAF_TEST(a budget is exhausted from its limit on) {
  uut.charge(99);
  CAF_CHECK(!uut.exhausted());
  uut.charge(1);
  CAF_CHECK(uut.exhausted());
  uut.charge(50);
  CAF_CHECK_EQUAL(uut.outstanding(), 150u);
  uut.release(51);
  CAF_CHECK(!uut.exhausted());
}

CAF_TEST(the drain is told once when half of the limit is free) {
  uut.charge(120);
  CAF_CHECK(uut.wait_for_drain());
  uut.release(69);
  CAF_CHECK_EQUAL(drained, 0u);
  uut.release(1);
  CAF_CHECK_EQUAL(drained, 1u);
  uut.release(50);
  CAF_CHECK_EQUAL(drained, 1u);
}

CAF_TEST(a drain without a waiter is not reported) {
  uut.charge(120);
  uut.release(120);
  CAF_CHECK_EQUAL(drained, 0u);
}

CAF_TEST(there is no wait for a finished drain) {
  uut.charge(50);
  CAF_CHECK(!uut.wait_for_drain());
  uut.release(50);
  CAF_CHECK_EQUAL(drained, 0u);
}

CAF_TEST(each wait is told of its own drain) {
  for (size_t i = 1; i <= 3; ++i) {
    uut.charge(100);
    CAF_CHECK(uut.wait_for_drain());
    uut.release(100);
    CAF_CHECK_EQUAL(drained, i);
  }
}

CAF_TEST(without a callback a drain is no error) {
  uut.on_drained(nullptr);
  uut.charge(100);
  CAF_CHECK(uut.wait_for_drain());
  uut.release(100);
  CAF_CHECK_EQUAL(drained, 0u);
}

// A client that waits while the last bytes come back must either be notified or
// not have to wait: otherwise it would never read again.
CAF_TEST(no drain is missed while another thread releases) {
  std::atomic<size_t> charged{0};
  std::atomic<size_t> released{0};
  constexpr size_t rounds = 20'000;
  std::thread other{[&] {
    for (size_t i = 1; i <= rounds; ++i) {
      while (charged < i)
        std::this_thread::yield();
      uut.release(100);
      released = i;
    }
  }};
  size_t told = 0;
  for (size_t i = 1; i <= rounds; ++i) {
    uut.charge(100);
    charged = i;
    told += uut.wait_for_drain();
    while (released < i)
      std::this_thread::yield();
    if (drained != told)
      break;
  }
  charged = rounds;
  other.join();
  CAF_CHECK_EQUAL(drained, told);
}

CAF_TEST_FIXTURE_SCOPE_END()
