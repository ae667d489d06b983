// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/venue_numbers.hpp"

#include <algorithm>

namespace zenws::market {

namespace {

venue_numbers numbers_of(const book_change& change) {
  return {change.instrument,
          change.first_change_id,
          change.change_id,
          change.prev_change_id,
          change.kind == update_kind::snapshot,
          change.time};
}

/// A trade is complete without those before it.
venue_numbers numbers_of(const trade& item) {
  return {.instrument = item.instrument,
          .first = item.sequence,
          .last = item.sequence,
          .time = item.time};
}

/// Makes one range of each instrument's trades.
void join(std::vector<venue_numbers>& all) {
  std::ranges::sort(all, {}, &venue_numbers::instrument);
  auto last = all.begin();
  for (auto& x : all) {
    if (x.instrument != last->instrument)
      *++last = x;
    last->first = std::min(last->first, x.first);
    last->last = std::max(last->last, x.last);
    last->time = std::max(last->time, x.time);
  }
  all.erase(last + 1, all.end());
}

} // namespace

std::vector<venue_numbers> numbers_of(const update& message) {
  std::vector<venue_numbers> result;
  if (message.kind == content::book) {
    result.push_back(numbers_of(message.book));
  } else if (message.kind == content::trades) {
    for (auto* trades : {&message.trades, &message.placeholders})
      for (auto& x : *trades)
        result.push_back(numbers_of(x));
    if (result.size() > 1)
      join(result);
  }
  return result;
}

} // namespace zenws::market
