// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/okx/okx_arg.hpp"
#include "zenws/sim/orders/order_change.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

// The channels of an account in OKX's words. `uid` is the number of the account
// that its messages carry.

/// Returns the number by which OKX knows an order.
std::string okx_order_id(const order& entry);

/// Returns the message of `orders` about a change, if it is of interest there:
/// a row for each fill, or else for the state of the order.
std::optional<std::string> okx_order_news(const okx_arg& arg,
                                          std::string_view uid,
                                          const order_change& change);

/// Returns the message of `positions` about a change, if there is any: that of
/// an event.
std::optional<std::string> okx_position_news(const okx_arg& arg,
                                             std::string_view uid,
                                             const order_change& change);

/// Returns the message of `positions` that tells all of them.
std::string okx_position_snapshot(const okx_arg& arg, std::string_view uid,
                                  const std::vector<position>& all);

/// Returns the message of `account` about balances that have changed.
std::string okx_balance_news(const okx_arg& arg, std::string_view uid,
                             const std::vector<balance>& changed);

/// Returns the message of `account` that tells all balances.
std::string okx_balance_snapshot(const okx_arg& arg, std::string_view uid,
                                 const std::vector<balance>& all);

} // namespace zenws::sim
