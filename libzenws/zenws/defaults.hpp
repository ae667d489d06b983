// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// The defaults of all configurations of libzenws, their ceilings, and the
/// delays and bounds that cannot be configured. A ceiling is the largest value
/// that `validate` accepts: nothing in zenws is unlimited except, on request,
/// the number of connection attempts. Bounds that follow from an algorithm or a
/// specification stand in the class concerned.
namespace zenws::defaults {

// -- connecting and closing ---------------------------------------------------

/// Time for resolving, connecting, TLS and HTTP upgrade together.
constexpr std::chrono::milliseconds handshake_timeout
  = std::chrono::seconds{10};

/// Time for the peer to answer our Close frame (RFC 6455, section 7.1.1).
constexpr std::chrono::milliseconds close_timeout = std::chrono::seconds{5};

/// Close code of a normal end (RFC 6455, section 7.4.1).
constexpr uint16_t close_code = 1000;

/// Longest duration that a configuration may contain.
constexpr std::chrono::milliseconds duration_ceiling = std::chrono::hours{24};

// -- sizes --------------------------------------------------------------------

/// Largest inbound message: all fragments together, after inflation.
constexpr size_t max_message_bytes = 16 * 1024 * 1024;

/// Ceiling of `max_message_bytes`.
constexpr size_t message_bytes_ceiling = 1024 * 1024 * 1024;

/// Largest response header of an upgrade. Boost.Beast's parser allows no more,
/// so it is also the ceiling.
constexpr size_t max_header_bytes = 8 * 1024;

/// Ceiling of `max_header_bytes`.
constexpr size_t header_bytes_ceiling = 8 * 1024;

/// Bytes accepted for sending but not yet written to the socket.
constexpr size_t max_outbound_bytes = 1024 * 1024;

/// Ceiling of `max_outbound_bytes`.
constexpr size_t outbound_bytes_ceiling = 1024 * 1024 * 1024;

// -- compression --------------------------------------------------------------

/// Largest, and default, LZ77 window: 2^15 bytes (RFC 7692, section 7.1.2).
constexpr unsigned window_bits = 15;

/// Smallest window. The RFC allows 8, which zlib cannot compress with.
constexpr unsigned window_bits_floor = 9;

/// Outbound messages below this size are not compressed: they fit into one
/// packet anyway, so that compressing them would cost time and save none.
constexpr size_t min_compressed_bytes = 1024;

// -- reconnecting -------------------------------------------------------------
//
// With these figures a server that is gone for 5 s is found within 2 s of its
// return, while a server that is gone for long sees less than three attempts
// a minute from each client.

/// Delay before the first retry, unless that one is immediate.
constexpr std::chrono::milliseconds backoff_min
  = std::chrono::milliseconds{500};

/// Longest delay between two attempts.
constexpr std::chrono::milliseconds backoff_max = std::chrono::seconds{30};

/// Growth of the delay from one attempt to the next.
constexpr double backoff_factor = 1.5;

/// Ceiling of `backoff_factor`.
constexpr double backoff_factor_ceiling = 100;

/// Share of a delay that is random, so that many clients of one server do not
/// return in the same instant.
constexpr double backoff_jitter = 0.2;

/// Time that a connection must be ready to count as stable.
constexpr std::chrono::milliseconds stable_after = std::chrono::seconds{10};

/// Consecutive attempts without a stable connection before a client gives up
/// and leaves the rest to its supervisor.
constexpr uint64_t max_attempts = 10;

/// Longest time that a server may demand to be left alone. Binance bans for up
/// to three days, and for longer those who come back before
/// (binance-spot-api-docs, "IP Limits").
constexpr std::chrono::milliseconds retry_after_ceiling
  = std::chrono::hours{72};

/// Longest wait that is read out of a server's answer; a longer one counts as
/// this. Also the ceiling of `backoff_config::retry_after_ceiling`.
constexpr std::chrono::seconds demanded_wait_ceiling = std::chrono::days{7};

// -- replacing a connection ---------------------------------------------------

/// Time for the last messages of a connection that has a successor. Data goes
/// on meanwhile.
constexpr std::chrono::milliseconds drain_timeout = std::chrono::seconds{2};

/// Delay after an attempt at a successor failed. Venues announce the end of a
/// connection from half a minute (OKX) to ten minutes (Binance) ahead.
constexpr std::chrono::milliseconds successor_retry = std::chrono::seconds{5};

/// Bytes of a successor's messages that are held back until it takes over.
constexpr size_t max_held_bytes = 16 * 1024 * 1024;

// -- restarting ---------------------------------------------------------------

/// Delay before the first restart of a child, unless that one is immediate.
constexpr std::chrono::milliseconds restart_backoff_min
  = std::chrono::milliseconds{100};

/// Growth of the delay from one restart to the next.
constexpr double restart_backoff_factor = 2;

/// Longest delay before a pool replaces a lost member.
constexpr std::chrono::milliseconds refill_backoff_max
  = std::chrono::seconds{60};

/// Children of one supervisor.
constexpr size_t max_children = 100'000;

// -- heartbeat ----------------------------------------------------------------

/// Longest time for which a connection is not read because a subscriber is too
/// slow. Venues want their pings answered within 10 s (Deribit) to a minute
/// (Binance).
constexpr std::chrono::milliseconds max_reading_pause = std::chrono::seconds{5};

/// Time from one ping to the next.
constexpr std::chrono::milliseconds heartbeat_interval
  = std::chrono::seconds{30};

/// Pings in a row that may stay unanswered.
constexpr unsigned heartbeat_max_missed = 2;

/// Ceiling of `heartbeat_max_missed`.
constexpr unsigned heartbeat_max_missed_ceiling = 100;

// -- requests -----------------------------------------------------------------

/// Requests of one client that may wait for answers at a time. A peer that
/// answers none of them costs about 200 KiB, and no venue allows so many in the
/// time of a deadline.
constexpr size_t max_pending_calls = 1024;

/// Time for a venue to answer a login or a subscription.
constexpr std::chrono::milliseconds request_timeout = std::chrono::seconds{10};

/// Ceiling of `max_pending_calls` and `max_channels`.
constexpr size_t count_ceiling = 1'000'000;

/// Time for the answer to a call of the user's.
constexpr std::chrono::milliseconds answer_within = std::chrono::seconds{30};

/// Delay before a request is repeated that the venue refused for now.
constexpr std::chrono::milliseconds busy_delay = std::chrono::seconds{1};

/// Delay after the first renewal of a login that failed; doubles with each one.
constexpr std::chrono::milliseconds login_renewal_delay
  = std::chrono::seconds{1};

// -- rate limits --------------------------------------------------------------

/// Ceiling of the period of a rate limit.
constexpr std::chrono::nanoseconds rate_period_ceiling = std::chrono::hours{24};

// -- subscriptions ------------------------------------------------------------

/// Channels that the subscribers of one client may want at the same time.
constexpr size_t max_channels = 10'000;

/// Answers that subscribers of one client may wait for, each for one channel.
constexpr size_t max_waiting_answers = 100'000;

/// Bytes that a subscriber may hold before its overflow policy applies.
constexpr size_t subscriber_budget_bytes = 4 * 1024 * 1024;

/// Channels in one request to the venue.
constexpr size_t max_channels_per_request = 100;

/// Requests of subscriptions that may be unanswered at the same time.
constexpr size_t max_subscription_requests = 4;

/// Delay after the first failure of such a request; doubles with each one.
constexpr std::chrono::milliseconds subscription_retry_min
  = std::chrono::seconds{1};

/// Longest such delay.
constexpr std::chrono::milliseconds subscription_retry_max
  = std::chrono::seconds{60};

/// Failures of a channel that was requested alone, before it is refused to
/// those who wait for it.
constexpr unsigned max_failures_alone = 3;

/// Failures after which a channel does not keep a connection from being
/// restored any more.
constexpr unsigned channel_delayed_after = 2;

/// Time that a channel must last before its next loss counts as the first.
constexpr std::chrono::milliseconds channel_stable_after
  = std::chrono::minutes{1};

/// Time for the snapshot of a renewed channel, before it can be renewed again.
constexpr std::chrono::milliseconds channel_renewal_timeout
  = std::chrono::seconds{10};

} // namespace zenws::defaults
