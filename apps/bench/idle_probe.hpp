#pragma once

#include "transport.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace zenws::bench {

/// What the probe's process is told: where to connect, and how many clients to
/// start before each look at the memory.
std::vector<std::string> probe_arguments(const server_address& where,
                                         const std::vector<size_t>& clients);

/// What that process does: `argv` is what follows `--probe-idle`.
///
/// Starts supervised clients and prints for each number of them "N BYTES", the
/// growth of the resident memory per client. Then all of them get a broadcast:
/// "broadcast N".
int probe_idle(int argc, char** argv);

} // namespace zenws::bench
