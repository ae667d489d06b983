// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/orders/order.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

// Names of instruments and forms of numbers of the venues. The market's own
// names are Deribit's: `BTC-PERPETUAL` there is `BTCUSDT` on Binance,
// and both `BTC-USDT` and `BTC-USDT-SWAP` on OKX.

/// Returns the currency by which an instrument is settled: `BTC` of
/// `BTC-PERPETUAL`, `USDC` of `BTC_USDC-PERPETUAL`, and `USDT` of OKX's
/// `BTC-USDT` and `BTC-USDT-SWAP`.
std::string settlement_currency(std::string_view instrument);

/// Returns `BTC` of all of them.
std::string base_currency(std::string_view instrument);

/// Returns whether it is a pair of currencies by OKX's name: `BTC-USDT`.
bool is_okx_pair(std::string_view instrument);

/// Returns whether it is a perpetual by OKX's name: `BTC-USDT-SWAP`.
bool is_okx_swap(std::string_view instrument);

/// Returns a symbol in upper case, e.g. `BTCUSDT`.
std::string binance_symbol(std::string_view instrument);

/// Returns the name of a product of Coinbase, e.g. `BTC-USD`.
std::string coinbase_product(std::string_view instrument);

/// Returns the names under which OKX knows an instrument, at least one.
std::vector<std::string> okx_names(std::string_view instrument);

/// Returns a number with eight decimals, as Binance writes it.
std::string eight_decimals(double x);

/// Returns a number without superfluous zeros, as OKX writes it.
std::string shortest_decimal(double x);

} // namespace zenws::sim
