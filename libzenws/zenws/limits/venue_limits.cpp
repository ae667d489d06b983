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

// Of Binance's WebSocket API.
constexpr rate_charge weight_1{"weight", 1};
constexpr rate_charge binance_order_charge{"orders", 1};

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
    make_limit("Binance orders in 10 seconds", binance_order_charge,
               limit_scope::account, 50, 10s),
    make_limit("Binance weight per minute", weight_1, limit_scope::host, 6'000,
               1min),
    make_limit("Binance dials in 5 minutes", dial, limit_scope::host, 300,
               5min),
  };
}

rate_charges binance_weight(std::string_view method) noexcept {
  static constexpr std::array one{weight_1};
  static constexpr std::array two{rate_charge{"weight", 2}};
  static constexpr std::array four{rate_charge{"weight", 4}};
  static constexpr std::array six{rate_charge{"weight", 6}};
  static constexpr std::array twenty{rate_charge{"weight", 20}};
  static constexpr std::array trades{rate_charge{"weight", 25}};
  static constexpr std::array levels{rate_charge{"weight", 50}};
  static constexpr std::array order{weight_1, binance_order_charge};
  struct row {
    std::string_view method;
    rate_charges cost;
  };
  static constexpr row rows[] = {
    {"order.place", order},
    {"order.cancelReplace", order},
    {"sor.order.place", order},
    {"order.cancel", one},
    {"openOrders.cancelAll", one},
    {"orderList.cancel", one},
    {"order.test", one},
    {"ping", one},
    {"time", one},
    {"order.status", four},
    {"order.amend.keepPriority", four},
    {"openOrders.status", six},
    {"trades.recent", trades},
    {"trades.historical", trades},
    {"trades.aggregate", four},
    {"depth", levels},
  };
  for (auto& x : rows)
    if (x.method == method)
      return x.cost;
  auto is_of_session = method.starts_with("session.")
                       || method.starts_with("userDataStream.");
  return is_of_session ? rate_charges{two} : rate_charges{twenty};
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
