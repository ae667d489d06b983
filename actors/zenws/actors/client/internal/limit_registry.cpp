// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/limit_registry.hpp"

#include "zenws/config/url.hpp"

#include <chrono>
#include <utility>

namespace zenws {

std::vector<shared_rate_limiter>
limit_registry::limiters_for(const client_spec& spec) {
  std::vector<shared_rate_limiter> result;
  auto target = parse_url(spec.config.url);
  if (!target)
    return result;
  auto& host = spec.limits.host.empty() ? target->host : spec.limits.host;
  auto account = host + '/' + spec.account;
  auto add = [&](const std::vector<rate_limit>& limits, limit_scope scope) {
    auto shared = with_scope(limits, scope);
    if (shared.empty())
      return;
    auto& owner = scope == limit_scope::host ? host : account;
    auto key = owner;
    for (auto& limit : shared)
      key += '\n' + limit.name;
    std::lock_guard guard{mtx_};
    result.push_back(limiters_.try_emplace(key, shared, owner).first->second);
  };
  auto rates = spec.limits.rates ? *spec.limits.rates
                                 : dialect_of(spec)->limits();
  for (auto scope : {limit_scope::host, limit_scope::account}) {
    add(rates, scope);
    for (auto& limit : spec.limits.additional_rates)
      add({limit}, scope);
  }
  return result;
}

host_demands_ptr limit_registry::demands_for(const client_spec& spec) {
  auto target = parse_url(spec.config.url);
  if (!target)
    return std::make_shared<host_demands>();
  std::lock_guard guard{mtx_};
  auto& result = demands_[target->authority()];
  if (!result)
    result = std::make_shared<host_demands>();
  return result;
}

limit_levels limit_registry::levels() const {
  std::vector<shared_rate_limiter> limiters;
  {
    std::lock_guard guard{mtx_};
    for (auto& [key, limiter] : limiters_)
      limiters.push_back(limiter);
  }
  return levels_of(limiters);
}

limit_levels levels_of(const std::vector<shared_rate_limiter>& limiters) {
  // Several limiters of one owner may have limits of the same name.
  std::map<std::pair<std::string, std::string>, limit_level> levels;
  auto now = std::chrono::steady_clock::now();
  for (auto& limiter : limiters)
    for (auto& x : limiter.available(now)) {
      std::string name{x.limit};
      levels.try_emplace({limiter.owner(), name},
                         limit_level{name, x.scope, limiter.owner(), x.capacity,
                                     x.available, x.next_free});
    }
  limit_levels result;
  for (auto& [key, level] : levels)
    result.limits.push_back(std::move(level));
  return result;
}

} // namespace zenws
