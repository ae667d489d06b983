// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"
#include "zenws/limits/rate_limiter.hpp"

#include <chrono>
#include <string_view>
#include <vector>

/// The limits that venues publish, and the costs of requests. Dialects use
/// them; for a better tier, or if other programs share the address or account,
/// pass other ones.
namespace zenws::venue_limits {

/// Time by which the network may move messages together. Venues count arrivals,
/// and messages sent a second apart arrive closer if the first one was held up.
/// By this much a window here is longer than the venue's, and the credits of
/// this time are missing in a bucket. For Binance it makes 5 messages in 1.5 s,
/// which is the pace of 3.3 messages a second that clients in the field settled
/// on after a steady 4 a second had been cut off.
constexpr std::chrono::milliseconds arrival_margin{500};

// -- all venues ---------------------------------------------------------------

/// A connection attempt.
constexpr rate_charge dial{"dials", 1};

// -- Deribit ------------------------------------------------------------------
//
// Source: https://docs.deribit.com/articles/rate-limits. Credits come back
// continuously. A request without credits gets error 10028 and ends the
// session, so there is no trying.

/// Any request that neither reaches the matching engine nor subscribes. Answers
/// to `test_request` are such requests: charge them, they cannot wait.
constexpr rate_charge deribit_request{"non_matching", 500};

/// `public/subscribe` or `private/subscribe`, for any number of channels.
constexpr rate_charge deribit_subscribe{"subscribe", 3'000};

/// A request to the matching engine: buy, sell, edit, cancel and the like.
constexpr rate_charge deribit_order{"matching", 1};

/// Requests of an account to the matching engine by the venue's rules. It
/// depends on the volume of trade; the default is the tier of a new account.
constexpr token_bucket_config deribit_matching{.capacity = 20, .refill = 5};

/// The limits of one (sub-)account.
std::vector<rate_limit>
deribit(token_bucket_config matching = deribit_matching);

// -- Binance spot -------------------------------------------------------------
//
// Source: https://developers.binance.com/docs/binance-spot-api-docs/
// web-socket-streams, "General WSS information" and "WebSocket Limits". A
// client that exceeds a limit is disconnected, and banned if it happens
// repeatedly.

/// Anything sent: a Ping frame, a Pong frame, a JSON message. Charge the pongs,
/// they cannot wait.
constexpr rate_charge binance_message{"messages", 1};

/// Weight of a request of the WebSocket API (websocket-api, "IP limits" and the
/// pages of the requests). Those about the market depend on their parameters:
/// `depth` counts as for 1,000 levels. What is not listed counts as much as
/// the heavier ones.
rate_charges binance_weight(std::string_view method) noexcept;

/// The limits of one connection (messages), of one account (orders) and of one
/// host (dials, weight of requests). Orders are those of the documentation's
/// example; `exchangeInfo` tells the figures in force, and the venue gives back
/// what was filled ("Unfilled Order Count").
std::vector<rate_limit> binance_spot();

// -- OKX ----------------------------------------------------------------------
//
// Sources: https://www.okx.com/docs-v5/en/#overview-websocket-connect and
// #overview-rate-limits-sub-account-rate-limit. That an account may place,
// amend or cancel 60 orders of an instrument in 2 s is not counted here: see
// `trading::risk_limits::orders_per_second`.

/// A `subscribe`, an `unsubscribe` or a `login`.
constexpr rate_charge okx_request{"requests", 1};

/// An order that is placed or amended. Cancellations are not counted.
constexpr rate_charge okx_order{"orders", 1};

/// The limits of one connection (requests), of one host (dials) and of one
/// (sub-)account (orders, by the lowest tier).
std::vector<rate_limit> okx();

} // namespace zenws::venue_limits
