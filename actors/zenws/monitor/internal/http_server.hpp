// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/monitor/internal/http_session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace zenws::monitoring {

/// Accepts connections and hands their requests to a handler, all on the thread
/// of an `io_context`.
class http_server {
public:
  // -- constructors, destructors, and assignment operators ------------------

  http_server(boost::asio::io_context& context, http_limits limits);

  // -- properties -------------------------------------------------------------

  /// Returns the port it listens at.
  uint16_t port() const noexcept {
    return port_;
  }

  // -- serving ----------------------------------------------------------------

  /// Opens the port. Call it before the context runs.
  /// @returns `ec::connect_failed` with the reason.
  error listen(const std::string& address, uint16_t port);

  /// Accepts connections from now on. Only on the thread of the context.
  void start(http_handler handler);

  /// Closes the port and all connections. Only on the thread of the context.
  void close();

private:
  void accept();

  void serve(boost::asio::ip::tcp::socket socket);

  const http_limits limits_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  http_handler handler_;
  std::vector<http_session_ptr> sessions_; // closed ones: until the next
  uint16_t port_ = 0;
};

} // namespace zenws::monitoring
