// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "comparison.hpp"
#include "transport.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace zenws::bench {

/// A client made of another library, a program of its own in `peers/`:
///
///     PEER flood|rtt|idle URL CA COUNT SIZE
///
/// It prints one line: of a flood of COUNT messages of SIZE bytes, whose first
/// fifth warms up, the messages a second and the CPU time of the process in
/// microseconds a message; of COUNT round trips (after 1,000 more) the median
/// and the 99th percentile in microseconds; of COUNT idle connections the
/// resident bytes of each but the first. Over TLS it verifies the server by the
/// authority CA.
class peer_program {
public:
  /// @param command the program, and its first arguments.
  peer_program(std::string name, std::vector<std::string> command)
    : name_(std::move(name)), command_(std::move(command)) {
    // nop
  }

  const std::string& name() const noexcept {
    return name_;
  }

  sample flood(const server_address& from, uint64_t count, size_t size) const;

  sample round_trips(const server_address& to, uint64_t count,
                     size_t size) const;

  double idle_bytes(const server_address& to, uint64_t count) const;

private:
  // Throws if there are not `n` figures.
  std::vector<double> run(const std::string& kind, const std::string& url,
                          const std::string& ca_file, uint64_t count,
                          size_t size, size_t n) const;

  std::string name_;
  std::vector<std::string> command_;
};

/// Returns all peers that this machine has what they are made of for.
std::vector<peer_program> find_peers();

} // namespace zenws::bench
