// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/quote.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>

namespace zenws::market {

/// Latest figures of an instrument, all that are known: where a venue sends
/// changed figures only, the others are those of before. Values that the venue
/// does not tell are nothing.
struct ticker {
  instrument_name instrument{};

  venue_time time{};

  /// Number of the client's message that brought it, as in raw batches.
  uint64_t message = 0;

  /// Number of the change of the book that it includes, 0 if the venue does not
  /// tell.
  uint64_t sequence = 0;

  /// Nothing if there are no orders on this side.
  std::optional<price_level> bid{};
  std::optional<price_level> ask{};

  std::optional<decimal> last_price{};
  std::optional<decimal> mark_price{};
  std::optional<decimal> index_price{};

  /// Rate of the current period: 0.0001 is one basis point.
  std::optional<decimal> funding_rate{};

  /// In the unit of `instrument_state::amount_unit`, if the venue says so.
  std::optional<decimal> open_interest{};

  bool operator==(const ticker&) const noexcept = default;
};

} // namespace zenws::market
