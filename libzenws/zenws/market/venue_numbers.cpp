// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/venue_numbers.hpp"

#include <algorithm>

namespace zenws::market {

namespace {

venue_numbers numbers_of(const book_update& book, bool is_snapshot) {
  return {book.instrument, book.first_sequence, book.sequence,
          book.previous,   is_snapshot,         book.time};
}

/// A trade is complete without those before it. One may be the sum of several.
venue_numbers numbers_of(const trade& item) {
  return {.instrument = item.instrument,
          .first = item.first_sequence != 0 ? item.first_sequence
                                            : item.sequence,
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

std::vector<venue_numbers> numbers_of(const update_list& message,
                                      trade_numbers of_trades) {
  std::vector<venue_numbers> result;
  for (auto& x : message) {
    if (auto* item = std::get_if<trade>(&x);
        item && item->sequence != 0 && of_trades == trade_numbers::ordered)
      result.push_back(numbers_of(*item));
    else if (auto* book = book_update_of(x); book && book->sequence != 0)
      result.push_back(
        numbers_of(*book, std::holds_alternative<book_snapshot>(x)));
  }
  if (result.size() > 1)
    join(result);
  return result;
}

} // namespace zenws::market
