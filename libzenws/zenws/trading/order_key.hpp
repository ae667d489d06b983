// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/instrument_name.hpp"
#include "zenws/market/short_text.hpp"

namespace zenws::trading {

/// The name that we give to an order; the venue repeats it. Letters and digits
/// only, at most 18, so that it is one for all venues (Kraken: 18 characters of
/// free text; OKX: 32 letters and digits).
using client_order_id = market::short_text<36>;

/// The venue's own name of an order.
using venue_order_id = market::short_text<47>;

/// Names an order to the venue.
struct order_key {
  market::instrument_name instrument{};

  client_order_id id{};

  /// Empty as long as it is not known.
  venue_order_id venue_id{};

  bool operator==(const order_key&) const noexcept = default;
};

} // namespace zenws::trading
