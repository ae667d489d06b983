// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE random_seed

#include "zenws/internal/random_seed.hpp"

#include "support/unit_test.hpp"

#include <array>
#include <set>
#include <thread>
#include <vector>

using namespace zenws;

CAF_TEST(no seed comes twice from whatever thread) {
  constexpr size_t per_thread = 10'000;
  std::array<std::vector<uint64_t>, 4> seeds;
  std::vector<std::thread> threads;
  for (auto& mine : seeds)
    threads.emplace_back([&mine] {
      for (size_t i = 0; i < per_thread; ++i)
        mine.push_back(internal::random_seed());
    });
  for (auto& x : threads)
    x.join();
  std::set<uint64_t> all;
  std::set<uint32_t> low_halves;
  for (auto& mine : seeds)
    for (auto x : mine) {
      all.insert(x);
      low_halves.insert(static_cast<uint32_t>(x));
    }
  CAF_CHECK_EQUAL(all.size(), seeds.size() * per_thread);
  // Chance repeats none or one of these: they are no mere count.
  CAF_CHECK(low_halves.size() > seeds.size() * per_thread - 20);
}
