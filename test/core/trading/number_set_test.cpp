// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE number_set

#include "zenws/trading/number_set.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <random>
#include <set>

using namespace zenws::test_support;
using namespace zenws::trading;

CAF_TEST(numbers are there once they were added) {
  number_set uut;
  CAF_CHECK(!uut.contains(0));
  uut.add(3, 5);
  for (uint64_t i = 0; i < 8; ++i)
    CAF_CHECK_EQUAL(uut.contains(i), i >= 3 && i <= 5);
  uut.add(7, 6); // none
  CAF_CHECK(!uut.contains(6));
  CAF_CHECK(!uut.contains(7));
}

CAF_TEST(ranges join in any order) {
  std::mt19937_64 rng{choose_seed()};
  for (int round = 0; round < 500; ++round) {
    number_set uut;
    std::set<uint64_t> expected;
    for (int i = 0; i < 20; ++i) {
      auto first = 1 + rng() % 60;
      auto last = first + rng() % 6;
      uut.add(first, last);
      for (auto x = first; x <= last; ++x)
        expected.insert(x);
      for (uint64_t x = 0; x < 70; ++x)
        CAF_REQUIRE_EQUAL(uut.contains(x), expected.contains(x));
    }
  }
}
