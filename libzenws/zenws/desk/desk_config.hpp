// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/trading/order_ledger.hpp"
#include "zenws/trading/risk_gate.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace zenws::trading {

struct desk_config {
  ledger_config ledger{};

  /// Instruments that may be traded, each with its limits.
  std::map<std::string, risk_limits, std::less<>> instruments{};

  /// Terms of instruments, for venues that do not tell them over WebSocket
  /// (Bybit, Binance USD-M): as the venue tells them elsewhere, each with its
  /// kind, its unit and the steps of prices and amounts. Orders are checked by
  /// them until the venue tells others; nobody notices if it has changed them.
  std::vector<market::instrument_state> terms{};

  /// Time in which the venue may carry a request out. Venues that can be told
  /// so refuse it later.
  std::chrono::milliseconds lifetime{2'000};

  /// Most that the venue's clock and this one may differ, and the time for an
  /// answer on its way. Only after both is an order that the venue does not
  /// know taken for one that never arrived.
  std::chrono::milliseconds margin{3'000};

  /// Time without a word from us until the venue cancels all orders, where it
  /// can; 0 to leave them. Repeated at a third of it.
  std::chrono::seconds guard{60};

  /// Pause after a question that failed, at first and at most.
  std::chrono::milliseconds first_pause{1'000};
  std::chrono::milliseconds longest_pause{60'000};
};

/// Returns every problem of a configuration.
std::vector<config_problem> validate(const desk_config& cfg);

} // namespace zenws::trading
