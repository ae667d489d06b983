// SPDX-License-Identifier: BSD-3-Clause

#include "book_audit.hpp"

namespace zenws::engine {

namespace {

bool agrees(const std::optional<market::decimal>& told,
            const std::optional<quote>& ours) {
  return told.has_value() == ours.has_value()
         && (!told || *told == ours->price);
}

bool is_crossed(const order_book& book) {
  auto bid = book.best_bid();
  auto ask = book.best_ask();
  return bid && ask && bid->price >= ask->price;
}

} // namespace

void book_audit::applied(const market::book_change& update,
                         const order_book& book, book_outcome outcome,
                         uint64_t epoch) noexcept {
  updated_ = outcome == book_outcome::applied;
  // The numbers were in order, and yet something is missing.
  if (outcome == book_outcome::inconsistent)
    ++undetected_;
  if (!updated_)
    return;
  auto continues = update.prev_change_id == chain_end_ && epoch == chain_epoch_;
  auto is_gap = update.kind == market::update_kind::change && !continues;
  if (is_gap || is_crossed(book))
    ++undetected_;
  chain_end_ = update.change_id;
  chain_epoch_ = epoch;
}

void book_audit::compare(const market::ticker& update,
                         const order_book& book) noexcept {
  auto due = order_ == ticker_order::follows_book && updated_;
  updated_ = false;
  if (!due || book.is_stale())
    return;
  if (!agrees(update.best_bid, book.best_bid())
      || !agrees(update.best_ask, book.best_ask()))
    ++undetected_;
}

} // namespace zenws::engine
