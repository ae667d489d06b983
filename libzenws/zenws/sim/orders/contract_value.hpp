// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/fill.hpp"

#include <string_view>

namespace zenws::sim {

// Values in the currency by which an instrument is settled, with eight
// decimals. An instrument that is settled in its base currency is inverse: its
// amount counts US dollars. That of OKX's perpetuals counts contracts, that of
// all others the base currency.

/// Returns the fee of a trade.
double fee_of(std::string_view instrument, double price, double amount,
              fill_role role);

/// Returns the profit of contracts that were bought and sold at these prices.
/// @param amount below zero if they were sold first
double profit_of(std::string_view instrument, double entry, double exit,
                 double amount);

} // namespace zenws::sim
