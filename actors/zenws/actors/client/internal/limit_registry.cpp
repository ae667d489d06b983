#include "zenws/actors/client/internal/limit_registry.hpp"

#include "zenws/config/url.hpp"

namespace zenws {

std::vector<shared_rate_limiter>
limit_registry::limiters_for(const client_spec& spec) {
  std::vector<shared_rate_limiter> result;
  auto target = parse_url(spec.config.url);
  if (!target)
    return result;
  auto limits = spec.limits.rates ? *spec.limits.rates
                                  : dialect_of(spec)->limits();
  auto add = [&](limit_scope scope, const std::string& key) {
    auto own = with_scope(limits, scope);
    if (own.empty())
      return;
    std::lock_guard guard{mtx_};
    auto i = limiters_.try_emplace(key, own).first;
    result.push_back(i->second);
  };
  add(limit_scope::host, target->host);
  add(limit_scope::account, target->host + '/' + spec.account);
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

} // namespace zenws
