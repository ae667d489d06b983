// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/limits/rate_limiter.hpp"

#include "zenws/defaults.hpp"
#include "zenws/internal/enum_names.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace zenws {

namespace {

using std::chrono::nanoseconds;

// -- validation ---------------------------------------------------------------

using problems = std::vector<config_problem>;

void check_count(uint64_t count, uint64_t ceiling, const char* field,
                 problems& out) {
  if (count < 1 || count > ceiling)
    out.push_back({field, "must be from 1 to " + std::to_string(ceiling)});
}

void check_period(nanoseconds period, const char* field, problems& out) {
  if (period < nanoseconds{1} || period > defaults::rate_period_ceiling)
    out.push_back({field, "must be from 1 ns to 24 h"});
}

void check_rule(const token_bucket_config& rule, problems& out) {
  check_count(rule.capacity, token_bucket::ceiling, "capacity", out);
  check_count(rule.refill, token_bucket::ceiling, "refill", out);
  check_period(rule.per, "per", out);
}

void check_rule(const rolling_window_config& rule, problems& out) {
  check_count(rule.limit, rolling_window::ceiling, "limit", out);
  check_period(rule.period, "period", out);
}

// -- meters -------------------------------------------------------------------

std::variant<token_bucket, rolling_window> make_level(const rate_limit& limit) {
  if (auto rule = std::get_if<rolling_window_config>(&limit.rule))
    return rolling_window{*rule};
  return token_bucket{std::get<token_bucket_config>(limit.rule)};
}

// Returns the cost of a request in one pool. Saturates.
uint64_t cost_for(std::string_view pool, rate_charges charges) noexcept {
  uint64_t result = 0;
  for (auto& charge : charges)
    if (charge.pool == pool) {
      auto room = std::numeric_limits<uint64_t>::max() - result;
      result += std::min(charge.cost, room);
    }
  return result;
}

uint64_t capacity_of(const rate_limit& limit) noexcept {
  if (auto window = std::get_if<rolling_window_config>(&limit.rule))
    return window->limit;
  return std::get<token_bucket_config>(limit.rule).capacity;
}

std::string in_words(nanoseconds wait) {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  return std::to_string(ceil<milliseconds>(wait).count()) + " ms";
}

} // namespace

// -- values -------------------------------------------------------------------

BOOST_DESCRIBE_ENUM(limit_scope, connection, account, host)

std::string_view to_string(limit_scope scope) noexcept {
  return internal::enum_name(scope);
}

std::vector<config_problem> validate(const rate_limit& limit) {
  problems result;
  if (limit.name.empty())
    result.push_back({"name", "must not be empty: refusals show it"});
  if (limit.pool.empty())
    result.push_back({"pool", "must not be empty: nothing would draw on it"});
  std::visit([&](auto& rule) { check_rule(rule, result); }, limit.rule);
  if (limit.reserve > 0 && limit.reserve >= capacity_of(limit))
    result.push_back({"reserve", "must be less than the limit holds"});
  return result;
}

rate_limit slowed(rate_limit limit) {
  auto free = capacity_of(limit) - limit.reserve;
  if (free > 1) {
    limit.reserve += free - free / 2;
    return limit;
  }
  auto lengthen = [](nanoseconds& period) {
    period = std::min(2 * period, defaults::rate_period_ceiling);
  };
  if (auto window = std::get_if<rolling_window_config>(&limit.rule))
    lengthen(window->period);
  else
    lengthen(std::get<token_bucket_config>(limit.rule).per);
  return limit;
}

std::vector<rate_limit> with_scope(const std::vector<rate_limit>& limits,
                                   limit_scope scope) {
  std::vector<rate_limit> result;
  std::copy_if(limits.begin(), limits.end(), std::back_inserter(result),
               [scope](const rate_limit& x) { return x.scope == scope; });
  return result;
}

error as_error(const rate_refusal& refusal) {
  auto detail = "limit \"" + refusal.limit + "\" of the "
                + std::string{to_string(refusal.scope)};
  if (refusal.code == ec::rate_limited)
    detail += ", possible in " + in_words(refusal.retry_after);
  return {.code = refusal.code, .detail = std::move(detail)};
}

std::optional<rate_refusal> longer(std::optional<rate_refusal> x,
                                   std::optional<rate_refusal> y) {
  if (!x || !y)
    return x ? x : y;
  if (x->code != y->code)
    return x->code == ec::request_too_costly ? x : y;
  return x->retry_after < y->retry_after ? y : x;
}

// -- constructors, destructors, and assignment operators ----------------------

rate_limiter::rate_limiter(const std::vector<rate_limit>& limits) {
  meters_.reserve(limits.size());
  for (auto& limit : limits)
    meters_.push_back({limit, make_level(limit)});
}

// -- properties ---------------------------------------------------------------

std::optional<rate_refusal> rate_limiter::check(rate_charges charges,
                                                time_point now) {
  std::optional<rate_refusal> result;
  for (auto& x : meters_) {
    auto cost = cost_for(x.limit.pool, charges);
    if (cost == 0)
      continue;
    auto refuse = [&](ec code, nanoseconds wait) {
      result = longer(std::move(result),
                      rate_refusal{code, x.limit.name, x.limit.scope, wait});
    };
    auto ask = [&](auto& level) {
      auto reserve = std::min(x.limit.reserve, level.capacity() - 1);
      if (cost > level.capacity() - reserve)
        refuse(ec::request_too_costly, nanoseconds{0});
      else if (auto ready = level.ready_at(cost + reserve, now); ready > now)
        refuse(ec::rate_limited, ready - now);
    };
    std::visit(ask, x.level);
  }
  return result;
}

std::vector<rate_limiter::status> rate_limiter::available(time_point now) {
  std::vector<status> result;
  result.reserve(meters_.size());
  auto add = [&](const rate_limit& limit, auto& level) {
    auto needed = std::min(limit.reserve, level.capacity() - 1) + 1;
    auto ready = std::max(level.ready_at(needed, now), now);
    result.push_back({limit.name, level.available(now), level.capacity(),
                      limit.scope, ready - now});
  };
  for (auto& x : meters_)
    std::visit([&](auto& level) { add(x.limit, level); }, x.level);
  return result;
}

// -- transitions --------------------------------------------------------------

std::optional<rate_refusal> rate_limiter::acquire(rate_charges charges,
                                                  time_point now) {
  auto refusal = check(charges, now);
  if (!refusal)
    charge(charges, now);
  return refusal;
}

std::optional<rate_refusal> rate_limiter::acquire(rate_charge charge,
                                                  time_point now) {
  return acquire(rate_charges{&charge, 1}, now);
}

void rate_limiter::charge(rate_charges charges, time_point now) {
  for (auto& x : meters_)
    if (auto cost = cost_for(x.limit.pool, charges); cost > 0)
      std::visit([&](auto& level) { level.charge(cost, now); }, x.level);
}

void rate_limiter::charge(rate_charge charge, time_point now) {
  this->charge(rate_charges{&charge, 1}, now);
}

} // namespace zenws
