// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "engine_process.hpp"
#include "order_audit.hpp"

#include <cstdint>
#include <string>

namespace zenws::demo {

/// Result of a demo.
struct demo_summary {
  engine_figures market{};
  order_audit orders{};

  uint64_t engine_kills = 0;

  /// Of gateways.
  uint64_t nodes_killed = 0;
  uint64_t nodes_stalled = 0;

  /// Orders that were open when the kill switch had been thrown.
  uint64_t open_after_halt = 0;

  /// Faults after which something was not traded in time.
  uint64_t unhealed_faults = 0;

  /// All steps were done, and the engines ended as they should.
  bool complete = false;

  /// The market is a recording, in which books may be missing, and orders leave
  /// nothing at the venue.
  bool on_paper = false;

  bool ok() const noexcept;
};

/// Returns the last line of the demo.
std::string to_string(const demo_summary& summary);

} // namespace zenws::demo
