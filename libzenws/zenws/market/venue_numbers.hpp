// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/instrument_name.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace zenws::market {

/// The venue's numbers of the data of one instrument in one message. They
/// count within the instrument and the channel of the message.
struct venue_numbers {
  instrument_name instrument{};

  /// Number of the first and of the last change, or trade, in the message.
  uint64_t first = 0;
  uint64_t last = 0;

  /// Number of the message before, if the venue sends it.
  std::optional<uint64_t> previous{};

  /// Needs nothing that came before.
  bool snapshot = false;

  /// Time of the last one.
  venue_time time{};
};

/// Meaning of the numbers of a venue's trades.
enum class trade_numbers : uint8_t {
  /// Later trades have larger ones.
  ordered,
  /// They only tell trades apart.
  unordered,
};

/// Returns the venue's numbers in the data of one message, instrument by
/// instrument; empty if there are none that tell an order, as for tickers.
std::vector<venue_numbers>
numbers_of(const update_list& message,
           trade_numbers of_trades = trade_numbers::ordered);

} // namespace zenws::market
