// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "comparison.hpp"
#include "flood_target.hpp"
#include "transport.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace zenws::bench {

// Plain Beast, as one would use it without zenws: the base of the ratios.

/// Receives a flood by a loop of `async_read`.
sample beast_async_flood(const server_address& where, const flood_order& order);

/// Receives a flood by a loop of blocking reads.
sample beast_sync_flood(const server_address& where, const flood_order& order);

/// Echoes `size` bytes, one message in flight. Returns microseconds.
std::vector<double> beast_round_trips(const server_address& where,
                                      size_t warm_up, size_t count,
                                      size_t size);

/// Sends a command to the server's `/control` and waits for the answer.
void send_command(const server_address& where, const std::string& json);

} // namespace zenws::bench
