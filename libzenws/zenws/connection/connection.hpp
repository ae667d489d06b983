// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/url.hpp"
#include "zenws/connection/address_memory.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/error.hpp"
#include "zenws/events.hpp"
#include "zenws/message.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio {
class io_context;
} // namespace boost::asio

namespace zenws {

class connection;

/// Destination and request headers of one attempt.
struct dial_target {
  zenws::url url;
  std::vector<header> headers;

  /// Results of earlier attempts by address, updated by this one. May be null.
  std::shared_ptr<address_memory> memory{};
};

/// Receives the events of connections, always on the loop's thread.
class connection_listener {
public:
  virtual ~connection_listener() = default;

  /// The attempt entered `resolving`, `connecting` or `upgrading`. The second
  /// is reported again for each address.
  /// @param address the one being tried, such as "127.0.0.1:443" or
  ///                "[::1]:443", of the proxy if there is one; empty while
  ///                resolving.
  virtual void
  on_phase(connection& source, client_state phase, std::string_view address)
    = 0;

  /// The upgrade is done; `subprotocol` is the peer's choice, or empty.
  virtual void on_open(connection& source, std::string_view subprotocol) = 0;

  /// Messages in the order of their arrival. Never empty.
  virtual void on_messages(connection& source, slab_ptr messages) = 0;

  /// The peer sent a Pong; all messages before it have been delivered.
  virtual void on_pong(connection& source, std::string_view payload) = 0;

  /// The peer sent a Ping, which has been answered.
  virtual void on_ping(connection& source) = 0;

  /// The oldest message accepted by `send` and not reported yet is written.
  virtual void on_written(connection& source) = 0;

  /// The connection is over. Called once and last. Without an error, the
  /// closing handshake that `close` began went through.
  ///
  /// Called as soon as the peer's Close frame came or the peer broke the
  /// protocol. The connection answers and waits for the end of TCP by itself,
  /// for `cfg.close_timeout` at most.
  virtual void on_closed(connection& source, error reason) = 0;
};

/// One WebSocket connection from the first DNS query to the last FIN.
///
/// Belongs to the thread that runs its `io_context`: create and call it there.
/// Never calls its listener from within one of the functions below.
class connection {
public:
  // -- constructors, destructors, and assignment operators ------------------

  /// Starts an attempt. `cfg.handshake_timeout` bounds the whole of it.
  /// @returns an error, mostly of `cfg.tls`, if it cannot even be started.
  static result<std::shared_ptr<connection>>
  dial(boost::asio::io_context& ctx, std::shared_ptr<slab_pool> pool,
       const client_config& cfg, dial_target target,
       connection_listener& listener);

  virtual ~connection();

  // -- writing ----------------------------------------------------------------

  /// Queues a message; `on_written` or `on_closed` reports the outcome.
  /// @returns `ec::none`, `not_connected`, `outbound_full`, `outbound_too_big`,
  ///          or `invalid_message` (text that is not UTF-8).
  virtual ec send(message_kind kind, std::string payload) = 0;

  /// Sends a ping unless one is still being written.
  virtual void ping(std::string_view payload) = 0;

  /// Bytes accepted by `send` but not written yet.
  virtual size_t outbound_bytes() const noexcept = 0;

  // -- reading ----------------------------------------------------------------

  /// Stops reading the socket: TCP makes the peer wait.
  virtual void pause_reading() = 0;

  virtual void resume_reading() = 0;

  /// Bytes of all frames received since the connection opened.
  virtual uint64_t bytes_received() const noexcept = 0;

  // -- ending -----------------------------------------------------------------

  /// Starts the closing handshake, bounded by `cfg.close_timeout`.
  virtual void close(uint16_t code, std::string_view reason) = 0;

  /// Drops the connection at once; the listener is not called any more.
  virtual void abandon() = 0;
};

} // namespace zenws
