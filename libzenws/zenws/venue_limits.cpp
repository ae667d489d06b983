#include "zenws/venue_limits.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

using namespace std::chrono_literals;

namespace zenws::venue_limits {

namespace {

// `rule` is the venue's; what comes back while a request is held up is kept in
// hand.
rate_limit make_limit(const char* name, const rate_charge& charge,
                      limit_scope scope, token_bucket_config rule) {
  auto margin
    = rule.refill
      * static_cast<uint64_t>(std::chrono::nanoseconds{arrival_margin}.count())
      / static_cast<uint64_t>(rule.per.count());
  rule.capacity -= std::min(margin + 1, rule.capacity / 2);
  return {name, std::string{charge.pool}, scope, rule};
}

// At most `limit` in any `period` of the venue's.
rate_limit make_limit(const char* name, const rate_charge& charge,
                      limit_scope scope, uint64_t limit,
                      std::chrono::nanoseconds period) {
  return {name, std::string{charge.pool}, scope,
          rolling_window_config{limit, period + arrival_margin}};
}

} // namespace

std::vector<rate_limit> deribit(token_bucket_config matching) {
  constexpr token_bucket_config requests{.capacity = 50'000, .refill = 10'000};
  // 10 requests at once, 3.33 a second for good.
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
               limit_scope::connection, 5, 1s),
    make_limit("Binance dials in 5 minutes", dial, limit_scope::host, 300,
               5min),
  };
}

std::vector<rate_limit> okx() {
  return {
    make_limit("OKX requests per hour", okx_request, limit_scope::connection,
               480, 1h),
    make_limit("OKX dials per second", dial, limit_scope::host, 3, 1s),
  };
}

} // namespace zenws::venue_limits
