// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_registry.hpp"
#include "zenws/metrics/internal/metric_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace zenws::internal {

/// The figures of clients, each with its labels.
struct client_tables {
  void add(const metric_labels& labels, const client_stats& stats,
           figure_extent extent = figure_extent::all);

  void append_to(std::vector<prometheus::MetricFamily>& out) const;

  figure_table<client_stats> clients{client_rows()};
  figure_table<client_stats> states{client_state_rows()};
  figure_table<market_stats> markets{market_rows()};
  figure_table<recording_stats> recordings{recording_rows()};
};

/// Chooses the clients that have series of their own; the others are added up.
///
/// A client keeps its series, or its place among the others, until it is
/// stopped. The counters of others that are gone stay in their sum: it never
/// goes back, which Prometheus would take for a restart.
class client_series {
public:
  /// @param max_clients that have series of their own.
  explicit client_series(size_t max_clients) : max_clients_(max_clients) {
    // nop
  }

  /// Returns the figures of all clients that are there.
  client_tables collect(const std::vector<registered_client>& clients);

  /// Clients without series of their own, as of the last call of `collect`.
  size_t others() const noexcept {
    return others_.size();
  }

private:
  // Forgets clients that are gone.
  void forget_all_but(const std::vector<registered_client>& clients);

  size_t max_clients_;
  std::set<uint64_t> named_; // by id
  std::map<uint64_t, std::shared_ptr<const client_stats>> others_;
  client_tables gone_; // the others that are gone
};

} // namespace zenws::internal
