// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/order_change.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

// Orders and fills in Binance's words (web-socket-api.md; user-data-stream.md).

/// Reasons for which an order expires ("Order Expiry Reason").
inline constexpr std::string_view unfilled_ioc
  = "UNFILLED_IOC_QUANTITY_EXPIRED";
inline constexpr std::string_view unfilled_fok = "UNFILLED_FOK_ORDER_EXPIRED";

/// The part of a trade that is paid as fee, whoever made it.
inline constexpr double binance_commission_rate = 0.001;

/// What is paid for a trade: a part of what it brings.
struct binance_commission {
  std::string asset{};
  double amount = 0;
};

binance_commission commission_of(const fill& entry);

/// Returns the currency in which prices of an instrument are.
std::string binance_quote_asset(std::string_view instrument);

/// Returns the name that a client finds an order by: a cancellation changes
/// it.
const std::string& binance_client_id(const order& entry) noexcept;

/// Returns the state of an order, such as "PARTIALLY_FILLED".
const char* binance_status(const order& entry) noexcept;

/// As `order.status` and `openOrders.status` tell it.
void write_binance_order(json_writer& out, const order& entry);

enum class binance_response : uint8_t { ack, result, full };

/// As `order.place` tells it.
void write_placed_order(json_writer& out, const order& entry,
                        const std::vector<fill>& fills, binance_response form);

/// As `order.cancel` and `openOrders.cancelAll` tell it.
void write_canceled_order(json_writer& out, const order& entry);

/// As `order.amend.keepPriority` tells it.
/// @param before the name that the order had.
void write_amended_order(json_writer& out, const order& entry,
                         std::string_view before);

/// As `myTrades` tells it.
void write_own_trade(json_writer& out, const fill& entry);

/// Returns the event of a change, nothing for one that has none: a part of a
/// change without its fills.
std::optional<std::string> execution_report(const order_change& change);

} // namespace zenws::sim
