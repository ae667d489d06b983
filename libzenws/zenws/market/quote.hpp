// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>

namespace zenws::market {

/// A price and the amount there.
struct price_level {
  decimal price{};
  decimal amount{};

  bool operator==(const price_level&) const noexcept = default;
};

/// The best prices of an instrument.
struct quote {
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

  bool operator==(const quote&) const noexcept = default;
};

} // namespace zenws::market
