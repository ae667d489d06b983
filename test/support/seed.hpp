// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "unit_test.hpp"

#include <cstdint>
#include <cstdlib>
#include <random>

namespace zenws::test_support {

/// Returns and prints the seed of a random test. The environment variable
/// ZENWS_SEED repeats a run; otherwise each run has another seed.
inline uint64_t choose_seed() {
  auto text = std::getenv("ZENWS_SEED");
  uint64_t result = text ? std::strtoull(text, nullptr, 10)
                         : std::random_device{}();
  CAF_MESSAGE("ZENWS_SEED=" << result);
  return result;
}

} // namespace zenws::test_support
