// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "transport.hpp"

#include "support/program.hpp"

#include <cstdint>

namespace zenws::bench {

/// A process that passes bytes on between two sockets and does nothing else:
/// a lower bound for the cost of a gateway on this machine.
class relay_process {
public:
  /// Starts it and waits until it listens. Throws `std::runtime_error`.
  explicit relay_process(const server_address& to);

  /// Address to connect to instead.
  const server_address& address() const noexcept {
    return address_;
  }

private:
  test_support::program process_;
  server_address address_;
};

/// Runs that process: `argv` follows `--relay`. Runs until it is
/// killed.
int run_relay(int argc, char** argv);

} // namespace zenws::bench
