// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/fault.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/net/certificate.hpp"
#include "zenws/sim/net/journal.hpp"
#include "zenws/sim/orders/order.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// A WebSocket exchange for tests, on a thread of its own.
///
/// Paths: `/ws/api/v2` and any unknown one speak JSON-RPC in Deribit's manner
/// about a simulated market, `/stream`, `/ws` and `/ws-api/v3` do so in
/// Binance's, `/kraken` and `/kraken-auth` in Kraken's, `/ws/v5/public` and
/// `/ws/v5/private` in OKX's. `/replay` plays a recorded session, `/echo`
/// echoes, `/flood?count=&size=&kind=&close=` sends as fast as the client
/// reads, `/broadcast` sends the texts of `broadcast`,
/// `/control` takes faults as JSON, by WebSocket or by POST. The rules of a
/// venue are on by default, see `rules()`.
///
/// All functions but `start` and `stop` may be called from any thread; changes
/// are complete when they return.
class server {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit server(server_config cfg = {});

  server(const server&) = delete;

  server& operator=(const server&) = delete;

  /// Stops.
  ~server();

  // -- life -------------------------------------------------------------------

  /// Starts to listen. Returns the problem, or nothing.
  [[nodiscard]] std::optional<std::string> start();

  /// Drops all connections and joins the thread. Stopping twice is fine; a
  /// stopped server cannot start again.
  void stop();

  // -- properties -------------------------------------------------------------

  /// The port in use; valid after `start`, also while the server is "gone".
  uint16_t port() const noexcept;

  /// Returns a URL of this server, e.g. `ws://127.0.0.1:1234/echo`.
  std::string url(std::string_view path = "/ws/api/v2") const;

  /// The certificate of the server's own CA.
  const std::string& ca_pem() const noexcept;

  /// Writes `ca_pem` to a file. Returns the problem, or nothing.
  [[nodiscard]] std::optional<std::string>
  write_ca(const std::string& path) const;

  /// Issues a client certificate of the server's own CA.
  credentials issue_client(const std::string& common_name) const;

  // -- observation ------------------------------------------------------------

  /// WebSocket connections open now.
  uint64_t connection_count() const;

  /// Upgrade requests ever seen, refused ones included.
  uint64_t upgrades_total() const;

  /// All counters.
  server_stats stats() const;

  /// Returns the events, to look through and to wait for.
  const journal& log() const noexcept;

  /// The latest messages from clients, oldest first.
  std::vector<received_message> received() const;

  /// Waits for a message; one that was received already counts.
  bool wait_for(const journal::message_predicate& pred,
                std::chrono::milliseconds timeout) const;

  /// Waits until that many WebSocket connections are open.
  bool wait_for_connections(uint64_t count,
                            std::chrono::milliseconds timeout) const;

  /// Forgets logged messages and upgrade requests, not the counters.
  void clear_log();

  /// The orders of all accounts, oldest first, closed ones included.
  std::vector<order> orders() const;

  /// Returns the number of orders with that label: 2 means that a client
  /// sent one twice.
  size_t count_orders(std::string_view label) const;

  /// Returns a new token for `/kraken-auth`, empty if there is no account with
  /// that key: what `GetWebSocketsToken` of Kraken's REST API does.
  std::string issue_token(std::string_view account = "demo");

  // -- control ----------------------------------------------------------------

  /// Applies a fault to the connections of one path, or to all if `path` is
  /// empty. Connections to `/control` are exempt. Returns the problem,
  /// or nothing; only `fault_return` can fail.
  std::optional<std::string> apply(const fault& cause,
                                   const std::string& path = {});

  /// Closes the port and ends all connections.
  void stop_listening(disconnect mode = disconnect::reset);

  /// Undoes `stop_listening`, on the same port.
  [[nodiscard]] std::optional<std::string> listen_again();

  /// Sends a text message to connections of `path`, or to all if it is empty.
  void broadcast(std::string_view text, const std::string& path = "/broadcast");

  /// Sends a ping to connections of `path`, or to all if it is empty.
  void ping(std::string_view payload, const std::string& path = {});

  /// Sends bytes that need not be valid frames.
  void send_bytes(std::string_view bytes, const std::string& path = {});

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace zenws::sim
