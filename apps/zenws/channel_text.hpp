// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/data_kind.hpp"
#include "zenws/subscription/subscription.hpp"

#include <string>
#include <string_view>

/// @file
/// Channels and kinds of market data, as users write them.

namespace zenws::tool {

/// Reads a channel: its name, and behind it an object of JSON if the dialect
/// needs arguments, as in `candles{"channel":"candle1m","instId":"BTC-USDT"}`.
channel_spec parse_channel(std::string_view text);

/// Reads kinds of market data, separated by commas.
/// @returns `ec::invalid_config` with what was probably meant.
result<market::data_kinds> parse_kinds(std::string_view text);

/// Returns "; did you mean X?" with a channel of the venue that is like `name`,
/// or that is about an instrument of this name; empty if there is none.
std::string channel_suggestion(std::string_view venue, std::string_view name);

} // namespace zenws::tool
