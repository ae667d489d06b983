// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/limits/venue_limits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

using namespace std::chrono_literals;

namespace zenws::venue_limits {

namespace {

// A bucket of the venue's, without the tokens that return while a message is
// held up: as full as ours, it would lack that when the messages after it
// arrive.
rate_limit make_limit(const char* name, const rate_charge& charge,
                      limit_scope scope, token_bucket_config rule) {
  std::chrono::duration<double> margin = arrival_margin;
  auto lacking = static_cast<double>(rule.refill) * (margin / rule.per);
  auto left = static_cast<double>(rule.capacity) - std::ceil(lacking);
  rule.capacity = static_cast<uint64_t>(std::max(left, 1.0));
  return {name, std::string{charge.pool}, scope, rule};
}

// At most `limit` in any `period` of the venue's.
rate_limit make_limit(const char* name, const rate_charge& charge,
                      limit_scope scope, uint64_t limit,
                      std::chrono::nanoseconds period, uint64_t reserve = 0) {
  return {name, std::string{charge.pool}, scope,
          rolling_window_config{limit, period + arrival_margin}, reserve};
}

// Binance ends a connection at the first frame too many, pongs included. It
// pings every 20 s at most, so there is one of them in a second.
constexpr uint64_t pongs_per_second = 1;

} // namespace

std::vector<rate_limit> deribit(token_bucket_config matching) {
  constexpr token_bucket_config requests{.capacity = 50'000, .refill = 10'000};
  constexpr token_bucket_config subscribing{.capacity = 30'000,
                                            .refill = 10'000};
  auto scope = limit_scope::account;
  return {
    make_limit("Deribit non-matching credits", deribit_request, scope,
               requests),
    make_limit("Deribit subscribe credits", deribit_subscribe, scope,
               subscribing),
    make_limit("Deribit matching requests", deribit_order, scope, matching),
  };
}

std::vector<rate_limit> binance_spot() {
  return {
    make_limit("Binance messages per second", binance_message,
               limit_scope::connection, 5, 1s, pongs_per_second),
    make_limit("Binance dials in 5 minutes", dial, limit_scope::host, 300,
               5min),
  };
}

std::vector<rate_limit> okx() {
  return {
    make_limit("OKX requests per hour", okx_request, limit_scope::connection,
               480, 1h),
    make_limit("OKX dials per second", dial, limit_scope::host, 3, 1s),
    make_limit("OKX orders in 2 seconds", okx_order, limit_scope::account,
               1'000, 2s),
  };
}

} // namespace zenws::venue_limits
