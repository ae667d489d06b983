#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

/// Returns where the random sequences of a suite begin. Set ZENWS_SEED to
/// repeat a failure.
inline uint64_t choose_seed() {
  if (auto text = std::getenv("ZENWS_SEED"))
    return std::strtoull(text, nullptr, 10);
  return std::random_device{}();
}
