#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every default and every ceiling of libzenws, once. A ceiling is the largest
/// value that `validate` accepts: nothing in zenws is unlimited except, on
/// request, the number of connection attempts.
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

/// Largest response header of an upgrade. This is what Boost.Beast's parser
/// allows, which is why it is also the ceiling.
constexpr size_t max_header_bytes = 8 * 1024;

/// Ceiling of `max_header_bytes`.
constexpr size_t header_bytes_ceiling = 8 * 1024;

/// Bytes accepted for sending but not yet written to the socket.
constexpr size_t max_outbound_bytes = 1024 * 1024;

/// Ceiling of `max_outbound_bytes`.
constexpr size_t outbound_bytes_ceiling = 1024 * 1024 * 1024;

// -- requests -----------------------------------------------------------------

/// Requests of one client that may wait for answers at a time. A peer that
/// answers none of them costs about 200 KiB, and no venue allows so many in the
/// time of a deadline.
constexpr size_t max_pending_calls = 1024;

/// Ceiling of `max_pending_calls`.
constexpr size_t pending_calls_ceiling = 1024 * 1024;

// -- compression ----------------------------------------------------------------

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

/// How long a connection must be ready to count as stable.
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

/// How long a venue may take to answer a login or a subscription.
constexpr std::chrono::milliseconds request_timeout = std::chrono::seconds{10};

/// Ceiling of `max_pending_calls` and `max_channels`.
constexpr size_t count_ceiling = 1'000'000;

/// How long a call of the user's waits for its answer.
constexpr std::chrono::milliseconds answer_within = std::chrono::seconds{30};

// -- rate limits --------------------------------------------------------------

/// Ceiling of the period of a rate limit.
constexpr std::chrono::nanoseconds rate_period_ceiling = std::chrono::hours{24};

// -- subscriptions ------------------------------------------------------------

/// Channels that the subscribers of one client may want at the same time.
constexpr size_t max_channels = 10'000;

/// Answers that subscribers of one client may wait for, each for one channel.
constexpr size_t max_waiting_answers = 100'000;

/// Channels in one request to the venue.
constexpr size_t max_channels_per_request = 100;

/// Requests of subscriptions that may be unanswered at the same time.
constexpr size_t max_subscription_requests = 4;

} // namespace zenws::defaults
