// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/config/server_config.hpp"

#include "zenws/sim/net/public_key.hpp"

#include <cmath>
#include <set>
#include <string_view>
#include <utility>

namespace zenws::sim {

namespace {

using std::chrono::milliseconds;

std::optional<std::string>
problem_of(const std::vector<account_config>& accounts) {
  std::set<std::string_view> keys;
  for (auto& x : accounts) {
    if (x.key.empty() || x.secret.empty())
      return "an account needs a key and a secret";
    if (!x.public_key.empty() && !kind_of_public_key(x.public_key))
      return "the public key of " + x.key + " is neither Ed25519 nor RSA";
    if (!keys.insert(x.key).second)
      return "two accounts have the key " + x.key;
  }
  return std::nullopt;
}

std::optional<std::string> problem_of(const api_config& api) {
  if (api.heartbeat_second.count() <= 0)
    return "api.heartbeat_second must be positive";
  if (api.token_lifetime.count() <= 0)
    return "api.token_lifetime must be positive";
  if (api.max_orders == 0)
    return "api.max_orders must be positive";
  if (!api.limits)
    return std::nullopt;
  for (auto& x :
       {api.limits->requests, api.limits->subscriptions, api.limits->matching})
    if (x.cost > x.pool)
      return "api.limits: a pool must hold the cost of one request";
  return std::nullopt;
}

std::optional<std::string> negative_duration(const server_config& cfg) {
  const std::pair<const char*, milliseconds> durations[] = {
    {"binance.ping_interval", cfg.binance.ping_interval},
    {"binance.pong_timeout", cfg.binance.pong_timeout},
    {"binance.penalty", cfg.binance.penalty},
    {"binance.max_age", cfg.binance.max_age},
    {"binance.shutdown_notice", cfg.binance.shutdown_notice},
    {"coinbase.subscribe_timeout", cfg.coinbase.subscribe_timeout},
    {"coinbase.batch_interval", cfg.coinbase.batch_interval},
    {"bybit.idle_timeout", cfg.bybit.idle_timeout},
    {"hyperliquid.idle_timeout", cfg.hyperliquid.idle_timeout},
    {"hyperliquid.window", cfg.hyperliquid.window},
    {"hyperliquid.book_interval", cfg.hyperliquid.book_interval},
    {"hyperliquid.fast_book_interval", cfg.hyperliquid.fast_book_interval},
    {"kraken.heartbeat_interval", cfg.kraken.heartbeat_interval},
    {"kraken.idle_timeout", cfg.kraken.idle_timeout},
    {"kraken.request_window", cfg.kraken.request_window},
    {"kraken.token_lifetime", cfg.kraken.token_lifetime},
    {"kraken.guard_second", cfg.kraken.guard_second},
    {"okx.idle_timeout", cfg.okx.idle_timeout},
    {"okx.request_window", cfg.okx.request_window},
    {"okx.login_window", cfg.okx.login_window},
    {"okx.snapshot_interval", cfg.okx.snapshot_interval},
  };
  for (auto [name, value] : durations)
    if (value.count() < 0)
      return std::string{name} + " must not be negative";
  return std::nullopt;
}

} // namespace

std::optional<std::string> problem_of(const server_config& cfg) {
  if (cfg.tick.count() <= 0)
    return "tick must be positive";
  if (!std::isfinite(cfg.replay_speed) || cfg.replay_speed < 0)
    return "replay speed must not be negative";
  if (auto problem = problem_of(cfg.accounts))
    return problem;
  if (cfg.coinbase.heartbeat_second.count() <= 0)
    return "coinbase.heartbeat_second must be positive";
  if (auto problem = problem_of(cfg.api))
    return problem;
  return negative_duration(cfg);
}

} // namespace zenws::sim
