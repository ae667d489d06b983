// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/metrics/metrics_collector.hpp"

#include "zenws/metrics/internal/client_series.hpp"
#include "zenws/metrics/internal/process_metrics.hpp"
#include "zenws/version.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <mutex>
#include <utility>

namespace zenws {

using prometheus::MetricFamily;

namespace internal {

/// Figures that were added under a name.
template <class Stats>
struct named_stats {
  std::string name;
  std::shared_ptr<const Stats> stats;
};

} // namespace internal

namespace {

using internal::named_stats;

void append_info(std::vector<MetricFamily>& out) {
  prometheus::ClientMetric info;
  info.label = internal::labels_of({{"version", version}});
  info.gauge.value = 1;
  out.push_back({"zenws_info",
                 "The version of zenws, as a label of a 1.",
                 prometheus::MetricType::Gauge,
                 {info}});
}

void append_loops(runtime& host, std::vector<MetricFamily>& out) {
  internal::figure_table loops{internal::loop_rows()};
  for (size_t i = 0; i < host.num_loops(); ++i)
    loops.add(internal::labels_of({{"loop", std::to_string(i)}}), host.loop(i));
  loops.append_to(out);
}

void append_supervisors(runtime& host, std::vector<MetricFamily>& out) {
  internal::figure_table supervisors{internal::supervisor_rows()};
  for (auto& stats : host.supervisors()->list())
    supervisors.add(internal::labels_of({{"supervisor", stats->name}}), *stats);
  supervisors.append_to(out);
}

// Returns how many are left out.
size_t append_limits(const runtime& host, size_t max_limits,
                     std::vector<MetricFamily>& out) {
  internal::figure_table table{internal::limit_rows()};
  auto levels = host.limits().limits;
  auto shown = std::min(levels.size(), max_limits);
  for (size_t i = 0; i < shown; ++i)
    table.add(internal::labels_of({{"owner", levels[i].owner},
                                   {"limit", levels[i].name},
                                   {"scope", to_string(levels[i].scope)}}),
              levels[i]);
  table.append_to(out);
  return levels.size() - shown;
}

void append_gateways(const std::vector<named_stats<gateway_stats>>& gateways,
                     std::vector<MetricFamily>& out) {
  internal::figure_table table{internal::gateway_rows()};
  internal::figure_table nodes{internal::node_rows()};
  for (auto& [name, gateway] : gateways) {
    table.add(internal::labels_of({{"gateway", name}}), *gateway);
    for (auto& node : gateway->nodes())
      nodes.add(internal::labels_of({{"gateway", name}, {"node", node.name}}),
                *node.stats);
  }
  table.append_to(out);
  nodes.append_to(out);
}

void append_desks(const std::vector<named_stats<desk_stats>>& desks,
                  std::vector<MetricFamily>& out) {
  internal::figure_table table{internal::desk_rows()};
  for (auto& [name, desk] : desks)
    table.add(internal::labels_of({{"desk", name}}), *desk);
  table.append_to(out);
}

void append_sinks(const std::vector<named_stats<sink_stats>>& sinks,
                  std::vector<MetricFamily>& out) {
  internal::figure_table table{internal::sink_rows()};
  for (auto& [name, sink] : sinks)
    table.add(internal::labels_of({{"sink", name}}), *sink);
  table.append_to(out);
}

} // namespace

struct metrics_collector::sources {
  sources(runtime& where, metrics_options wanted)
    : host(where), options(wanted), clients(wanted.max_clients) {
    // nop
  }

  runtime& host;
  metrics_options options;
  std::chrono::system_clock::time_point started
    = std::chrono::system_clock::now();
  std::mutex mtx; // guards all below
  internal::client_series clients;
  std::vector<internal::named_stats<gateway_stats>> gateways;
  std::vector<internal::named_stats<desk_stats>> desks;
  std::vector<internal::named_stats<sink_stats>> sinks;
  std::vector<std::shared_ptr<const prometheus::Collectable>> others;
};

// -- constructors, destructors, and assignment operators ----------------------

metrics_collector::metrics_collector(runtime& host, metrics_options options)
  : sources_(std::make_unique<sources>(host, options)) {
  // nop
}

metrics_collector::~metrics_collector() {
  // nop
}

// -- sources ------------------------------------------------------------------

void metrics_collector::add_gateway(
  std::string name, std::shared_ptr<const gateway_stats> stats) {
  std::lock_guard guard{sources_->mtx};
  sources_->gateways.push_back({std::move(name), std::move(stats)});
}

void metrics_collector::add_desk(std::string name,
                                 std::shared_ptr<const desk_stats> stats) {
  std::lock_guard guard{sources_->mtx};
  sources_->desks.push_back({std::move(name), std::move(stats)});
}

void metrics_collector::add_sink(std::string name,
                                 std::shared_ptr<const sink_stats> stats) {
  std::lock_guard guard{sources_->mtx};
  sources_->sinks.push_back({std::move(name), std::move(stats)});
}

void metrics_collector::add(
  std::shared_ptr<const prometheus::Collectable> metrics) {
  std::lock_guard guard{sources_->mtx};
  sources_->others.push_back(std::move(metrics));
}

// -- collecting ---------------------------------------------------------------

std::vector<MetricFamily> metrics_collector::Collect() const {
  auto& [host, options, started, mtx, clients, gateways, desks, sinks, others]
    = *sources_;
  std::vector<MetricFamily> result;
  std::lock_guard guard{mtx};
  append_info(result);
  append_loops(host, result);
  clients.collect(host.clients().list()).append_to(result);
  append_supervisors(host, result);
  auto limits_left_out = append_limits(host, options.max_limits, result);
  append_gateways(gateways, result);
  append_desks(desks, result);
  append_sinks(sinks, result);
  internal::figure_table whole{internal::runtime_rows()};
  std::chrono::duration<double> start{started.time_since_epoch()};
  whole.add({}, {.started = start.count(),
                 .loops = host.num_loops(),
                 .actors = caf_compat::running_actors(host.system()),
                 .clients_without_series = clients.others(),
                 .limits_without_series = limits_left_out});
  whole.append_to(result);
  internal::append_process_metrics(result);
  for (auto& other : others)
    std::ranges::move(other->Collect(), std::back_inserter(result));
  std::erase_if(result, [](auto& family) { return family.metric.empty(); });
  return result;
}

std::string metrics_collector::text() const {
  return prometheus::TextSerializer{}.Serialize(Collect());
}

} // namespace zenws
