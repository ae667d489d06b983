// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_stats.hpp"
#include "zenws/actors/runtime.hpp"
#include "zenws/nodes/gateway_stats.hpp"
#include "zenws/sinks/sink_stats.hpp"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace zenws {

struct metrics_options {
  /// Clients with series of their own. Those that come later are added up as
  /// the client "(other)" until there is room; they keep counting there.
  size_t max_clients = 1000;

  /// Rate limits with series of their own, in the order of their owners.
  size_t max_limits = 1000;
};

/// The metrics of a runtime, and of gateways, desks and sinks that are added,
/// for Prometheus: docs/metrics.md lists them.
///
/// Sends no message and waits for no actor: what the loops count is read from
/// shared memory, also while a client is busy or dead. Clients that were
/// stopped vanish. All functions may be called from any thread; those that
/// collect take some ten microseconds for each client, so that they belong on a
/// thread that nothing waits for. Never shows URLs, errors or credentials.
class metrics_collector : public prometheus::Collectable {
public:
  // -- constructors, destructors, and assignment operators ------------------

  /// @param host must live longer than the collector.
  explicit metrics_collector(runtime& host, metrics_options options = {});

  metrics_collector(const metrics_collector&) = delete;

  metrics_collector& operator=(const metrics_collector&) = delete;

  ~metrics_collector() override;

  // -- sources ----------------------------------------------------------------

  /// Adds the nodes of a gateway (`gateway_server::stats`). The figures of
  /// gateways of one name are added up, as below.
  void add_gateway(std::string name,
                   std::shared_ptr<const gateway_stats> stats);

  /// Adds an order desk (`order_desk_options::stats`).
  void add_desk(std::string name, std::shared_ptr<const desk_stats> stats);

  /// Adds a sink (`sink_options::stats`).
  void add_sink(std::string name, std::shared_ptr<const sink_stats> stats);

  /// Adds metrics of the program itself, such as a `prometheus::Registry`.
  void add(std::shared_ptr<const prometheus::Collectable> metrics);

  // -- collecting -------------------------------------------------------------

  /// Returns all metrics, for an exporter of one's own.
  std::vector<prometheus::MetricFamily> Collect() const override;

  /// Returns all metrics in the text format of Prometheus, version 0.0.4.
  std::string text() const;

private:
  struct sources;

  std::unique_ptr<sources> sources_;
};

} // namespace zenws
