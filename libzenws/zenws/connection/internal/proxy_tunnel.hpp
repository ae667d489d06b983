// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/url.hpp"
#include "zenws/connection/internal/tcp_transport.hpp"
#include "zenws/connection/proxy_handshake.hpp"
#include "zenws/error.hpp"

#include <boost/asio/ip/basic_resolver.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace zenws::internal {

/// Asks a proxy, to which a socket is connected, for a tunnel.
///
/// Reads the answers to their end and no byte further: later bytes belong to
/// TLS or to the upgrade.
class proxy_tunnel : public std::enable_shared_from_this<proxy_tunnel> {
public:
  using done_handler = std::function<void(error)>;

  /// @param socket connected, non-blocking.
  /// @param max_header_bytes of the answer of an HTTP proxy.
  proxy_tunnel(socket_type& socket, size_t max_header_bytes);

  /// Starts; `on_done` is called once, unless `cancel` came first. It keeps the
  /// owner of the socket alive.
  void start(const proxy_config& proxy, const url& target,
             done_handler on_done);

  /// Forgets the handler and the socket, which the owner has to close.
  void cancel();

private:
  using resolver_type
    = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, executor_type>;

  // Finds an address for the target, and talks.
  void resolve(const proxy_config& proxy, const url& target);

  void talk(const proxy_config& proxy, const url& target);

  void write();

  void wait();

  void on_readable();

  void done(error reason);

  socket_type* socket_;
  size_t max_header_bytes_;
  resolver_type resolver_;
  std::unique_ptr<proxy_handshake> handshake_;
  std::string output_; // being written
  done_handler on_done_;
};

} // namespace zenws::internal
