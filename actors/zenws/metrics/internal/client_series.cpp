// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/metrics/internal/client_series.hpp"

namespace zenws::internal {

namespace {

metric_labels labels_of_client(const registered_client& client) {
  return labels_of({{"client", client.name},
                    {"dialect", client.dialect},
                    {"supervisor", client.supervisor}});
}

metric_labels labels_of_others() {
  return labels_of(
    {{"client", "(other)"}, {"dialect", ""}, {"supervisor", ""}});
}

} // namespace

// -- client_tables ------------------------------------------------------------

void client_tables::add(const metric_labels& labels, const client_stats& stats,
                        figure_extent extent) {
  clients.add(labels, stats, extent);
  if (extent == figure_extent::all) {
    auto with_state = labels;
    with_state.push_back({"state", std::string{to_string(stats.state.load())}});
    states.add(with_state, stats, extent);
  }
  // Most clients have neither; those that do show it before anything is lost.
  if (stats.market.updates.get() > 0)
    markets.add(labels, stats.market, extent);
  if (stats.recording.entries.get() > 0)
    recordings.add(labels, stats.recording, extent);
}

void client_tables::append_to(
  std::vector<prometheus::MetricFamily>& out) const {
  clients.append_to(out);
  states.append_to(out);
  markets.append_to(out);
  recordings.append_to(out);
}

// -- client_series ------------------------------------------------------------

client_tables
client_series::collect(const std::vector<registered_client>& clients) {
  forget_all_but(clients);
  auto result = gone_;
  auto rest = labels_of_others();
  for (auto& client : clients) {
    auto is_other = others_.contains(client.id);
    if (!is_other
        && (named_.contains(client.id) || named_.size() < max_clients_)) {
      named_.insert(client.id);
      result.add(labels_of_client(client), *client.stats);
    } else {
      others_.try_emplace(client.id, client.stats);
      result.add(rest, *client.stats);
    }
  }
  return result;
}

void client_series::forget_all_but(
  const std::vector<registered_client>& clients) {
  std::set<uint64_t> alive;
  for (auto& client : clients)
    alive.insert(client.id);
  std::erase_if(named_, [&](auto id) { return !alive.contains(id); });
  std::erase_if(others_, [&](auto& other) {
    if (alive.contains(other.first))
      return false;
    gone_.add(labels_of_others(), *other.second, figure_extent::counters);
    return true;
  });
}

} // namespace zenws::internal
