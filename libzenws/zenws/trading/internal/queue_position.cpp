// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/queue_position.hpp"

#include "zenws/trading/internal/exact_amount.hpp"

#include <algorithm>

namespace zenws::internal {

using market::decimal;

void queue_position::level_is(decimal amount,
                              market::venue_time time) noexcept {
  if (amount >= ahead_)
    return;
  auto difference = difference_of(ahead_, amount);
  auto gone = difference ? sum_of(gone_, *difference) : std::nullopt;
  if (!gone)
    return;
  gone_ = *gone;
  gone_at_ = time;
  ahead_ = amount;
}

decimal queue_position::traded(decimal amount,
                               market::venue_time time) noexcept {
  if (time != market::venue_time{} && time > gone_at_)
    gone_ = {};
  auto known = std::min(amount, gone_);
  auto news = difference_of(amount, known);
  auto step = std::min(news.value_or(decimal{}), ahead_);
  auto still_gone = difference_of(gone_, known);
  auto still_ahead = difference_of(ahead_, step);
  auto left = news ? difference_of(*news, step) : std::nullopt;
  if (!still_gone || !still_ahead || !left)
    return {};
  gone_ = *still_gone;
  ahead_ = *still_ahead;
  return *left;
}

void queue_position::passed() noexcept {
  *this = {};
}

} // namespace zenws::internal
