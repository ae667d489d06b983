// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order_change.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <optional>
#include <string>
#include <string_view>

/// @file
/// Orders, fills and positions in Bybit's words
/// (bybit-exchange.github.io/docs/v5/websocket/private). All are those of
/// linear contracts.

namespace zenws::sim {

/// Returns the ID of an order, which has no order of its own. It stays the same
/// when a stop is triggered.
std::string bybit_order_id(const order& entry);

/// Returns the message of a topic of an account, or nothing if the topic is
/// not about the change.
std::optional<std::string> bybit_account_push(std::string_view topic,
                                              const order_store& store,
                                              const order_change& change);

} // namespace zenws::sim
