// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/limits/rolling_window.hpp"

#include "zenws/defaults.hpp"

#include <algorithm>

namespace zenws {

namespace {

using std::chrono::nanoseconds;

using time_point = rolling_window::time_point;

// The most that a window can owe. Takes centuries to reach.
constexpr uint64_t window_debt_ceiling = 1'000'000'000'000'000'000;

// Returns `from + period * times`, at most the end of the clock's range.
time_point later(time_point from, nanoseconds period, uint64_t times) noexcept {
  auto room = nanoseconds{time_point::max() - from};
  if (times > static_cast<uint64_t>(room / period))
    return time_point::max();
  return from + period * static_cast<int64_t>(times);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

rolling_window::rolling_window(const rolling_window_config& cfg) noexcept
  : limit_(std::clamp<uint64_t>(cfg.limit, 1, ceiling)),
    period_(std::clamp<nanoseconds>(cfg.period, nanoseconds{1},
                                    defaults::rate_period_ceiling)) {
  // nop
}

// -- properties ---------------------------------------------------------------

int64_t rolling_window::available(time_point now) {
  advance(now);
  return static_cast<int64_t>(limit_ - booked()) - static_cast<int64_t>(debt_);
}

rolling_window::time_point rolling_window::ready_at(uint64_t cost,
                                                    time_point now) {
  advance(now);
  cost = std::min(cost, limit_);
  auto free = limit_ - booked();
  if (debt_ + cost <= free)
    return now;
  // The units return in the order of the entries, and while there is debt in
  // the same order again each period.
  auto missing = debt_ + cost - free;
  auto rounds = (missing - 1) / limit_;
  auto rank = (missing - 1) % limit_; // of the last one, counted from 0
  auto returns = [this](uint64_t x, const entry& y) {
    return x < y.total - forgotten_;
  };
  auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first_);
  auto pos = std::upper_bound(begin, entries_.end(), rank, returns);
  return later(pos->at, period_, rounds + 1);
}

// -- transitions --------------------------------------------------------------

void rolling_window::charge(uint64_t cost, time_point now) {
  advance(now);
  cost = std::min(cost, cost_ceiling);
  auto taken = std::min(cost, limit_ - booked());
  book(taken, last_);
  debt_ = std::min(debt_ + (cost - taken), window_debt_ceiling);
}

uint64_t rolling_window::booked() const noexcept {
  return first_ == entries_.size() ? 0 : entries_.back().total - forgotten_;
}

uint64_t rolling_window::size_of_first() const noexcept {
  return entries_[first_].total - forgotten_;
}

void rolling_window::book(uint64_t units, time_point at) {
  if (units == 0)
    return;
  auto total = forgotten_ + booked() + units;
  if (first_ < entries_.size() && entries_.back().at == at)
    entries_.back().total = total;
  else
    entries_.push_back({at, total});
}

void rolling_window::drop_first() {
  forgotten_ = entries_[first_].total;
  ++first_;
  // Moving no more entries than were dropped keeps the cost constant.
  if (first_ * 2 >= entries_.size()) {
    entries_.erase(entries_.begin(),
                   entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void rolling_window::advance(time_point now) {
  last_ = std::max(last_, now);
  repay_whole_periods();
  while (first_ < entries_.size()
         && later(entries_[first_].at, period_, 1) <= last_) {
    auto returned = later(entries_[first_].at, period_, 1);
    auto units = size_of_first();
    drop_first();
    auto repaid = std::min(units, debt_);
    debt_ -= repaid;
    book(repaid, returned);
  }
}

// In debt the window repeats itself each period. A large debt is repaid without
// going through each of them.
void rolling_window::repay_whole_periods() {
  if (debt_ < limit_)
    return;
  auto elapsed = last_ - entries_.back().at;
  if (elapsed < period_)
    return;
  auto rounds = std::min(static_cast<uint64_t>(elapsed / period_),
                         debt_ / limit_);
  for (auto i = first_; i < entries_.size(); ++i)
    entries_[i].at += period_ * static_cast<int64_t>(rounds);
  debt_ -= rounds * limit_;
}

} // namespace zenws
