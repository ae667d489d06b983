// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/book_levels.hpp"
#include "zenws/market/book_rules.hpp"
#include "zenws/market/book_update.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/quote.hpp"
#include "zenws/market/update.hpp"
#include "zenws/market/update_list.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace zenws::market {

/// Outcome of an update for a book.
enum class book_outcome : uint8_t {
  applied,
  /// Left out: the book contains it already.
  outdated,
  /// Left out: nothing is known that it could continue.
  awaiting_snapshot,
  /// It does not continue the book, or is a `book_lost`: something was lost.
  /// Nothing is known any more.
  gap,
  /// It continues the book by its number, but the result makes no sense: the
  /// best bid is not below the best ask, a level is changed that is not there,
  /// an amount is not positive, the checksum is another one, or the prices have
  /// no common step in which they are integers of 64 bits. Nothing is known any
  /// more.
  inconsistent,
  /// Left out: it is not about a book.
  unrelated,
};

/// Returns the name of the enumerator.
std::string_view to_string(book_outcome value) noexcept;

/// The order book of one instrument: exact and proven, or else invalid and
/// without prices, which prevents trades on them.
///
/// Levels lie in flat memory, the best ones at the end of theirs, where nearly
/// all changes happen; prices are integers in steps that the book finds by
/// itself. An update allocates only if the book becomes larger than ever
/// before. Pure. Not thread-safe.
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

  /// For updates that a client has proven: chained whatever the venue, so that
  /// a change without `previous` shows a gap, and neither checked by checksums
  /// nor cut to a depth.
  order_book() noexcept;

  explicit order_book(const book_rules& rules) noexcept;

  // -- properties -------------------------------------------------------------

  /// Returns whether there was a snapshot and nothing was lost since.
  bool is_valid() const noexcept {
    return is_valid_;
  }

  /// Instrument of the last snapshot.
  const instrument_name& instrument() const noexcept {
    return instrument_;
  }

  /// Number of the last update that was applied. Only meaningful while valid.
  uint64_t sequence() const noexcept {
    return sequence_;
  }

  /// Time of the last update that was applied.
  venue_time time() const noexcept {
    return time_;
  }

  /// The best price; nothing while invalid, or if there is none.
  std::optional<price_level> best(book_side side) const noexcept;

  std::optional<price_level> best_bid() const noexcept {
    return best(book_side::bid);
  }

  std::optional<price_level> best_ask() const noexcept {
    return best(book_side::ask);
  }

  /// Number of prices on one side; 0 while invalid.
  size_t depth(book_side side) const noexcept {
    return levels_of(side).size();
  }

  /// Returns a level, 0 being the best.
  /// @pre `index < depth(side)`
  level at(book_side side, size_t index) const noexcept;

  /// Returns the amount at one price, 0 if there is none.
  decimal amount_at(book_side side, decimal price) const noexcept;

  /// Returns the sum of all amounts at `limit` or better. Nothing if it cannot
  /// be kept exactly.
  std::optional<decimal> amount_up_to(book_side side,
                                      decimal limit) const noexcept;

  /// Cost of filling an amount at the prices of one side.
  struct fill {
    /// Less than asked for if the book does not have it.
    decimal amount{};
    /// Sum of price times amount, nearly exactly.
    double cost = 0;
    /// The last price needed.
    decimal worst_price{};
  };

  /// Walks the levels of one side, the best first. Nothing if the sum of the
  /// amounts cannot be kept exactly.
  std::optional<fill> fill_for(book_side side, decimal amount) const noexcept;

  /// Returns the levels that the last update has pushed beyond
  /// `book_rules::shown_depth`, as changes that remove them. Venues do not tell
  /// them: add them to the update for those who keep a book without rules.
  /// Valid until the next update.
  std::span<const level_change> dropped() const noexcept {
    return dropped_;
  }

  /// Adds the whole book as a snapshot, the best levels first, for a subscriber
  /// who comes later. Adds nothing while invalid.
  void copy_to(update_list& out) const;

  // -- transitions ------------------------------------------------------------

  /// Applies a snapshot or change, and loses the book by `book_lost`. Does
  /// nothing else.
  /// @pre the update is about this instrument
  book_outcome apply(const update& x);

  /// Replaces everything. The levels may have any order.
  book_outcome apply(const book_snapshot& snapshot);

  book_outcome apply(const book_change& change);

  /// Forgets everything: only a snapshot helps.
  void invalidate() noexcept;

private:
  /// A level of a snapshot on its way to its place.
  struct unsorted_level {
    int64_t key;
    size_t index;
  };

  enum class effect : uint8_t { put, erase, nothing, misfit };

  const book_levels& levels_of(book_side side) const noexcept {
    return sides_[static_cast<size_t>(side)];
  }

  book_levels& levels_of(book_side side) noexcept {
    return sides_[static_cast<size_t>(side)];
  }

  /// Returns the price of a level from the worst one on.
  decimal price_at(book_side side, size_t position) const noexcept;

  level level_at(book_side side, size_t position) const noexcept;

  /// Returns the position of the first level at `limit` or better.
  size_t position_of(book_side side, decimal limit) const noexcept;

  std::optional<int64_t> key_of(book_side side, decimal price) const noexcept;

  book_outcome judge(const book_change& change) const noexcept;

  book_outcome judge_range(const book_change& change) const noexcept;

  static effect effect_of(const level_change& x, bool is_there) noexcept;

  bool apply_level(const level_change& x);

  bool load(std::span<const level_change> levels);

  bool load(book_side side, std::span<const level_change> levels);

  bool collect(book_side side, std::span<const level_change> levels);

  void sort_collected();

  bool rescale(decimal price);

  bool rescale(book_side side, int places);

  bool is_crossed() const noexcept;

  void drop_beyond_depth(book_side side);

  book_outcome finish(const book_update& x);

  book_outcome fail(book_outcome cause) noexcept;

  book_rules rules_;
  bool is_valid_ = false;

  /// No change has followed the snapshot yet.
  bool is_fresh_ = false;

  /// Prices are kept as integers times 10 to the power of minus this.
  int places_ = 0;

  uint64_t sequence_ = 0;
  uint64_t message_ = 0;
  venue_time time_{};
  std::array<book_levels, 2> sides_;
  std::vector<level_change> dropped_;
  std::vector<unsorted_level> unsorted_;
  instrument_name instrument_{};
};

} // namespace zenws::market
