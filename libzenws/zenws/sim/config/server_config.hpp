// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zenws::sim {

/// The layer below HTTP.
enum class transport : uint8_t { plain, tls };

/// Validity of a generated server certificate.
enum class leaf_validity : uint8_t { current, expired };

/// Demand for a certificate of the simulator's own CA.
enum class client_certificate : uint8_t { ignored, required };

/// Whether clients may resume a TLS session, and so skip the certificates.
enum class tls_resumption : uint8_t { refused, allowed };

/// TLS settings of the server (always TLS 1.2 or newer).
struct tls_config {
  /// Names and addresses in the generated leaf. To test a client against a
  /// leaf for another host, name that host here and nothing else.
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  leaf_validity validity = leaf_validity::current;
  client_certificate clients = client_certificate::ignored;
  /// Refused by default: what is under test are certificates.
  tls_resumption resumption = tls_resumption::refused;
  /// PEM files to use instead of a generated leaf; both or none.
  std::string cert_file{};
  std::string key_file{};
};

/// Bounds of one connection.
struct limits_config {
  /// From the accept to the end of the upgrade, TLS included.
  std::chrono::milliseconds handshake_timeout{10'000};
  /// Time to wait for the peer in a close handshake.
  std::chrono::milliseconds close_timeout{2'000};
  /// Undelivered bytes after which a slow consumer is closed with 1008.
  size_t max_queued_bytes = 16u << 20;
  /// Larger messages from clients are answered with 1009.
  size_t max_message_bytes = 16u << 20;
  /// Messages and upgrades kept for `server::received` and `upgrades`.
  size_t max_log_entries = 4096;
};

/// An account that may log in, to any of the venues.
struct account_config {
  /// Deribit's `client_id`, OKX's `apiKey`.
  std::string key = "demo";
  std::string secret = "demo-secret";
  /// Asked for by OKX only.
  std::string passphrase = "demo-passphrase";
  /// Added by OKX to the `arg` of private messages.
  std::string uid = "77982378738415879";
  /// Key in PEM by which Binance verifies signatures of the account, Ed25519 or
  /// RSA; empty for HMAC by `secret`.
  std::string public_key{};
};

/// Credits that each request costs, and their refill.
struct credit_limit {
  uint64_t cost = 1;
  uint64_t pool = 1;
  uint64_t refill_per_second = 1;
};

/// Requests that one session may make: the figures of docs.deribit.com for the
/// lowest tier. A session that asks for more is told so and closed.
struct deribit_limits {
  credit_limit requests{500, 50'000, 10'000};
  credit_limit subscriptions{3'000, 30'000, 10'000};
  /// Orders placed, edited or canceled.
  credit_limit matching{1, 20, 5};
};

/// Sessions that may subscribe to the channels that end with `.raw`.
enum class raw_access : uint8_t { after_login, open };

/// Rules of the JSON-RPC interface. `rules()` names the sources.
struct api_config {
  /// Length of a second of `public/set_heartbeat`. Tests shorten it; the
  /// venue's rule `interval >= 10` stays.
  std::chrono::milliseconds heartbeat_second{1000};
  /// Time for which one `public/auth` authorizes a session, given as
  /// `expires_in`.
  std::chrono::seconds token_lifetime{900};
  /// Without a value, requests are not counted.
  std::optional<deribit_limits> limits = deribit_limits{};
  raw_access raw_channels = raw_access::after_login;
  /// Larger requests are refused; 0 for any size.
  size_t max_request_bytes = 32 * 1024;
  /// Orders kept for all accounts; the oldest closed ones make room.
  size_t max_orders = 10'000;
};

/// Place of the code in Binance's refusal of a request about streams: both
/// shapes are in use.
enum class error_shape : uint8_t { nested, flat };

/// Rules of `/stream`, `/ws` and `/ws-api/v3`, in Binance's manner.
/// `rules()` names the sources.
struct binance_config {
  /// Interval of the server's pings; 0 for never.
  std::chrono::milliseconds ping_interval{20'000};
  /// Time for a pong that repeats the ping's payload.
  std::chrono::milliseconds pong_timeout{60'000};
  /// Frames that a client of streams may send in any second, pings and pongs
  /// included; 0 for any number.
  size_t max_frames_per_second = 5;
  /// Time after a connection beyond that limit during which each new one from
  /// the same host is closed after its first frame. The venue does so for an
  /// unknown time after repeated violations; 0 for never.
  std::chrono::milliseconds penalty{0};
  /// Requests about streams whose frame (8 bytes of header and the payload) is
  /// larger are ignored; 0 for any size.
  size_t max_request_bytes = 4096;
  error_shape errors = error_shape::nested;
  /// Weight of requests of the WebSocket API in a minute; 0 for any.
  size_t max_request_weight = 6000;
  /// Age at which a connection is cut; 0 for never. The venue cuts
  /// after 24 hours.
  std::chrono::milliseconds max_age{0};
  /// Time before that at which `serverShutdown` is sent.
  std::chrono::milliseconds shutdown_notice{1'000};
  size_t max_streams = 1024;
};

/// Rules of `/coinbase`, in Coinbase's manner. `rules()` names the sources.
struct coinbase_config {
  /// Time after the opening within which a client has to subscribe; 0 for any.
  std::chrono::milliseconds subscribe_timeout{5'000};
  /// Messages that a host may send in any second; 0 for any number.
  size_t max_messages_per_second = 8;
  /// Products of `level2` that a connection may have; 0 for any number.
  size_t max_books = 30;
  /// Interval of the messages of `heartbeats`. Tests shorten it.
  std::chrono::milliseconds heartbeat_second{1'000};
  /// Interval of the messages of `ticker_batch`.
  std::chrono::milliseconds batch_interval{5'000};
};

/// Rules of `/v5/public/linear`, `/v5/public/spot`, `/v5/private` and
/// `/v5/trade`, in Bybit's manner. `rules()` names the sources.
struct bybit_config {
  /// Time without a message from the client after which it is cut, unless a
  /// topic brings data; 0 for never. Ping frames are no messages.
  std::chrono::milliseconds idle_timeout{600'000};
  /// Topics that one request of spot may name; 0 for any number.
  size_t max_spot_args = 10;
  /// Characters of all topics of a connection; 0 for any number.
  size_t max_args_bytes = 21'000;
  /// Largest order that an account can pay for; 0 for any.
  double max_order_size = 1'000'000;
};

/// Rules of `/hyperliquid`, in Hyperliquid's manner. `rules()` names the
/// sources. The limits are those of a client's address.
struct hyperliquid_config {
  /// Time without a message to the client after which it is cut; 0 for never.
  std::chrono::milliseconds idle_timeout{60'000};
  /// 0 for any number.
  size_t max_connections = 10;
  /// New connections in `window`; 0 for any number.
  size_t max_dials = 30;
  /// Messages of clients in `window`; 0 for any number.
  size_t max_messages = 2'000;
  std::chrono::milliseconds window{60'000};
  /// 0 for any number.
  size_t max_subscriptions = 1'000;
  /// Interval of books of 20 levels and of all middle prices.
  std::chrono::milliseconds book_interval{5'000};
  /// Interval of books of 5 levels.
  std::chrono::milliseconds fast_book_interval{500};
};

/// Rules of `/kraken` and `/kraken-auth`, in the manner of Kraken's version 2.
/// `rules()` names the sources.
struct kraken_config {
  /// Interval of heartbeats once there was a subscription; 0 for none.
  std::chrono::milliseconds heartbeat_interval{1'000};
  /// Time without activity after which a connection is closed; 0 for never.
  /// Heartbeats are activity.
  std::chrono::milliseconds idle_timeout{60'000};
  /// Messages that a client may send in `request_window`; 0 for any number. The
  /// venue does not publish its figure, which depends on the load.
  size_t max_requests = 25;
  std::chrono::milliseconds request_window{5'000};
  /// Time for which a token may be used, unless a subscription holds it.
  std::chrono::milliseconds token_lifetime{900'000};
  /// Length of a second of `cancel_all_orders_after`. Tests shorten it.
  std::chrono::milliseconds guard_second{1'000};
};

/// Checksums of OKX's books: "fixed to 0" since 23 June 2026.
enum class book_checksum : uint8_t { zero, computed };

/// How OKX's operations on orders name an instrument: by `instIdCode`, or also
/// by `instId` as until 2026.
enum class instrument_naming : uint8_t { by_code, by_code_or_name };

/// Rules of `/ws/v5/public` and `/ws/v5/private`, in OKX's manner.
/// `rules()` names the sources.
struct okx_config {
  /// Time without a message from the client after which it is cut; 0 for
  /// never. Ping frames are no messages.
  std::chrono::milliseconds idle_timeout{30'000};
  /// Subscriptions, their ends and logins that a connection may ask for in
  /// `request_window`; 0 for any number.
  size_t max_requests = 480;
  std::chrono::milliseconds request_window{3'600'000};
  /// Largest age of the timestamp of a login.
  std::chrono::milliseconds login_window{30'000};
  /// Connections of an account that may have the same private channel; 0 for
  /// any number.
  size_t max_connections_per_channel = 30;
  /// Largest order that an account can pay for.
  double max_order_size = 1'000'000;
  /// Interval at which `positions` and `account` tell all that there is, as
  /// they do at first; 0 for never. The venue does not publish its figure.
  std::chrono::milliseconds snapshot_interval{5'000};
  instrument_naming operations = instrument_naming::by_code;
  book_checksum checksums = book_checksum::zero;
};

/// Everything a server can be told before it starts.
struct server_config {
  /// A numeric address to listen on.
  std::string host = "127.0.0.1";
  /// 0 lets the system choose.
  uint16_t port = 0;
  sim::transport transport = sim::transport::plain;
  tls_config tls{};
  /// Compresses for clients that offer permessage-deflate. Floods,
  /// broadcasts and replays stay uncompressed, so that such clients see both.
  bool deflate = false;
  /// Same seed, same market.
  uint64_t seed = 1;
  /// Period of the market; it rests without subscribers.
  std::chrono::milliseconds tick{10};
  std::vector<std::string> instruments = {"BTC-PERPETUAL", "ETH-PERPETUAL"};
  /// A recorded session to replay instead of the market.
  std::string capture_file{};
  /// Speed of a replay: 2 is twice as fast as recorded, 0 as fast as the
  /// client reads.
  double replay_speed = 1.0;
  /// Accounts of the venues; there is one by default.
  std::vector<account_config> accounts = {{}};
  api_config api{};
  binance_config binance{};
  coinbase_config coinbase{};
  bybit_config bybit{};
  hyperliquid_config hyperliquid{};
  kraken_config kraken{};
  okx_config okx{};
  limits_config limits{};
};

/// Returns the first thing that is wrong with a configuration, or nothing.
std::optional<std::string> problem_of(const server_config& cfg);

} // namespace zenws::sim
