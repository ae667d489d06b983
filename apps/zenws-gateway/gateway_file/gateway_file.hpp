// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "config_file/monitor_settings.hpp"
#include "config_file/settings.hpp"

#include "zenws/actors/desk/order_desk.hpp"
#include "zenws/nodes/all.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

/// Content of a gateway's configuration file, see docs/distribution.md.
struct gateway_file {
  struct client {
    client_spec spec;

    /// Subscribed whether or not a node wants them.
    std::vector<channel_spec> channels;
  };

  struct desk {
    std::string name;

    /// Names of clients.
    std::string account;
    std::string channels;
    std::string market;

    /// Without clients.
    order_desk_options options;
  };

  gateway_config gateway;
  node_options node;
  client_supervisor_config supervision;
  size_t io_threads = 1;
  std::vector<client> clients;
  std::vector<desk> desks;
  caf_settings caf;
  std::optional<monitor_options> monitor;
};

/// Reads the tables of the file.
void read_gateway_file(config_section& root, gateway_file& to);

} // namespace zenws
