// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/book_rules.hpp"
#include "zenws/market/book_update.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/quote.hpp"
#include "zenws/market/update.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace zenws::market {

/// Outcome of an update for a book.
enum class book_outcome : uint8_t {
  applied,
  /// Left out: the book contains it already.
  outdated,
  /// Left out: nothing is known that it could continue.
  awaiting_snapshot,
  /// It does not continue the book: something was lost. Nothing is known any
  /// more.
  gap,
  /// It continues the book by its number, but the result makes no sense: the
  /// best bid is not below the best ask, a level is changed that is not there,
  /// or the checksum is another one. Nothing is known any more.
  inconsistent,
};

/// Returns the name of the enumerator.
std::string_view to_string(book_outcome value) noexcept;

/// The order book of one instrument: exact and proven, or else invalid and
/// without prices, which prevents trades on them.
///
/// Levels lie in flat memory, the best ones at the end of theirs, where nearly
/// all changes happen; prices are integers in steps that the book finds by
/// itself. Pure. Not thread-safe.
class order_book {
public:
  // -- member types -----------------------------------------------------------

  /// A level as checksums need it.
  struct level {
    decimal price{};
    decimal amount{};
    uint8_t price_places = 0;
    uint8_t amount_places = 0;
  };

  // -- constructors, destructors, and assignment operators --------------------

  /// For updates that a client has proven, which are chained whatever the
  /// venue.
  order_book() noexcept;

  explicit order_book(const book_rules& rules) noexcept;

  // -- properties -------------------------------------------------------------

  /// Returns whether there was a snapshot and nothing was lost since.
  bool is_valid() const noexcept;

  /// Number of the last update that was applied. Only meaningful while valid.
  uint64_t sequence() const noexcept;

  /// Time of the last update that was applied.
  venue_time time() const noexcept;

  /// The best price; nothing while invalid, or if there is none.
  std::optional<price_level> best(book_side side) const noexcept;

  std::optional<price_level> best_bid() const noexcept {
    return best(book_side::bid);
  }

  std::optional<price_level> best_ask() const noexcept {
    return best(book_side::ask);
  }

  /// Number of prices on one side; 0 while invalid.
  size_t depth(book_side side) const noexcept;

  /// Returns a level, 0 being the best.
  /// @pre `index < depth(side)`
  level at(book_side side, size_t index) const noexcept;

  /// Returns the amount at one price, 0 if there is none.
  decimal amount_at(book_side side, decimal price) const noexcept;

  /// Returns the sum of all amounts at `limit` or better. Nothing if it cannot
  /// be kept exactly.
  std::optional<decimal> amount_up_to(book_side side, decimal limit) const;

  /// What it would take to fill an amount at the prices of one side.
  struct fill {
    /// Less than asked for if the book does not have it.
    decimal amount{};
    /// Sum of price times amount, nearly exactly.
    double cost = 0;
    /// The last price needed.
    decimal worst_price{};
  };

  /// Walks the levels of one side, the best first.
  fill fill_for(book_side side, decimal amount) const;

  // -- transitions ------------------------------------------------------------

  /// Applies a snapshot or change, and loses the book by `book_lost`. Does
  /// nothing else.
  /// @pre the update is about this instrument
  book_outcome apply(const update& x);

  book_outcome apply(const book_snapshot& snapshot);

  book_outcome apply(const book_change& change);

  /// Forgets everything: only a snapshot helps.
  void invalidate() noexcept;
};

} // namespace zenws::market
