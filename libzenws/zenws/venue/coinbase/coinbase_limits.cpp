// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/coinbase/coinbase_limits.hpp"

#include "zenws/limits/venue_limits.hpp"

#include <string>

namespace zenws::venue_limits {

namespace {

constexpr uint64_t most_per_second = 8;

// The subscription to heartbeats cannot wait.
constexpr uint64_t heartbeats = 1;

rate_limit make_limit(const char* name, const rate_charge& charge,
                      uint64_t reserve) {
  using namespace std::chrono_literals;
  return {name, std::string{charge.pool}, limit_scope::host,
          rolling_window_config{most_per_second, 1s + arrival_margin}, reserve};
}

} // namespace

std::vector<rate_limit> coinbase() {
  return {
    make_limit("Coinbase messages per second", coinbase_message, heartbeats),
    make_limit("Coinbase dials per second", dial, 0),
  };
}

} // namespace zenws::venue_limits
