// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order.hpp"

#include <chrono>
#include <cstdint>

namespace zenws::sim {

enum class fill_role : uint8_t { maker, taker };

/// One trade of an order.
struct fill {
  /// Unique among all accounts and instruments; later ones are larger.
  uint64_t number = 0;
  /// The order after the trade.
  order of{};
  double price = 0;
  double amount = 0;
  fill_role role = fill_role::taker;
  /// In the currency of settlement; below zero if it is received.
  double fee = 0;
  /// What closing a part of the position has brought, in the same currency.
  double profit = 0;
  /// Since the Unix epoch.
  std::chrono::milliseconds time{};
};

/// Part of the value of a trade that is paid as fee.
constexpr double fee_rate(fill_role role) noexcept {
  return role == fill_role::maker ? -0.0001 : 0.0005;
}

} // namespace zenws::sim
