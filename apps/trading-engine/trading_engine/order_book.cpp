// SPDX-License-Identifier: BSD-3-Clause

#include "order_book.hpp"

namespace zenws::engine {

namespace {

using market::level_action;
using market::level_change;
using market::sequence_verdict;

template <class Levels>
std::optional<quote> first_of(const Levels& levels) {
  if (levels.empty())
    return std::nullopt;
  return quote{levels.begin()->first, levels.begin()->second};
}

// @returns `false` if the book lacks a level of the change.
template <class Levels>
bool change_level(Levels& levels, const level_change& change) {
  auto sets = change.action == level_action::set;
  if (change.action == level_action::remove
      || (sets && change.amount.is_zero()))
    return levels.erase(change.price) > 0 || sets;
  auto [pos, added] = levels.insert_or_assign(change.price, change.amount);
  return sets || added == (change.action == level_action::create);
}

} // namespace

// -- properties ---------------------------------------------------------------

std::optional<quote> order_book::best_bid() const {
  return first_of(bids_);
}

std::optional<quote> order_book::best_ask() const {
  return first_of(asks_);
}

bool order_book::is_crossed() const {
  return !bids_.empty() && !asks_.empty()
         && bids_.begin()->first >= asks_.begin()->first;
}

// -- transitions --------------------------------------------------------------

book_outcome order_book::apply(const market::book_change& update) {
  switch (sequence_.apply(update)) {
    case sequence_verdict::in_order:
      break;
    case sequence_verdict::gap:
      invalidate();
      return book_outcome::gap;
    default:
      return book_outcome::awaiting_snapshot;
  }
  if (update.kind == market::update_kind::snapshot)
    clear();
  auto all = fit::fits;
  for (auto& change : update.levels)
    if (apply(change) == fit::misfit)
      all = fit::misfit;
  if (all == fit::misfit || is_crossed()) {
    invalidate();
    return book_outcome::inconsistent;
  }
  return book_outcome::applied;
}

void order_book::invalidate() noexcept {
  clear();
  sequence_.reset();
}

void order_book::clear() noexcept {
  bids_.clear();
  asks_.clear();
}

order_book::fit order_book::apply(const level_change& change) {
  auto known = change.side == market::book_side::bid
                 ? change_level(bids_, change)
                 : change_level(asks_, change);
  return known ? fit::fits : fit::misfit;
}

} // namespace zenws::engine
