// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/outlet/internal/outlet_access.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace zenws {

/// Takes what happens to an `outlet_socket`, on the thread of its loop.
class outlet_socket_owner {
public:
  virtual ~outlet_socket_owner();

  /// The program may send and receive.
  virtual void on_open(const outlet_identity& program) = 0;

  /// A message was received. The next one comes after `outlet_socket::receive`.
  virtual void on_message(std::string_view text) = 0;

  /// The last message was written.
  virtual void on_sent() = 0;

  /// The connection has ended, or has never been open. The last call.
  virtual void on_end() = 0;
};

/// The server's end of a WebSocket connection, plain or with TLS. Belongs to
/// the thread of its loop. Lives until its last operation has ended.
class outlet_socket {
public:
  // -- member types -----------------------------------------------------------

  struct limits {
    size_t max_message_bytes;

    /// For TLS and the upgrade.
    std::chrono::milliseconds open_within;

    /// The peer is pinged after half of it.
    std::chrono::milliseconds silence_limit;
  };

  // -- constants --------------------------------------------------------------

  /// Time for a closing handshake.
  static constexpr std::chrono::milliseconds close_within
    = std::chrono::seconds{2};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param tls null for none.
  static std::shared_ptr<outlet_socket>
  make(io_loop& loop, boost::asio::ip::tcp::socket socket,
       const std::shared_ptr<boost::asio::ssl::context>& tls,
       std::shared_ptr<const outlet_access> access, const limits& bounds);

  virtual ~outlet_socket();

  // -- life -------------------------------------------------------------------

  /// Waits for TLS, if there is any, and the upgrade.
  /// @param owner must call `leave` before it ends.
  virtual void open(outlet_socket_owner& owner) = 0;

  /// Calls the owner no more, and drops the connection.
  virtual void leave() = 0;

  /// Sends a Close frame behind the message that is being written, and waits
  /// for the peer's, up to `close_within`.
  virtual void close(uint16_t code, std::string_view reason) = 0;

  // -- messages ---------------------------------------------------------------

  /// Receives one message.
  virtual void receive() = 0;

  /// Writes one message.
  /// @pre the last one was written
  virtual void send(std::string text) = 0;
};

using outlet_socket_ptr = std::shared_ptr<outlet_socket>;

} // namespace zenws
