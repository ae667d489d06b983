// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/account_update.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws::trading {

BOOST_DESCRIBE_ENUM(order_side, buy, sell)

std::string_view to_string(order_side value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(order_type, limit, market, stop_limit, stop_market)

std::string_view to_string(order_type value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(time_in_force, good_til_canceled, immediate_or_cancel,
                    fill_or_kill)

std::string_view to_string(time_in_force value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(venue_order_state, open, filled, canceled, rejected,
                    expired)

std::string_view to_string(venue_order_state value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(fill_liquidity, unknown, maker, taker)

std::string_view to_string(fill_liquidity value) noexcept {
  return internal::enum_name(value);
}

} // namespace zenws::trading
