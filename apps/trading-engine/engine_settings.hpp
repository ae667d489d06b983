// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/settings.hpp"

#include "zenws/nodes/gateway_connection.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::engine {

/// Settings of the program, from its file and its command line.
struct engine_settings {
  engine_settings();

  /// The connection of its own. By default to Deribit's test venue
  /// (docs.deribit.com).
  client_spec venue;

  std::vector<std::string> instruments{"BTC-PERPETUAL"};

  /// Period of market data, "raw" or "100ms", see `pace_of`.
  std::string interval = "100ms";

  /// 0: until interrupted.
  int64_t seconds = 0;

  bool sends_orders = false;

  /// Name that the labels of orders begin with; empty for a new one.
  std::string run{};

  /// Addresses of gateways, "HOST:PORT", in place of a connection of its own.
  std::vector<std::string> gateways{};

  /// Name of the client of the gateways.
  std::string client = "venue";

  node_options node{};
  caf_settings caf{};
};

/// Reads the tables of the file, see docs/operations.md.
void read_engine_file(config_section& root, engine_settings& to);

/// Returns the pace of an interval: "raw" is the fastest, and needs a login
/// (docs.deribit.com, "Subscriptions").
market_pace pace_of(std::string_view interval) noexcept;

/// Returns the problem with the name of a run, or an empty text.
std::string check_run_name(const std::string& name);

/// Reads "HOST:PORT".
std::optional<gateway_options> parse_gateway(std::string_view text);

} // namespace zenws::engine
