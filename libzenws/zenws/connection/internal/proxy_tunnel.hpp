// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/url.hpp"
#include "zenws/connection/internal/tcp_transport.hpp"
#include "zenws/error.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Returns the request that asks a proxy for a tunnel to `target`.
std::string connect_request(const proxy_config& proxy, const url& target);

/// Checks the header of a proxy's answer.
/// @returns no error if the tunnel is open, `ec::proxy_auth_required` or
///          `ec::proxy_failed`.
error read_connect_response(std::string_view header);

/// Asks an HTTP proxy, to which a socket is connected, for a tunnel.
///
/// Reads the answer up to the end of its header and no byte further: later
/// bytes belong to TLS or to the upgrade.
class proxy_tunnel : public std::enable_shared_from_this<proxy_tunnel> {
public:
  using done_handler = std::function<void(error)>;

  /// @param socket connected, non-blocking.
  /// @param max_header_bytes of the answer.
  proxy_tunnel(socket_type& socket, size_t max_header_bytes);

  /// Starts; `on_done` is called once, unless `cancel` came first. It keeps the
  /// owner of the socket alive.
  void start(const proxy_config& proxy, const url& target,
             done_handler on_done);

  /// Forgets the handler and the socket, which the owner has to close.
  void cancel();

private:
  void wait();

  void on_readable();

  // Reads the bytes that have come, as far as they belong to the header.
  // @returns whether that was all of it.
  bool read_header(error_code& code);

  void on_header();

  void done(error reason);

  socket_type* socket_;
  size_t max_header_bytes_;
  size_t skipped_bytes_ = 0; // of interim responses
  std::string request_;
  std::string header_;
  done_handler on_done_;
};

} // namespace zenws::internal
