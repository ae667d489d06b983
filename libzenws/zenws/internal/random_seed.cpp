// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/internal/random_seed.hpp"

#include <atomic>
#include <random>

namespace zenws::internal {

// SplitMix64: see https://prng.di.unimi.it/splitmix64.c.
uint64_t random_seed() noexcept {
  constexpr uint64_t step = 0x9e3779b97f4a7c15u;
  static std::atomic<uint64_t> state{[] {
    std::random_device source;
    return uint64_t{source()} << 32 | source();
  }()};
  auto x = state.fetch_add(step, std::memory_order_relaxed) + step;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

} // namespace zenws::internal
