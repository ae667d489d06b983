// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/market/order_book.hpp"

#include <iterator>

namespace zenws::sim {

namespace {

template <class Levels>
int64_t amount_in(const Levels& levels, int64_t price) noexcept {
  auto i = levels.find(price);
  return i == levels.end() ? 0 : i->second;
}

template <class Levels>
level_action set_in(Levels& levels, int64_t price, int64_t amount) {
  if (amount == 0) {
    levels.erase(price);
    return level_action::removed;
  }
  auto added = levels.insert_or_assign(price, amount).second;
  return added ? level_action::created : level_action::changed;
}

} // namespace

size_t order_book::depth(book_side side) const noexcept {
  return side == book_side::bid ? bids_.size() : asks_.size();
}

int64_t order_book::best_price(book_side side) const noexcept {
  return side == book_side::bid ? bids_.begin()->first : asks_.begin()->first;
}

int64_t order_book::best_amount(book_side side) const noexcept {
  return side == book_side::bid ? bids_.begin()->second : asks_.begin()->second;
}

int64_t order_book::worst_price(book_side side) const noexcept {
  return side == book_side::bid ? bids_.rbegin()->first : asks_.rbegin()->first;
}

int64_t order_book::price_at(book_side side, size_t n) const noexcept {
  auto offset = static_cast<std::ptrdiff_t>(n);
  return side == book_side::bid ? std::next(bids_.begin(), offset)->first
                                : std::next(asks_.begin(), offset)->first;
}

int64_t order_book::amount_at(book_side side, int64_t price) const noexcept {
  return side == book_side::bid ? amount_in(bids_, price)
                                : amount_in(asks_, price);
}

level_change order_book::set(book_side side, int64_t price, int64_t amount) {
  auto action = side == book_side::bid ? set_in(bids_, price, amount)
                                       : set_in(asks_, price, amount);
  return {side, action, price, amount};
}

} // namespace zenws::sim
