// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/update_list.hpp"
#include "zenws/shared_histogram.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace zenws {

/// Figures of the typed market data of one client, which any thread may read at
/// any time. All count from the first start of the client.
struct market_stats {
  /// Counts updates that are about to be delivered.
  /// @param received_at arrival of the messages that brought them.
  void count(const market::update_list& updates,
             std::chrono::system_clock::time_point received_at) noexcept;

  shared_counter updates;

  /// From the time of the venue to the arrival here, of live trades, changes of
  /// books, quotes and tickers. By two clocks: what is off between them is part
  /// of it.
  shared_histogram lag;

  /// Books lost, by `market::loss_cause`.
  std::array<shared_counter, market::num_loss_causes> lost_books;

  /// Gaps in the trades of an instrument.
  shared_counter trade_gaps;

  /// Updates that overflow policies left out, over all subscribers.
  shared_counter dropped;
};

} // namespace zenws
