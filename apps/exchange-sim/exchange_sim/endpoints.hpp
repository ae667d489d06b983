#pragma once

#include "exchange_sim/endpoint.hpp"

#include <memory>

namespace zenws::sim {

class connection;
class venue;

/// Makes what serves the path of a client.
std::unique_ptr<endpoint> make_endpoint(venue& owner, connection& client);

} // namespace zenws::sim
