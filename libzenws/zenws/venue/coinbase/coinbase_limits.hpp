// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/limits/rate_limiter.hpp"

#include <cstddef>
#include <vector>

/// The limits of Coinbase. Source: https://docs.cdp.coinbase.com/coinbase-app/
/// advanced-trade-apis/websocket/websocket-rate-limits.
namespace zenws::venue_limits {

/// A message of a client that has not authenticated: a `subscribe` or an
/// `unsubscribe`.
constexpr rate_charge coinbase_message{"messages", 1};

/// Books that a connection may have. The venue does not document it; it refuses
/// more by "too many L2 streams requested in a single session". Clients in the
/// field were refused 32 and 100, and settled on 30.
constexpr size_t max_coinbase_books = 30;

/// The limits of one host: 8 messages and 8 dials in a second.
std::vector<rate_limit> coinbase();

} // namespace zenws::venue_limits
