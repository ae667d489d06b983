// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/book_change.hpp"

#include <cstdint>
#include <string_view>

namespace zenws::market {

/// Numbering of the changes of a book by a venue.
enum class sequence_rule : uint8_t {
  /// The first message is a snapshot; `prev_change_id` of each change is the
  /// `change_id` before (docs.deribit.com, "book.{instrument_name}").
  deribit,

  /// The snapshot comes by another way (REST). Changes up to its number are
  /// outdated, the next one contains or directly follows it, and so on
  /// (developers.binance.com, spot, "How to manage a local order book
  /// correctly").
  binance_spot,

  /// The same, but the first change must contain the snapshot's number, and
  /// after it `pu` of each change is the `u` before (same page, futures).
  binance_futures,
};

/// Verdict on a message of a book.
enum class sequence_verdict : uint8_t {
  /// Apply it: it continues the book, or begins it anew.
  in_order,
  /// Leave it out: the snapshot contains it.
  outdated,
  /// Leave it out, or keep it until the snapshot of Binance is there: nothing
  /// is known that it could continue.
  awaiting_snapshot,
  /// Messages were lost: the book is wrong until the next snapshot.
  gap,
};

/// Returns the name of the enumerator.
std::string_view to_string(sequence_verdict value) noexcept;

/// Detects missing messages of one book.
///
/// Pure. One instrument of one connection has one tracker; not thread-safe.
class sequence_tracker {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit sequence_tracker(sequence_rule rule) noexcept : rule_(rule) {
    // nop
  }

  // -- properties -------------------------------------------------------------

  /// Returns whether a snapshot is known and nothing was lost since.
  bool in_sync() const noexcept {
    return state_ != state::lost;
  }

  /// Number of the last change, or of the snapshot if none followed it. Only
  /// meaningful while in sync.
  uint64_t change_id() const noexcept {
    return change_id_;
  }

  // -- transitions ------------------------------------------------------------

  /// Checks the next message of the book. After a gap everything awaits a
  /// snapshot.
  sequence_verdict apply(const book_change& change) noexcept;

  /// Reports a snapshot that came by another way than `apply`.
  /// @param change_id `lastUpdateId` of Binance.
  void snapshot(uint64_t change_id) noexcept;

  /// Reports that the stream was interrupted, that a message of it cannot be
  /// decoded, or that the book is wrong for a reason that the numbers do not
  /// show. After that everything awaits a snapshot, as after a gap: have the
  /// channel renewed if `in_sync` was true before, or else it is being renewed.
  void reset() noexcept {
    state_ = state::lost;
  }

private:
  enum class state : uint8_t {
    lost,
    /// No change has followed the snapshot yet.
    snapshot,
    running,
  };

  sequence_verdict verdict_on(const book_change& change) const noexcept;

  sequence_rule rule_;
  state state_ = state::lost;
  uint64_t change_id_ = 0;
};

} // namespace zenws::market
