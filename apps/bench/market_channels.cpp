// SPDX-License-Identifier: BSD-3-Clause

#include "market_channels.hpp"

namespace zenws::bench {

namespace {

// Enough for a thousand channels.
constexpr size_t num_instruments = 167;

} // namespace

std::vector<std::string> market_instruments() {
  std::vector<std::string> result;
  for (size_t i = 0; i < num_instruments; ++i)
    result.push_back("BTC-" + std::to_string(10'000 + 500 * i) + "-C");
  return result;
}

std::vector<std::string> market_channels(size_t count) {
  std::vector<std::string> result;
  for (auto& instrument : market_instruments())
    for (auto* kind : {"book.", "trades.", "ticker."})
      for (auto* interval : {".raw", ".100ms"})
        if (result.size() < count)
          result.push_back(kind + instrument + interval);
  return result;
}

} // namespace zenws::bench
