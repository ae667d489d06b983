// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "gateway_clients.hpp"
#include "gateway_file/gateway_file.hpp"
#include "program/command_line.hpp"
#include "program/program_log.hpp"

#include <optional>
#include <string>

namespace zenws {

/// Command line of the gateway.
struct gateway_arguments {
  std::string file;
  std::optional<uint16_t> port;
  std::optional<std::string> bind;
  bool check_only = false;
  output_options output{};
};

/// Reads the file of a command line, and prints its mistakes to `problems`.
/// @returns nothing if there are any.
std::optional<gateway_file> read(const gateway_arguments& arguments,
                                 std::ostream& problems);

/// What a gateway changes when its file has changed.
struct reloadable {
  caf::actor_system& system;
  program_log& log;
  gateway_clients& clients;

  /// The file as far as it is in effect.
  gateway_file& file;
};

/// Reads the file again and does what differs. Logs what was done, and what
/// cannot change while the gateway runs. Nothing changes if there is a mistake.
void reload(const gateway_arguments& arguments, reloadable gateway);

} // namespace zenws
