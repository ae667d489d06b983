// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <caf/fwd.hpp>

#include <chrono>
#include <memory>

namespace zenws {

class metrics_collector;

/// Keeps the metrics of zenws in the registry of an actor system, for exporters
/// that read it, such as CAF's own. CAF has a registry since 0.18; this is only
/// built with such a CAF.
///
/// The names are those of `metrics_collector`. Of a histogram, which a registry
/// does not let be set, there are the number (`…_count`) and the sum (`…_sum`)
/// of its values. A registry forgets nothing: gauges of what is gone are 0, and
/// counters stay.
///
/// Not for two feeds of one system at a time.
class registry_feed {
public:
  /// Copies all metrics at once, and then each time that `interval` has passed,
  /// in a thread of its own.
  /// @param sys must live longer than the feed.
  /// @param from must live longer than the feed.
  registry_feed(caf::actor_system& sys, const metrics_collector& from,
                std::chrono::milliseconds interval = std::chrono::seconds{5});

  registry_feed(const registry_feed&) = delete;

  registry_feed& operator=(const registry_feed&) = delete;

  ~registry_feed();

  /// Copies all metrics. Thread-safe.
  void update();

private:
  struct state;

  std::unique_ptr<state> state_;
};

} // namespace zenws
