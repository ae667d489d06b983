#pragma once

#include "zenws/nodes/all.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace zenws {

/// What a gateway is told in its configuration file, see docs/distribution.md.
struct gateway_file {
  struct client {
    client_spec spec;

    /// Kept up to date whether or not a node wants them.
    std::vector<channel_spec> channels;
  };

  gateway_config gateway;
  node_options node;
  client_supervisor_config supervision;
  size_t io_threads = 1;
  std::vector<client> clients;
};

/// Reads a configuration in CAF's format.
/// @returns every problem, each naming its field; none if `out` is complete.
std::vector<config_problem> read_gateway_file(std::istream& from,
                                              gateway_file& out);

} // namespace zenws
