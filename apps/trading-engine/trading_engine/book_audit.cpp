// SPDX-License-Identifier: BSD-3-Clause

#include "book_audit.hpp"

namespace zenws::engine {

namespace {

using market::book_outcome;
using market::order_book;
using market::price_level;

bool agrees(const std::optional<price_level>& told,
            const std::optional<price_level>& ours) {
  return told.has_value() == ours.has_value()
         && (!told || told->price == ours->price);
}

bool is_crossed(const order_book& book) {
  auto bid = book.best_bid();
  auto ask = book.best_ask();
  return bid && ask && bid->price >= ask->price;
}

} // namespace

void book_audit::applied(const market::update& update, const order_book& book,
                         book_outcome outcome, uint64_t epoch) noexcept {
  updated_ = outcome == book_outcome::applied;
  // The numbers were in order, and yet something is missing.
  if (outcome == book_outcome::inconsistent)
    ++undetected_;
  auto* content = market::book_update_of(update);
  if (!updated_ || content == nullptr)
    return;
  auto continues = content->previous == chain_end_ && epoch == chain_epoch_;
  auto is_change = std::holds_alternative<market::book_change>(update);
  if ((is_change && !continues) || is_crossed(book))
    ++undetected_;
  chain_end_ = content->sequence;
  chain_epoch_ = epoch;
}

void book_audit::compare(const market::ticker& update,
                         const order_book& book) noexcept {
  auto due = order_ == ticker_order::follows_book && updated_;
  updated_ = false;
  if (!due || !book.is_valid())
    return;
  if (!agrees(update.bid, book.best_bid())
      || !agrees(update.ask, book.best_ask()))
    ++undetected_;
}

} // namespace zenws::engine
