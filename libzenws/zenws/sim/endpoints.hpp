// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/endpoint.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace zenws::sim {

class connection;
class venue;

/// Creates the endpoint for the path of a client.
std::unique_ptr<endpoint> make_endpoint(venue& owner, connection& client);

/// Runs a command of `/control` and returns the answer.
std::string execute_command(venue& owner, std::string_view text);

} // namespace zenws::sim
