// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "comparison.hpp"
#include "flood_target.hpp"
#include "transport.hpp"

namespace zenws::bench {

// The upper bound for any WebSocket library on this machine.

/// Receives a flood with blocking reads of up to 64 KiB. Over plain TCP the
/// frame headers are walked; over TLS it is decryption and nothing else.
sample raw_flood(const server_address& where, const flood_order& order);

} // namespace zenws::bench
