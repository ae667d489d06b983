// SPDX-License-Identifier: BSD-3-Clause

#include "demo_summary.hpp"

#include <sstream>

namespace zenws::demo {

bool demo_summary::ok() const noexcept {
  auto traded = on_paper ? orders.at_venue == 0
                         : orders.acked > 0 && orders.at_venue == orders.acked;
  return complete && market.updates > 0
         && (on_paper || market.without_book == 0) && market.not_traded == 0
         && unhealed_faults == 0 && open_after_halt == 0 && traded
         && orders.unknown == 0 && orders.duplicates == 0
         && orders.unaccounted == 0 && orders.wrong_positions == 0;
}

std::string to_string(const demo_summary& summary) {
  auto& [market, orders, engine_kills, killed, stalled, open, unhealed,
         complete, on_paper]
    = summary;
  std::ostringstream out;
  out << "demo: messages=" << market.updates
      << " reconnects=" << market.reconnects << " restarts=" << market.restarts
      << " engine_kills=" << engine_kills << " killed=" << killed
      << " stalled=" << stalled << " gaps=" << market.without_book
      << " lost_subscriptions=" << market.not_traded
      << " orders_sent=" << orders.sent << " orders_acked=" << orders.acked
      << " orders_unknown=" << orders.unknown
      << " duplicates=" << orders.duplicates << " open_after_halt=" << open
      << " unaccounted=" << orders.unaccounted
      << " positions=" << (orders.wrong_positions == 0 ? "ok" : "wrong")
      << " result=" << (summary.ok() ? "ok" : "failed");
  return out.str();
}

} // namespace zenws::demo
