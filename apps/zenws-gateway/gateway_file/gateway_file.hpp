// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/log_settings.hpp"
#include "config_file/monitor_settings.hpp"
#include "config_file/settings.hpp"

#include "zenws/actors/desk/order_desk.hpp"
#include "zenws/nodes/all.hpp"
#include "zenws/outlet/outlet_options.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// Content of a gateway's configuration file, see docs/distribution.md.
struct gateway_file {
  struct client {
    client_spec spec;

    /// Answers questions about market data, for venues that do so at another
    /// address (Binance). Runs as a client of its own, called NAME-api.
    std::optional<client_spec> api{};

    /// Subscribed whether or not a node wants them.
    std::vector<channel_spec> channels;

    /// Values in the file but the channels, see `config_section::entries`.
    std::map<std::string, std::string> entries{};
  };

  struct desk {
    std::string name;

    /// Names of clients.
    std::string account;
    std::string channels;
    std::string market;

    /// Without clients.
    order_desk_options options;

    std::map<std::string, std::string> entries{};
  };

  gateway_config gateway;
  node_options node;
  client_supervisor_config supervision;
  size_t io_threads = 1;
  std::vector<client> clients;
  std::vector<desk> desks;
  caf_settings caf;
  std::optional<monitor_options> monitor;

  /// Without desks.
  std::optional<outlet_options> outlet;

  /// By their names.
  std::map<std::string, sink_options> sinks;

  log_options log;

  /// Values in the file that cannot change while the gateway runs, but those of
  /// desks, by their full names.
  std::map<std::string, std::string> fixed;
};

/// Reads the tables of the file.
void read_gateway_file(config_section& root, gateway_file& to);

} // namespace zenws
