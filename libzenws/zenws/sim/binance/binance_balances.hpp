// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// What an account of Binance has of a currency.
struct binance_balance {
  std::string asset{};
  double free = 0;
  /// Set aside for open orders.
  double locked = 0;
};

/// The balances of accounts at Binance. Each begins with the same amount; they
/// follow from the orders that the store still has.
class binance_balances {
public:
  static constexpr double first_deposit = 10'000'000;

  explicit binance_balances(const order_store& orders) noexcept
    : orders_(orders) {
    // nop
  }

  binance_balance of(std::string_view account, std::string_view asset) const;

  /// Returns whether an account can pay for a new order.
  /// @param price of what an order of the market buys.
  bool covers(const order& entry, double price) const;

private:
  const order_store& orders_;
};

/// As `account.status` tells them.
void write_balances(json_writer& out, const std::vector<binance_balance>& all);

/// Returns the event that a change of an order has changed balances.
std::string account_position(const binance_balances& all, const order& entry);

} // namespace zenws::sim
