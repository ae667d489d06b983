// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/market/market_stats.hpp"

#include <variant>

namespace zenws {

namespace {

// Returns when the venue sent something that is news by its nature. Snapshots
// and terms may be as old as the last change of the instrument.
market::venue_time live_time_of(const market::update& update) noexcept {
  if (auto* x = std::get_if<market::book_change>(&update))
    return x->time;
  if (auto* x = std::get_if<market::trade>(&update))
    return x->is_late ? market::venue_time{} : x->time;
  if (auto* x = std::get_if<market::quote>(&update))
    return x->time;
  if (auto* x = std::get_if<market::ticker>(&update))
    return x->time;
  return {};
}

} // namespace

void market_stats::count(
  const market::update_list& list,
  std::chrono::system_clock::time_point received_at) noexcept {
  updates.add(list.size());
  for (auto& update : list) {
    if (auto time = live_time_of(update); time != market::venue_time{})
      lag.record(received_at - time);
    else if (auto* lost = std::get_if<market::book_lost>(&update))
      ++lost_books[static_cast<size_t>(lost->cause)];
    else if (std::holds_alternative<market::trade_gap>(update))
      ++trade_gaps;
  }
}

} // namespace zenws
