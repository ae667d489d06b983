#pragma once

#include "contest.hpp"
#include "transport.hpp"

#include <cstddef>
#include <cstdint>

namespace zenws::bench {

// What no WebSocket library can beat on this machine.

/// Receives `count` messages of `size` bytes with blocking reads of up to 64
/// KiB. Over plain TCP the frame headers are walked; over TLS it is decryption
/// and nothing else.
sample raw_flood(const server_address& where, uint64_t count, size_t size);

} // namespace zenws::bench
