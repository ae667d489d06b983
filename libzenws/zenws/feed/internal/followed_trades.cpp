// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/feed/internal/followed_trades.hpp"

#include <algorithm>

namespace zenws::internal {

namespace {

// Several trades may be reported as one.
uint64_t first_number(const market::trade& x) noexcept {
  return x.first_sequence != 0 ? x.first_sequence : x.sequence;
}

} // namespace

// -- properties ---------------------------------------------------------------

market::trade_gap
followed_trades::gap_before(const market::trade& next) const noexcept {
  market::trade_gap result{.instrument = next.instrument,
                           .time = next.time,
                           .message = next.message,
                           .since = time_};
  if (numbering_ != trade_numbering::none) {
    result.after = last_;
    result.before = first_number(next);
  }
  return result;
}

bool followed_trades::has_bounds(const market::trade& next) const noexcept {
  return numbering_ == trade_numbering::consecutive
         && first_number(next) > last_ + 1;
}

// -- transitions --------------------------------------------------------------

followed_trades::verdict
followed_trades::judge(const market::trade& x) const noexcept {
  using enum verdict;
  if (!known_)
    return deliver;
  if (x.sequence == 0 || numbering_ == trade_numbering::none) {
    // What the venue repeats when a subscription begins.
    if ((x.is_late || doubtful_ || overlaps_) && x.time <= time_)
      return drop;
    return doubtful_ ? gap_before : deliver;
  }
  if (x.sequence <= last_) {
    // Numbers that fall back while time goes on begin anew.
    return !x.is_late && x.time > time_ ? gap_before : drop;
  }
  if (numbering_ == trade_numbering::consecutive)
    return first_number(x) <= last_ + 1 ? deliver : gap_before;
  return doubtful_ ? gap_before : deliver;
}

void followed_trades::delivered(const market::trade& x) noexcept {
  known_ = true;
  doubtful_ = false;
  overlaps_ = false;
  if (x.sequence != 0)
    last_ = x.sequence;
  time_ = std::max(time_, x.time);
}

} // namespace zenws::internal
