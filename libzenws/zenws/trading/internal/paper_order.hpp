// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/exact_sum.hpp"
#include "zenws/market/order_book.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/internal/queue_position.hpp"
#include "zenws/trading/order_request.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace zenws::internal {

/// What an order on paper waits for.
enum class paper_stage : uint8_t {
  /// The price of its trigger.
  trigger,
  /// A book that it can be carried out by.
  book,
  /// Somebody to trade with, at its price.
  trade,
  /// Nothing: it is over.
  over,
};

/// What an order would trade at once.
struct paper_match {
  /// By the levels of the book, the best first.
  std::vector<market::price_level> levels{};

  /// Nothing remains of the order.
  bool is_complete = false;

  /// A sum could not be kept exactly. Nothing of it must be carried out.
  bool is_inexact = false;
};

/// An order of a venue on paper.
struct paper_order {
  // -- properties -------------------------------------------------------------

  bool is_buy() const noexcept {
    return terms.side == trading::order_side::buy;
  }

  bool has_limit() const noexcept {
    return terms.type == trading::order_type::limit
           || terms.type == trading::order_type::stop_limit;
  }

  bool has_trigger() const noexcept {
    return terms.type == trading::order_type::stop_limit
           || terms.type == trading::order_type::stop_market;
  }

  market::book_side own_side() const noexcept {
    return is_buy() ? market::book_side::bid : market::book_side::ask;
  }

  market::book_side other_side() const noexcept {
    return is_buy() ? market::book_side::ask : market::book_side::bid;
  }

  /// Returns whether the order trades at a price.
  bool accepts(market::decimal price) const noexcept {
    return !has_limit()
           || (is_buy() ? price <= *terms.price : price >= *terms.price);
  }

  /// Returns whether a price is the trigger's or beyond.
  bool is_triggered_by(market::decimal price) const noexcept {
    return is_buy() ? price >= *terms.trigger : price <= *terms.trigger;
  }

  /// Returns whether something at that time was after the order came.
  bool is_followed_by(market::venue_time time) const noexcept {
    return time == market::venue_time{} || time > since;
  }

  /// Returns what remains to be filled. Exact, as `fill` keeps it so.
  market::decimal rest() const noexcept;

  /// Returns how much a position can be filled with: all for orders that may do
  /// more than reduce it.
  market::decimal most_for(const market::exact_sum& position) const noexcept;

  /// Returns what would be traded with a book at once, without what this order
  /// has taken before.
  paper_match match(const market::order_book& book,
                    const market::exact_sum& position) const;

  // -- transitions ------------------------------------------------------------

  /// Fills an amount, and changes the position with it.
  /// @returns `false` if a sum could not be kept exactly: nothing is changed.
  bool fill(market::decimal amount, market::exact_sum& position) noexcept;

  /// Same for an amount of a level of the book, which is not there for this
  /// order any more.
  bool take(const market::price_level& level, market::exact_sum& position);

  /// Forgets what was taken of levels that have become smaller.
  void compare_taken(const market::order_book& book);

  trading::order_key key{};

  /// As amended last.
  trading::order_request terms{};

  market::decimal filled{};

  uint64_t fills = 0;

  paper_stage stage = paper_stage::book;

  /// It was told that the order is open.
  bool is_told = false;

  /// When it came, or came to its place in the queue. What happened until then
  /// neither triggers nor fills it.
  market::venue_time since{};

  queue_position queue{};

private:
  // The book does not notice what is taken, but nothing is taken twice.
  market::decimal left_of(const market::order_book::level& x) const noexcept;

  std::vector<market::price_level> taken_;
};

} // namespace zenws::internal
