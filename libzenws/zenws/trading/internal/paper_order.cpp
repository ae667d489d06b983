// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/paper_order.hpp"

#include "zenws/trading/internal/exact_amount.hpp"

#include <algorithm>

namespace zenws::internal {

using market::decimal;

// -- properties ---------------------------------------------------------------

decimal paper_order::rest() const noexcept {
  return difference_of(terms.amount, filled).value_or(decimal{});
}

decimal
paper_order::most_for(const market::exact_sum& position) const noexcept {
  if (!terms.reduce_only)
    return rest();
  market::exact_sum held;
  auto amount = position.value().value_or(decimal{});
  is_buy() ? held.subtract(amount) : held.add(amount);
  auto reducible = std::max(held.value().value_or(decimal{}), decimal{});
  return std::min(rest(), reducible);
}

paper_match paper_order::match(const market::order_book& book,
                               const market::exact_sum& position) const {
  paper_match result;
  auto side = other_side();
  // Mostly, there is nothing.
  if (book.depth(side) == 0 || !accepts(book.at(side, 0).price))
    return result;
  auto trial = *this;
  auto position_then = position;
  for (size_t i = 0; i < book.depth(side); ++i) {
    auto level = book.at(side, i);
    auto most = trial.most_for(position_then);
    if (!accepts(level.price) || most.is_zero())
      break;
    auto amount = std::min(most, left_of(level));
    if (amount.is_zero())
      continue;
    result.levels.push_back({level.price, amount});
    if (!trial.take(result.levels.back(), position_then)) {
      result.is_inexact = true;
      return result;
    }
  }
  result.is_complete = trial.rest().is_zero();
  return result;
}

decimal
paper_order::left_of(const market::order_book::level& x) const noexcept {
  for (auto& y : taken_)
    if (y.price == x.price)
      return difference_of(x.amount, std::min(x.amount, y.amount))
        .value_or(decimal{});
  return x.amount;
}

// -- transitions --------------------------------------------------------------

bool paper_order::fill(decimal amount, market::exact_sum& position) noexcept {
  auto position_then = position;
  is_buy() ? position_then.add(amount) : position_then.subtract(amount);
  auto filled_then = sum_of(filled, amount);
  if (!position_then.value() || !filled_then
      || !difference_of(terms.amount, *filled_then))
    return false;
  position = position_then;
  filled = *filled_then;
  ++fills;
  return true;
}

bool paper_order::take(const market::price_level& level,
                       market::exact_sum& position) {
  auto i = std::find_if(taken_.begin(), taken_.end(),
                        [&](auto& x) { return x.price == level.price; });
  if (i == taken_.end())
    i = taken_.insert(i, {level.price, {}});
  auto taken = sum_of(i->amount, level.amount);
  if (!taken || !fill(level.amount, position))
    return false;
  i->amount = *taken;
  return true;
}

void paper_order::compare_taken(const market::order_book& book) {
  for (auto& x : taken_)
    x.amount = std::min(x.amount, book.amount_at(other_side(), x.price));
  std::erase_if(taken_, [](auto& x) { return x.amount.is_zero(); });
}

} // namespace zenws::internal
