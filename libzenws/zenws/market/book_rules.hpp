// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zenws::market {

class order_book;

/// How a venue numbers the changes of a book.
enum class sequence_rule : uint8_t {
  /// Not at all. Only the connection, a checksum or the next snapshot prove
  /// anything (Kraken, Coinbase, Hyperliquid).
  unnumbered,

  /// `previous` of each change is the number before (Deribit:
  /// docs.deribit.com, "book.{instrument_name}"; OKX: okx.com/docs-v5, "Order
  /// book channel").
  chained,

  /// The number of each change is the one before plus 1 (Bybit:
  /// bybit-exchange.github.io, "Orderbook").
  consecutive,

  /// Each change has the numbers of its first and last one (Binance:
  /// developers.binance.com, "How to manage a local order book correctly").
  ///
  /// Without `previous` (spot), a change that ends at or before the book's
  /// number is outdated, and one that begins after the next number shows a gap:
  /// `first_sequence <= n + 1` and `n < sequence`.
  ///
  /// With `previous` (futures), `n` being the book's number, the first change
  /// after a snapshot has to reach over it: one with `sequence < n` is outdated
  /// and one with `previous > n` shows a gap. Numbers count over all
  /// instruments there, so that nothing lies between `previous` and
  /// `first_sequence`: the page demands `first_sequence <= n`, which a quiet
  /// book would not fulfill for long. After that `previous` of each change is
  /// the number before.
  ranges,
};

/// Returns the name of the enumerator.
std::string_view to_string(sequence_rule value) noexcept;

/// Computes the checksum that a venue would send for a book.
using book_checksum = uint32_t (*)(const order_book& book);

/// How the books of a venue are kept.
struct book_rules {
  sequence_rule numbering = sequence_rule::unnumbered;

  /// Null if the venue sends none.
  book_checksum checksum = nullptr;

  /// Levels of each side that the channel shows: those that changes push
  /// beyond are gone without being removed (Kraken). 0 if the venue removes
  /// each level itself.
  size_t shown_depth = 0;

  /// The channel brings changes only, and the snapshot has to be asked for
  /// (Binance).
  bool ask_for_snapshot = false;

  bool operator==(const book_rules&) const = default;
};

} // namespace zenws::market
