// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE pending_writes

#include "zenws/actors/client/internal/client_connection.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <deque>
#include <random>

using namespace zenws;
using namespace zenws::test_support;

namespace {

bool same(const pending_writes& uut, const std::deque<uint64_t>& expected) {
  auto rest = uut.rest();
  return std::equal(rest.begin(), rest.end(), expected.begin(), expected.end());
}

} // namespace

CAF_TEST(writes end in their order) {
  pending_writes uut;
  CAF_CHECK(uut.rest().empty());
  for (uint64_t token : {3, 0, 7})
    uut.push(token);
  CAF_CHECK_EQUAL(uut.pop(), 3u);
  CAF_CHECK(same(uut, {0, 7}));
  CAF_CHECK_EQUAL(uut.pop(), 0u);
  CAF_CHECK_EQUAL(uut.pop(), 7u);
  CAF_CHECK(uut.rest().empty());
}

CAF_TEST(any sequence of operations behaves like a queue) {
  std::mt19937_64 random{choose_seed()};
  pending_writes uut;
  std::deque<uint64_t> expected;
  for (int i = 0; i < 20'000; ++i) {
    // Long phases in which it grows, and others in which it shrinks.
    auto grows = random() % 8 < (i / 500 % 2 == 0 ? 5u : 3u);
    if (grows || expected.empty()) {
      expected.push_back(random());
      uut.push(expected.back());
    } else {
      CAF_REQUIRE_EQUAL(uut.pop(), expected.front());
      expected.pop_front();
    }
    CAF_REQUIRE(same(uut, expected));
  }
}
