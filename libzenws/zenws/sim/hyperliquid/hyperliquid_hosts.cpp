// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/hyperliquid/hyperliquid_hosts.hpp"

namespace zenws::sim {

hyperliquid_hosts::state& hyperliquid_hosts::at(const std::string& host) {
  auto fresh = [this] {
    return state{{cfg_.max_dials, cfg_.window},
                 {cfg_.max_messages, cfg_.window}};
  };
  auto i = hosts_.find(host);
  return i != hosts_.end() ? i->second
                           : hosts_.emplace(host, fresh()).first->second;
}

std::optional<std::string> hyperliquid_hosts::came(const std::string& host,
                                                   time_point now) {
  auto& x = at(host);
  ++x.connections;
  auto is_too_fast = !x.dials.admit(now);
  auto most = cfg_.max_connections;
  if (is_too_fast || (most > 0 && x.connections > most))
    return "Cannot open more than " + std::to_string(most) + " connections.";
  return std::nullopt;
}

void hyperliquid_hosts::left(const std::string& host) {
  if (auto& x = at(host); x.connections > 0)
    --x.connections;
}

std::optional<std::string> hyperliquid_hosts::sent(const std::string& host,
                                                   time_point now) {
  if (at(host).messages.admit(now))
    return std::nullopt;
  return "Cannot send more than " + std::to_string(cfg_.max_messages)
         + " messages per minute.";
}

std::optional<std::string>
hyperliquid_hosts::subscribed(const std::string& host) {
  auto& x = at(host);
  auto most = cfg_.max_subscriptions;
  if (most > 0 && x.subscriptions >= most)
    return "Cannot subscribe to more than " + std::to_string(most)
           + " channels.";
  ++x.subscriptions;
  return std::nullopt;
}

void hyperliquid_hosts::unsubscribed(const std::string& host) {
  if (auto& x = at(host); x.subscriptions > 0)
    --x.subscriptions;
}

} // namespace zenws::sim
