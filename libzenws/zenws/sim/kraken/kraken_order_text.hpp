// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order_change.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws::sim {

// Orders, fills and balances as Kraken writes them (docs.kraken.com,
// "Executions" and "Balances"). Messages of a channel have numbers, `sequence`.

/// Returns the id of an order, such as `O00000-00000-000017`. That of a stop
/// stays the same when it is triggered.
std::string kraken_order_id(const order& x);

/// Returns the id of a change of an order.
std::string kraken_amend_id(const order& x, std::chrono::milliseconds time);

/// Returns the messages of `executions` about a change, one for each step.
std::vector<std::string> kraken_executions(const order_change& x,
                                           uint64_t& sequence);

/// Parts of the first message of `executions`.
struct kraken_snapshot_parts {
  bool orders = true;
  bool trades = false;
};

/// Returns the first message: open orders, and the latest 50 fills.
std::string
kraken_executions_snapshot(const order_store& store, const std::string& account,
                           kraken_snapshot_parts parts, uint64_t& sequence);

/// Returns the messages of `balances` about a change: one for each fill, with
/// both of its currencies.
std::vector<std::string> kraken_balances(const order_store& store,
                                         const order_change& x,
                                         uint64_t& sequence);

/// Returns the first message: all currencies of the market. An account begins
/// with 1,000 of each, and may have less than nothing.
std::string kraken_balances_snapshot(const order_store& store,
                                     const std::string& account,
                                     const std::vector<std::string>& currencies,
                                     uint64_t& sequence);

} // namespace zenws::sim
