// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/net/connection.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace zenws::sim {

/// A TCP socket without type erasure.
using loop_socket
  = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                     boost::asio::io_context::executor_type>;

/// Creates a connection over plain TCP, or over TLS if there is a context.
std::shared_ptr<connection> make_connection(connection_owner& owner,
                                            uint64_t id, loop_socket socket,
                                            boost::asio::ssl::context* tls);

} // namespace zenws::sim
