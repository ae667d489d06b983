// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "cores.hpp"
#include "transport.hpp"

#include "support/program.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace zenws::bench {

/// Names of what is traded in `tick-to-trade`.
constexpr auto tick_instrument = "BTC-PERPETUAL";
constexpr auto tick_channel = "book.BTC-PERPETUAL.100ms";

/// A venue in a process of its own that tells changes of a book, each with
/// another best price, and measures how soon an order comes for each.
class tick_venue {
public:
  /// Throws `std::runtime_error` if it does not start.
  /// @param count of the changes, without those to warm up.
  tick_venue(cores where, size_t count);

  const server_address& address() const noexcept {
    return address_;
  }

  /// Waits until a client has answered all changes, and returns the times from
  /// the moment when a change could be read to the one when its order could, in
  /// microseconds. Throws `std::runtime_error` if a client does not trade.
  std::vector<double> durations();

private:
  test_support::program process_;
  server_address address_;
};

/// Runs that process: `argv` follows `--tick-venue`. Serves one client after
/// the other, until it is killed.
int run_tick_venue(int argc, char** argv);

} // namespace zenws::bench
