// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_feed.hpp"
#include "zenws/sim/config/server_config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

// The stream of an account, in Binance's words. Its name is a listen key, which
// the venue gives out by HTTP; here it follows from the account.

/// Returns the listen key of an account.
std::string listen_key_of(const account_config& account);

/// Returns whether a name is a listen key: 64 letters and digits.
bool is_listen_key(std::string_view name) noexcept;

/// Returns the key of the account that a listen key is for, nothing if it is of
/// none.
std::optional<std::string>
account_of_listen_key(const std::vector<account_config>& accounts,
                      std::string_view listen_key);

/// Returns the event that a listen key is not valid any more.
std::string listen_key_expired(std::string_view listen_key,
                               stream_wrapping wrapping);

/// Returns an event as a connection gets it.
std::string in_envelope(std::string_view event, std::string_view stream,
                        stream_wrapping wrapping);

/// Returns the event that a subscription of the WebSocket API has ended.
std::string event_stream_terminated();

/// Returns an event as a connection of the WebSocket API gets it.
std::string in_subscription(std::string_view event, int64_t id);

} // namespace zenws::sim
