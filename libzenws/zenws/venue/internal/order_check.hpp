// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/trading/order_request.hpp"

#include <cstdint>

/// @file
/// Rules of requests about orders that hold for all venues.

namespace zenws::internal {

constexpr bool has_limit(trading::order_type type) noexcept {
  return type == trading::order_type::limit
         || type == trading::order_type::stop_limit;
}

constexpr bool has_trigger(trading::order_type type) noexcept {
  return type == trading::order_type::stop_limit
         || type == trading::order_type::stop_market;
}

/// Prices that a venue takes.
enum class price_range : uint8_t {
  positive,
  /// Combinations of instruments may cost nothing or less.
  any,
};

/// Checks that a new order has a name and what its type needs, and nothing that
/// contradicts it.
/// @returns `ec::invalid_config` with the first value that is wrong.
error check_order(const trading::order_request& order,
                  const trading::client_order_id& id,
                  price_range prices = price_range::positive);

/// Checks that a change changes something.
/// @returns `ec::invalid_config` with the first value that is wrong.
error check_change(const trading::amend_request& change,
                   price_range prices = price_range::positive);

} // namespace zenws::internal
