// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/order_event.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws::trading {

BOOST_DESCRIBE_ENUM(order_state, pending, open, partially_filled, filled,
                    canceled, rejected, expired, unknown)

std::string_view to_string(order_state value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(order_event_kind, pending, accepted, rejected,
                    partially_filled, filled, amended, canceled, expired,
                    unknown, resolved)

std::string_view to_string(order_event_kind value) noexcept {
  return internal::enum_name(value);
}

} // namespace zenws::trading
