// SPDX-License-Identifier: BSD-3-Clause

#include "engine_settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace zenws::engine {

namespace {

void read_engine(config_section& from, engine_settings& to) {
  from.read("instruments", to.instruments);
  if (from.read("interval", to.interval) && to.interval != "raw"
      && to.interval != "100ms")
    from.complain("interval", "must be raw or 100ms");
  from.read("seconds", to.seconds);
  from.read("orders", to.sends_orders);
  if (from.read("run", to.run))
    if (auto problem = check_run_name(to.run); !problem.empty())
      from.complain("run", problem);
}

void read_gateways(config_section& from, engine_settings& to) {
  from.read("addresses", to.gateways);
  for (auto& x : to.gateways)
    if (!parse_gateway(x))
      from.complain("addresses", "must each be HOST:PORT");
  from.read("client", to.client);
  read_node(from, to.node);
}

} // namespace

engine_settings::engine_settings() {
  venue.name = "venue";
  venue.config.url = "wss://test.deribit.com/ws/api/v2";
  venue.config.heartbeat.kind = heartbeat_kind::venue;
  venue.config.venue.dialect = "deribit";
}

void read_engine_file(config_section& root, engine_settings& to) {
  if (auto table = root.table("engine"))
    read_engine(*table, to);
  if (auto table = root.table("venue"))
    read_client(*table, to.venue);
  if (auto table = root.table("gateways"))
    read_gateways(*table, to);
  to.caf = read_caf(root);
}

market_pace pace_of(std::string_view interval) noexcept {
  return interval == "raw" ? market_pace::fastest : market_pace::usual;
}

std::string check_run_name(const std::string& name) {
  // Labels have at most 64 characters (docs.deribit.com, "private/buy"), of
  // which 34 are left for numbers.
  constexpr size_t max_size = 30;
  auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  if (!name.empty() && name.size() <= max_size
      && std::ranges::all_of(name, is_plain))
    return {};
  return "must be 1 to 30 letters, digits, '-' or '_'";
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
