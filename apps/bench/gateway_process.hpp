// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/program.hpp"

#include <cstdint>
#include <string>

namespace zenws::bench {

/// A gateway in a process of its own.
class gateway_process {
public:
  /// Starts it and waits until it listens.
  /// @param policy of its scheduler.
  /// Throws `std::runtime_error`.
  explicit gateway_process(const std::string& policy);

  uint16_t port() const noexcept {
    return port_;
  }

  /// Seconds of processor time that it has used.
  double cpu_seconds() const;

private:
  test_support::program process_;
  uint16_t port_ = 0;
};

/// Runs that process: `argv` follows `--gateway`. Runs until it is
/// killed.
int run_gateway(int argc, char** argv);

} // namespace zenws::bench
