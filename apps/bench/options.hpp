// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "cores.hpp"
#include "transport.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zenws::bench {

/// Options of a run.
struct options {
  std::vector<std::string> cases{};
  std::vector<transport> transports{transport::plain, transport::tls};

  /// Payload bytes of `flood`.
  std::vector<size_t> sizes{128, 1024, 16384};

  /// Dialect of the client of `flood`: "raw" or "deribit".
  std::string dialect = "raw";

  /// Adds subscribers of market data to `flood`.
  bool typed = false;

  /// Adds runtimes to `flood` that a page and a server of metrics watch.
  bool watched = false;

  /// Recorded sessions for `decode`: "FILE" or "DIALECT:FILE".
  std::vector<std::string> captures{};

  /// If not empty, names of the only variants that are measured.
  std::vector<std::string> only{};

  size_t rounds = 5;

  /// Time for one measurement of a throughput.
  double seconds = 0.5;

  /// Round trips of one measurement of `rtt`.
  size_t round_trips = 20'000;

  /// Numbers of idle clients, ascending.
  std::vector<size_t> clients{100, 1'000, 10'000};

  /// The most idle clients that a TLS run goes up to.
  size_t max_tls_clients = 10'000;

  /// Length and clients of `soak`.
  unsigned minutes = 60;
  size_t soak_clients = 2'000;

  /// CAF's scheduling policy for the throughputs.
  std::string policy = "sharing";

  /// Placement of server and clients; by default `apart` for `rtt`, else `any`.
  std::optional<cores> placement{};

  /// Prints JSON instead of a table.
  bool json = false;
};

} // namespace zenws::bench
