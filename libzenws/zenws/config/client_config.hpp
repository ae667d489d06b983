// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/defaults.hpp"
#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/timing/backoff.hpp"
#include "zenws/timing/heartbeat.hpp"
#include "zenws/venue/venue_config.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Verification of the server's certificate.
enum class tls_verify : uint8_t {
  /// Certificate chain and name (or IP address) are checked.
  peer,
  /// For tests only: **anyone can read and forge the traffic**. Each client
  /// that uses it says so in a `client_event`.
  insecure_skip_verify,
};

/// Returns the name of the enumerator.
std::string_view to_string(tls_verify verify) noexcept;

/// TLS settings of a `wss://` connection. TLS 1.2 is the least in any case.
struct tls_config {
  /// Trusted authorities (PEM), or empty for those of the system.
  std::string ca_file{};

  /// Certificate chain of this client (PEM), or empty. Needs `key_file`.
  std::string cert_file{};

  /// Private key of this client (PEM), or empty. Needs `cert_file`.
  std::string key_file{};

  tls_verify verify = tls_verify::peer;

  /// File to which the secrets of each connection are appended, in the format
  /// of the variable SSLKEYLOGFILE, or empty for none. Created with mode 0600.
  /// For debugging only: **whoever reads the file can read the traffic**.
  std::string key_log_file{};
};

/// Compression of messages by permessage-deflate (RFC 7692).
///
/// Saves bytes where the network is the bottleneck, and costs processor time
/// and memory: about 40 KiB once a compressed message was received, about 150
/// KiB once one was sent, with windows of full size. Do not compress secrets
/// together with text that others choose: the size of a frame reveals them.
struct compression_config {
  /// Offers compression; the server chooses. Off by default: most venues do
  /// without, and those that compress add latency.
  bool offer = false;

  /// Base-two logarithm of the largest window that we compress with, 9 to 15.
  unsigned client_window_bits = defaults::window_bits;

  /// Same for the server's messages.
  unsigned server_window_bits = defaults::window_bits;

  /// Compresses each message on its own. Worse compression; the server needs to
  /// keep no window for us.
  bool client_no_context_takeover = false;

  /// Has the server compress each message on its own.
  bool server_no_context_takeover = false;

  /// Outbound messages below this size go uncompressed.
  size_t min_message_bytes = defaults::min_compressed_bytes;
};

/// A proxy that tunnels the connection, for `ws://` and `wss://` alike.
struct proxy_config {
  /// `http://host:port`, `socks5://` or `socks5h://` (see `proxy_scheme`),
  /// without user info, or empty for a direct connection.
  std::string url{};

  /// User name for Basic authentication (RFC 7617) or that of SOCKS (RFC 1929),
  /// or empty for none. It and the password reach the proxy **unencrypted**.
  std::string user{};

  /// Needs `user`.
  std::string password{};

  /// Environment variable that these settings are from; empty if none. Is only
  /// reported.
  std::string variable{};
};

/// Returns the URL of a proxy and the variable that it is from, without
/// credentials, or "none".
std::string describe(const proxy_config& cfg);

/// Everything there is to configure about one client. A plain value:
///
///     client_config cfg{.url = "wss://www.deribit.com/ws/api/v2",
///                       .backoff = {.max_attempts = 5}};
struct client_config {
  /// `ws://` or `wss://`, without user info.
  std::string url{};

  /// Additional headers of the upgrade request.
  std::vector<header> headers{};

  /// Subprotocols to offer, the preferred one first.
  std::vector<std::string> subprotocols{};

  tls_config tls{};

  compression_config compression{};

  proxy_config proxy{};

  /// Bounds one attempt as a whole: resolving, connecting, proxy, TLS and
  /// upgrade.
  std::chrono::milliseconds handshake_timeout = defaults::handshake_timeout;

  /// Time for the peer's Close frame after ours was sent.
  std::chrono::milliseconds close_timeout = defaults::close_timeout;

  /// Largest inbound message: all fragments together, before and after
  /// inflation. A larger one fails the connection with close code 1009.
  size_t max_message_bytes = defaults::max_message_bytes;

  /// Largest response header that an upgrade may have, or a proxy's answer.
  size_t max_header_bytes = defaults::max_header_bytes;

  /// Bytes that may be accepted for sending but not yet written; beyond, a send
  /// fails with `ec::outbound_full`.
  size_t max_outbound_bytes = defaults::max_outbound_bytes;

  /// Longest time for which the connection is not read because a subscriber
  /// with `overflow_policy::backpressure` is too slow; after it, and whenever
  /// an answer of the venue is waited for, that subscriber loses messages.
  std::chrono::milliseconds max_reading_pause = defaults::max_reading_pause;

  backoff_config backoff{};

  heartbeat_config heartbeat{};

  /// Venue of the client; by default all messages are data.
  venue_config venue{};

  /// Close codes of the peer that end the client for good: 1000 as a normal
  /// end, any other as a fatal error (`ec::final_close`). Empty by default: a
  /// venue that closes has an outage, with any code.
  std::vector<uint16_t> final_close_codes{};
};

/// Returns the configuration as text for logs. Header values, query values, the
/// proxy's credentials and the contents of key files never show.
std::string to_string(const client_config& cfg);

// -- validation ---------------------------------------------------------------

/// Returns **every** problem of a configuration, none if it is valid. Checks
/// that the TLS files can be read.
std::vector<config_problem> validate(const client_config& cfg);

/// Returns the problems of a proxy's settings, which are part of those above.
std::vector<config_problem> validate(const proxy_config& cfg);

/// Returns the problems of a heartbeat at a venue that demands `rule`.
std::vector<config_problem> validate(const heartbeat_config& cfg,
                                     const heartbeat_rule& rule);

/// Returns whether a Close frame may carry `code` (RFC 6455, section 7.4, and
/// the IANA registry it founds). 1005, 1006 and 1015 never travel.
bool is_close_code(uint16_t code) noexcept;

/// Checks the contents of a Close frame: the code as by `is_close_code`, the
/// reason UTF-8 of at most 123 bytes (RFC 6455, section 5.5). Returns
/// `ec::invalid_message` or no error.
error check_close(uint16_t code, std::string_view reason);

} // namespace zenws
