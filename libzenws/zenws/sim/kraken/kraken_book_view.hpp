// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/market/order_book.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace zenws::sim {

/// The levels of a book that a channel of one depth shows, the best ones first.
struct kraken_book_view {
  /// Price and amount.
  using levels = std::vector<std::pair<int64_t, int64_t>>;

  levels bids{};
  levels asks{};

  static kraken_book_view of(const order_book& book, size_t depth);
};

/// Returns the changes from one view of a side to the next. A level that was
/// pushed out is not among them: the client drops it (docs.kraken.com,
/// "Book checksum (WebSocket v2)").
kraken_book_view::levels changes_between(const kraken_book_view::levels& before,
                                         const kraken_book_view::levels& after,
                                         const order_book& book,
                                         book_side side);

} // namespace zenws::sim
