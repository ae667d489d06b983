// SPDX-License-Identifier: BSD-3-Clause

#include "summary.hpp"

namespace zenws::demo {

bool demo_summary::ok() const noexcept {
  return complete && messages > 0 && reconnects >= 1 && restarts >= 1
         && gaps == 0 && lost_subscriptions == 0 && unhealed_faults == 0
         && orders_ok();
}

// There are no orders on a recording.
bool demo_summary::orders_ok() const noexcept {
  if (source == data_source::recording)
    return orders_sent == 0;
  return orders_acked > 0 && orders_unknown == 0 && duplicates == 0
         && orders_at_venue == orders_acked;
}

std::string to_string(const demo_summary& summary) {
  return "demo: messages=" + std::to_string(summary.messages)
         + " reconnects=" + std::to_string(summary.reconnects)
         + " restarts=" + std::to_string(summary.restarts)
         + " gaps=" + std::to_string(summary.gaps)
         + " lost_subscriptions=" + std::to_string(summary.lost_subscriptions)
         + " orders_sent=" + std::to_string(summary.orders_sent)
         + " orders_acked=" + std::to_string(summary.orders_acked)
         + " orders_unknown=" + std::to_string(summary.orders_unknown)
         + " duplicates=" + std::to_string(summary.duplicates)
         + " result=" + (summary.ok() ? "ok" : "failed");
}

std::vector<std::string>
inactive_subscriptions(const engine::engine_report& report,
                       const first_update_times& expected,
                       std::chrono::milliseconds age) {
  std::vector<std::string> result;
  for (auto& x : report.subscriptions) {
    auto i = expected.find(x.name);
    auto silent = i != expected.end() && i->second <= age && x.updates == 0;
    if (!report.connected || silent || !x.granted)
      result.push_back(x.name);
  }
  return result;
}

uint64_t open_gaps(const engine::engine_report& report, data_source source) {
  auto result = report.market.gaps_undetected;
  if (source == data_source::market)
    result += report.stale_books();
  return result;
}

} // namespace zenws::demo
