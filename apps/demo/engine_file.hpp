// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "exchange_process.hpp"

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace zenws::demo {

/// Where an engine shows itself (docs/monitor.md).
struct monitor_page {
  uint16_t port = 0;

  /// Allows actions.
  std::string token;
};

/// Writes the configuration of a trading engine (docs/operations.md). Complete
/// once the object has ended.
class engine_file {
public:
  explicit engine_file(const std::string& path) : out_(path) {
    // nop
  }

  /// A venue by a connection of the engine's own: one whose heartbeat finds a
  /// silent peer within two seconds, and that gives up soon, so that its
  /// supervisor has something to do.
  void add_venue(const std::string& name, const exchange_process& venue,
                 const std::string& path, const std::string& pace);

  /// A venue behind gateways on this machine.
  void add_venue(const std::string& name, const std::vector<uint16_t>& ports);

  /// The desk of the venue that was added last.
  void add_desk(const std::string& venue, const std::string& owner,
                const std::string& journal,
                const std::vector<std::string>& instruments);

  void add_maker(const std::string& name, const std::string& venue,
                 const std::string& instrument);

  void add_spread(const std::string& name, const std::string& first,
                  const std::string& second, const std::string& instrument);

  /// The page of the engine.
  void add_monitor(const monitor_page& page);

private:
  std::ofstream out_;
};

/// Puts the account of the simulator (docs/exchange-sim.md) into the
/// environment, as ZENWS_DEMO_KEY and ZENWS_DEMO_SECRET.
void set_demo_account();

} // namespace zenws::demo
