#include "zenws/market/venue_numbers.hpp"

#include <algorithm>

namespace zenws::market {

namespace {

venue_numbers numbers_of(const book_change& what) {
  return {what.instrument,
          what.first_change_id,
          what.change_id,
          what.prev_change_id,
          what.kind == update_kind::snapshot,
          what.time};
}

/// A trade says what it is without those before it.
venue_numbers numbers_of(const trade& what) {
  return {.instrument = what.instrument,
          .first = what.sequence,
          .last = what.sequence,
          .time = what.time};
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

std::vector<venue_numbers> numbers_of(const update& what) {
  std::vector<venue_numbers> result;
  if (what.kind == content::book) {
    result.push_back(numbers_of(what.book));
  } else if (what.kind == content::trades) {
    for (auto* trades : {&what.trades, &what.placeholders})
      for (auto& x : *trades)
        result.push_back(numbers_of(x));
    if (result.size() > 1)
      join(result);
  }
  return result;
}

} // namespace zenws::market
