// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "transport.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace zenws::bench {

/// Memory of this process, after what the allocator can give back.
size_t resident_bytes();

/// Arguments of the probe's process: address, and number of clients to
/// start before each measurement of the memory.
std::vector<std::string> probe_arguments(const server_address& where,
                                         const std::vector<size_t>& clients);

/// Starts that process for one number of clients, and returns the growth of its
/// resident memory per client.
double idle_bytes(const server_address& where, size_t clients);

/// Runs that process: `argv` follows `--probe-idle`.
///
/// Starts supervised clients and prints for each number of them "N BYTES", the
/// growth of the resident memory per client. Then all of them get a broadcast:
/// "broadcast N".
int probe_idle(int argc, char** argv);

} // namespace zenws::bench
