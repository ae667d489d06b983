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

  /// The snapshot has to be asked for. Changes up to its number are outdated,
  /// the next one contains or directly follows it, and so on
  /// (developers.binance.com, spot, "How to manage a local order book
  /// correctly").
  binance_spot,

  /// The same, but the first change must contain the snapshot's number, and
  /// after it `previous` of each change is the number before (same page,
  /// futures).
  binance_futures,
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
