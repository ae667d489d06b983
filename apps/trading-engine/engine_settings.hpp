// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "trading_engine/engine_config.hpp"

#include "config_file/log_settings.hpp"
#include "config_file/monitor_settings.hpp"
#include "config_file/settings.hpp"

#include "zenws/nodes/node_options.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace zenws::engine {

/// Settings of the program, from its file and its command line.
struct engine_settings {
  engine_config engine{};

  /// 0: until interrupted.
  int64_t seconds = 0;

  node_options node{};
  caf_settings caf{};
  std::optional<monitor_options> monitor{};
  log_options log{};
};

/// Returns the settings of an engine without a file: a market maker on paper,
/// at Deribit's test net.
engine_settings example_settings();

/// Reads the tables of the file, see docs/operations.md.
void read_engine_file(config_section& root, engine_settings& to);

/// Reads "HOST:PORT".
std::optional<gateway_options> parse_gateway(std::string_view text);

} // namespace zenws::engine
