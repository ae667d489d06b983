// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>

namespace zenws::market {

/// Latest prices of an instrument. Values that the venue did not send are
/// nothing, and so are the prices of a side without orders.
struct ticker {
  instrument_name instrument{};
  venue_time time{};

  /// Number of the change of the book that this ticker includes, 0 if the venue
  /// does not tell.
  uint64_t change_id = 0;

  std::optional<decimal> best_bid{};
  std::optional<decimal> best_bid_amount{};
  std::optional<decimal> best_ask{};
  std::optional<decimal> best_ask_amount{};
  std::optional<decimal> last_price{};
  std::optional<decimal> mark_price{};
  std::optional<decimal> index_price{};
};

} // namespace zenws::market
