// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/market_quote.hpp"
#include "zenws/sim/orders/order_change.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

// The channels of an account, in Deribit's manner: `user.orders`,
// `user.trades` and `user.changes`, each of an instrument or of a kind and a
// currency, and `user.portfolio`. Both intervals, `raw` and `100ms`, bring
// each change at once.

/// Returns whether there is such a channel as `user.orders.BTC-PERPETUAL.raw`,
/// `user.changes.any.any.100ms` or `user.portfolio.btc`.
bool is_user_channel(std::string_view channel, const quote_fun& quote);

/// Returns the notification of a change for a channel, if it is of interest
/// there.
std::optional<std::string> user_notification(std::string_view channel,
                                             const order_change& change);

} // namespace zenws::sim
