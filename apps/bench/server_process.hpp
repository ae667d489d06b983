// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "cores.hpp"
#include "transport.hpp"

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

#include <string>

namespace zenws::bench {

/// The servers in a process of their own, so that its CPU time and memory are
/// not taken for those of the clients: the simulator and the flood server.
class server_process {
public:
  /// Starts it and waits until both listen.
  /// Throws `std::runtime_error`.
  server_process(transport below, cores where);

  /// Address of all paths.
  const server_address& address() const noexcept {
    return address_;
  }

  /// Address of `/flood`, served by a `flood_server`.
  const server_address& floods() const noexcept {
    return floods_;
  }

  /// Returns the CPU time that the process has spent so far.
  std::chrono::nanoseconds cpu_time() const;

private:
  test_support::temporary_folder folder_;
  test_support::program process_;
  server_address address_;
  server_address floods_;
};

/// Runs that process: `argv` follows `--serve`. Runs until it is
/// killed.
int serve(int argc, char** argv);

} // namespace zenws::bench
