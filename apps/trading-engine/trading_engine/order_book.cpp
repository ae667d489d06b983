#include "trading_engine/order_book.hpp"

namespace zenws::engine {

namespace {

template <class Levels>
std::optional<quote> first_of(const Levels& levels) {
  if (levels.empty())
    return std::nullopt;
  return quote{levels.begin()->first, levels.begin()->second};
}

/// @returns `false` if the book had not what the change speaks of.
template <class Levels>
bool change_level(Levels& levels, const level_change& change) {
  if (change.action == level_action::remove)
    return levels.erase(change.price) > 0;
  auto [pos, added] = levels.insert_or_assign(change.price, change.amount);
  return added == (change.action == level_action::create);
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

book_outcome order_book::apply(const book_update& update) {
  if (update.kind == update_kind::snapshot) {
    invalidate();
    stale_ = false;
  } else if (stale_) {
    return book_outcome::awaiting_snapshot;
  } else if (update.prev_change_id != change_id_) {
    invalidate();
    return book_outcome::gap;
  }
  auto all = fit::fits;
  for (const auto& change : update.levels)
    if (apply(change) == fit::misfit)
      all = fit::misfit;
  if (all == fit::misfit || is_crossed()) {
    invalidate();
    return book_outcome::inconsistent;
  }
  change_id_ = update.change_id;
  return book_outcome::applied;
}

void order_book::invalidate() noexcept {
  bids_.clear();
  asks_.clear();
  stale_ = true;
}

order_book::fit order_book::apply(const level_change& change) {
  auto known = change.side == book_side::bid ? change_level(bids_, change)
                                             : change_level(asks_, change);
  return known ? fit::fits : fit::misfit;
}

} // namespace zenws::engine
