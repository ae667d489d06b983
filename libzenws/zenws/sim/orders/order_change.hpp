// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/fill.hpp"
#include "zenws/sim/orders/position_ledger.hpp"
#include "zenws/sim/orders/wallet.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace zenws::sim {

/// Part of a change that is told.
enum class told_part : uint8_t { all, fills_only, order_only };

/// What a client did to an order before it changed.
enum class client_step : uint8_t { none, placed, amended };

/// What has changed with an order.
struct order_change {
  order entry{};
  std::vector<fill> fills{};
  /// The position after the fills, if there are any.
  std::optional<position> held{};
  /// What the account has of the currency of settlement.
  balance funds{};
  told_part part = told_part::all;
  /// Told by venues that have a message for each step.
  client_step step = client_step::none;
};

} // namespace zenws::sim
