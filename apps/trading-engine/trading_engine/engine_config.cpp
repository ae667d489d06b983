// SPDX-License-Identifier: BSD-3-Clause

#include "engine_config.hpp"

#include "zenws/config/url.hpp"
#include "zenws/venue/known_venue.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <utility>

namespace zenws::engine {

namespace {

bool is_at(const venue_address& address, std::string_view host) {
  auto url = parse_url(address.url);
  return url && url->host == host;
}

bool is_test_host(std::string_view host) {
  return std::ranges::any_of(known_venues(), [&](auto& venue) {
    return std::ranges::any_of(venue.addresses, [&](auto& x) {
      return x.money == venue_money::test && is_at(x, host);
    });
  });
}

const venue_setup* find_venue(const engine_config& cfg, std::string_view name) {
  auto i = std::ranges::find(cfg.venues, name, &venue_setup::name);
  return i != cfg.venues.end() ? &*i : nullptr;
}

void check_market(const engine_config& cfg, const market_key& market,
                  const std::string& path, std::vector<config_problem>& to) {
  auto* venue = find_venue(cfg, market.venue);
  if (venue == nullptr)
    to.push_back({path, "there is no venue '" + market.venue + '\''});
  else if (!venue->desk.desk.instruments.contains(market.instrument))
    to.push_back({path, "the desk of " + market.venue + " does not have '"
                          + market.instrument
                          + "': add it to its instruments, with its limits"});
}

void check_strategies(const engine_config& cfg,
                      std::vector<config_problem>& to) {
  std::vector<std::pair<market_key, std::string>> taken;
  for (auto& strategy : cfg.strategies) {
    auto path = "strategies." + strategy.name;
    for (auto& market : markets_of(strategy)) {
      check_market(cfg, market, path, to);
      auto i = std::ranges::find(taken, market,
                                 &std::pair<market_key, std::string>::first);
      if (i != taken.end())
        to.push_back({path, "'" + i->second + "' trades " + market.instrument
                              + " of " + market.venue + " already"});
      taken.emplace_back(market, strategy.name);
    }
  }
}

bool logs_in(const client_spec& spec) {
  return spec.credentials || spec.credentials_actor;
}

} // namespace

std::vector<market_key> markets_of(const strategy_config& strategy) {
  if (auto* maker = std::get_if<maker_settings>(&strategy.settings))
    return {maker->market};
  auto& spread = std::get<spread_settings>(strategy.settings);
  return {spread.first, spread.second};
}

std::string_view to_string(departure value) noexcept {
  switch (value) {
    case departure::cancel:
      return "cancel";
    case departure::flatten:
      return "flatten";
    default:
      return "leave";
  }
}

std::vector<config_problem> validate(const engine_config& cfg) {
  std::vector<config_problem> result;
  if (cfg.venues.empty())
    result.push_back({"venues", "there is none"});
  if (cfg.strategies.empty())
    result.push_back({"strategies", "there is none"});
  check_strategies(cfg, result);
  for (auto& venue : cfg.venues) {
    auto path = "venues." + venue.name;
    auto dialect = make_dialect(venue.market.config.venue.dialect);
    if (dialect == nullptr || dialect->orders() == nullptr)
      result.push_back({path + ".dialect", "has no orders"});
    auto& account = venue.account ? *venue.account : venue.market;
    if (cfg.mode == desk_mode::live && venue.gateways.empty()
        && !logs_in(account))
      result.push_back({path, "orders need a login: name its credentials "
                              "(credentials_from_environment)"});
  }
  return result;
}

bool is_test_address(std::string_view text) {
  auto url = parse_url(text);
  if (!url)
    return false;
  auto& host = url->host;
  boost::system::error_code is_name;
  auto address = boost::asio::ip::make_address(host, is_name);
  return host == "localhost" || (!is_name && address.is_loopback())
         || is_test_host(host);
}

std::vector<std::string> production_venues(const engine_config& cfg) {
  std::vector<std::string> result;
  for (auto& venue : cfg.venues) {
    auto is_test = [](const std::optional<client_spec>& x) {
      return !x || is_test_address(x->config.url);
    };
    if (!venue.gateways.empty() || !is_test(venue.market) || !is_test(venue.api)
        || !is_test(venue.account) || !is_test(venue.channels))
      result.push_back(venue.name);
  }
  return result;
}

} // namespace zenws::engine
