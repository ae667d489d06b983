// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/stream_connection.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <optional>
#include <string>

namespace zenws::sim {

/// Accepts TCP connections, and can stop doing so for a while.
class listener {
public:
  using accept_handler = std::function<void(loop_socket)>;

  listener(boost::asio::io_context& ctx, accept_handler on_accept);

  /// Opens the port, the reserved one if there is any. Returns the problem, or
  /// nothing.
  std::optional<std::string> open(const std::string& host, uint16_t port);

  /// Refuses connection attempts from now on. The port stays reserved: nobody
  /// else can take it.
  void close();

  bool is_open() const noexcept {
    return acceptor_.is_open();
  }

  /// The port of the last `open`, chosen by the system if that asked for 0.
  uint16_t port() const noexcept {
    return port_;
  }

private:
  using loop_acceptor = boost::asio::basic_socket_acceptor<
    boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  // Keeps a socket on the port that never listens.
  void reserve(const boost::asio::ip::tcp::endpoint& where);

  void accept();
  void accept_later();

  accept_handler on_accept_;
  loop_acceptor acceptor_;
  loop_socket reservation_;
  loop_timer pause_;
  uint16_t port_ = 0;
};

} // namespace zenws::sim
