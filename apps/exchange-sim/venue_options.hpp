// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"

namespace CLI {

class App;

} // namespace CLI

namespace zenws::sim {

// Options of exchange-sim for accounts and for the rules of the venues.

void declare_accounts(CLI::App& app, server_config& out);

void declare_deribit(CLI::App& app, api_config& out);

void declare_binance(CLI::App& app, binance_config& out);

void declare_bybit(CLI::App& app, bybit_config& out);

void declare_hyperliquid(CLI::App& app, hyperliquid_config& out);

void declare_kraken(CLI::App& app, kraken_config& out);

void declare_okx(CLI::App& app, okx_config& out);

} // namespace zenws::sim
