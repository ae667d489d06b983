// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <string_view>

namespace zenws {

/// Name of a channel of Coinbase, taken apart: "level2:BTC-USD" for one
/// product, or "status" alone. Views into the name.
struct coinbase_channel {
  /// As in requests: "level2", not "l2_data".
  std::string_view kind{};

  /// Empty if the name has none.
  std::string_view product{};

  static coinbase_channel parse(std::string_view name) noexcept;
};

/// Returns the kind of channel that messages of such a channel belong to:
/// "level2" for "l2_data", and itself for any other.
std::string_view coinbase_kind_of(std::string_view channel) noexcept;

/// Returns an error if market data of a product comes under another name:
/// "-USDC" products, but for two of them, bring that of "-USD"
/// (docs.cdp.coinbase.com, "Advanced Trade WebSocket Channels").
error check_coinbase_product(std::string_view product);

} // namespace zenws
