#pragma once

#include "zenws/market/instrument_name.hpp"
#include "zenws/market/update.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace zenws::market {

/// How a venue numbers what one message has of one instrument. The numbers
/// count within the instrument and the channel of the message.
struct venue_numbers {
  instrument_name instrument{};

  /// Number of the first and of the last change, or trade, in the message.
  uint64_t first = 0;
  uint64_t last = 0;

  /// Number of the message before, if the venue tells.
  std::optional<uint64_t> previous{};

  /// Needs nothing that came before.
  bool snapshot = false;

  /// When the last one happened.
  venue_time time{};
};

/// Returns how the venue numbers an update, instrument by instrument; empty if
/// it does not: tickers only tell how things stand.
std::vector<venue_numbers> numbers_of(const update& what);

} // namespace zenws::market
