// SPDX-License-Identifier: BSD-3-Clause

#include "engine_settings.hpp"

#include "config_file/desk_settings.hpp"

#include <unistd.h>

#include <charconv>
#include <string>
#include <vector>

namespace zenws::engine {

namespace {

// -- venues -------------------------------------------------------------------

void read_gateways(config_section& from, venue_setup& to) {
  std::vector<std::string> addresses;
  from.read("gateways", addresses);
  for (auto& x : addresses)
    if (auto gateway = parse_gateway(x))
      to.gateways.push_back(*gateway);
    else
      from.complain("gateways", "must each be HOST:PORT");
  from.read("client", to.client);
}

void read_part(config_section& from, std::string_view key,
               const client_spec& base, std::optional<client_spec>& to) {
  auto table = from.table(key);
  if (!table)
    return;
  to.emplace();
  to->config.venue.dialect = base.config.venue.dialect;
  read_client(*table, *to);
}

void read_venue(config_section& from, venue_setup& to) {
  read_gateways(from, to);
  if (to.gateways.empty())
    read_client(from, to.market);
  else
    from.read("dialect", to.market.config.venue.dialect);
  from.read_choice("pace", to.desk.pace,
                   {market_pace::usual, market_pace::fastest});
  read_part(from, "api", to.market, to.api);
  read_part(from, "account", to.market, to.account);
  read_part(from, "channels", to.market, to.channels);
  if (auto desk = from.table("desk"))
    read_desk(*desk, to.desk);
  else
    from.complain("desk", "is missing: name its owner, its journal and the "
                          "instruments that it trades");
}

void read_venues(config_section& root, engine_config& to) {
  auto venues = root.table("venues");
  if (!venues)
    return;
  for (auto& name : venues->keys())
    if (auto table = venues->table(name)) {
      venue_setup venue{.name = name};
      read_venue(*table, venue);
      to.venues.push_back(std::move(venue));
    }
}

// -- strategies ---------------------------------------------------------------

enum class strategy_kind : uint8_t { market_maker, venue_spread };

std::string_view to_string(strategy_kind value) noexcept {
  return value == strategy_kind::market_maker ? "market_maker" : "venue_spread";
}

maker_settings read_maker(config_section& from) {
  maker_settings result;
  from.read("venue", result.market.venue);
  from.read("instrument", result.market.instrument);
  from.read("amount", result.amount);
  from.read("max_position", result.max_position);
  from.read("half_spread", result.half_spread);
  from.read("skew", result.skew);
  from.read("tolerance", result.tolerance);
  complain(from, validate(result));
  return result;
}

void read_side(config_section& from, std::string_view key, market_key& to) {
  auto table = from.table(key);
  if (!table)
    return from.complain(key, "is missing: { venue = …, instrument = … }");
  table->read("venue", to.venue);
  table->read("instrument", to.instrument);
}

spread_settings read_spread(config_section& from) {
  spread_settings result;
  read_side(from, "first", result.first);
  read_side(from, "second", result.second);
  from.read("amount", result.amount);
  from.read("max_position", result.max_position);
  from.read("entry", result.entry);
  from.read("exit", result.exit);
  complain(from, validate(result));
  return result;
}

void read_strategies(config_section& root, engine_config& to) {
  auto strategies = root.table("strategies");
  if (!strategies)
    return;
  for (auto& name : strategies->keys()) {
    auto table = strategies->table(name);
    if (!table)
      continue;
    auto kind = strategy_kind::market_maker;
    if (!table->read_choice("kind", kind,
                            {strategy_kind::market_maker,
                             strategy_kind::venue_spread}))
      table->complain("kind", "must be market_maker or venue_spread");
    if (kind == strategy_kind::market_maker)
      to.strategies.push_back({name, read_maker(*table)});
    else
      to.strategies.push_back({name, read_spread(*table)});
  }
}

} // namespace

engine_settings example_settings() {
  engine_settings result;
  venue_setup venue{.name = "deribit"};
  venue.market.config.url = "wss://test.deribit.com/ws/api/v2";
  venue.market.config.venue.dialect = "deribit";
  venue.desk.desk.ledger.owner = "example";
  venue.desk.desk.instruments = {{"BTC-PERPETUAL", {}}};
  venue.desk.journal = trading::journal_mode::off;
  result.engine.venues.push_back(std::move(venue));
  result.engine.strategies.push_back(
    {"maker", maker_settings{.market = {"deribit", "BTC-PERPETUAL"},
                             .amount = *market::decimal::make(10, 0),
                             .max_position = *market::decimal::make(100, 0)}});
  return result;
}

void read_engine_file(config_section& root, engine_settings& to) {
  if (auto table = root.table("engine")) {
    table->read_choice("on_exit", to.engine.on_exit,
                       {departure::cancel, departure::flatten,
                        departure::leave});
    table->read("seconds", to.seconds);
  }
  read_venues(root, to.engine);
  read_strategies(root, to.engine);
  complain(root, validate(to.engine));
  if (auto table = root.table("node"))
    read_node(*table, to.node);
  to.caf = read_caf(root);
  read_monitor(root, to.monitor);
}

std::optional<gateway_options> parse_gateway(std::string_view text) {
  gateway_options result;
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto* last = text.data() + text.size();
  auto [end, failure] = std::from_chars(text.data() + colon + 1, last,
                                        result.port);
  if (failure != std::errc{} || end != last || result.port == 0)
    return std::nullopt;
  result.host = text.substr(0, colon);
  result.node = "trading-engine-" + std::to_string(getpid());
  return result;
}

} // namespace zenws::engine
