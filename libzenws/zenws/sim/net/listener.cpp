// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/listener.hpp"

#include <utility>

namespace zenws::sim {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

using reuse_port
  = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int backlog = 4096;

// Time to wait for file descriptors to come free.
constexpr auto accept_pause = std::chrono::milliseconds{20};

} // namespace

listener::listener(asio::io_context& ctx, accept_handler on_accept)
  : on_accept_(std::move(on_accept)),
    acceptor_(ctx.get_executor()),
    reservation_(ctx.get_executor()),
    pause_(ctx.get_executor()) {
  // nop
}

std::optional<std::string> listener::open(const std::string& host,
                                          uint16_t port) {
  boost::system::error_code ec;
  auto address = asio::ip::make_address(host, ec);
  if (ec)
    return "host " + host + " is not a numeric address";
  tcp::endpoint where{address, port};
  acceptor_.open(where.protocol(), ec);
  if (!ec)
    acceptor_.set_option(asio::socket_base::reuse_address{true}, ec);
  if (!ec && reservation_.is_open())
    acceptor_.set_option(reuse_port{true}, ec);
  if (!ec)
    acceptor_.bind(where, ec);
  if (!ec)
    acceptor_.listen(backlog, ec);
  if (ec) {
    close();
    return "cannot listen on " + host + " port " + std::to_string(port) + ": "
           + ec.message();
  }
  port_ = acceptor_.local_endpoint(ec).port();
  if (!reservation_.is_open())
    reserve(acceptor_.local_endpoint(ec));
  accept();
  return std::nullopt;
}

void listener::reserve(const tcp::endpoint& where) {
  boost::system::error_code ignored;
  // Only now: another process must not share the port.
  acceptor_.set_option(reuse_port{true}, ignored);
  reservation_.open(where.protocol(), ignored);
  reservation_.set_option(reuse_port{true}, ignored);
  reservation_.bind(where, ignored);
}

void listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void listener::accept() {
  acceptor_.async_accept(acceptor_.get_executor(), [this](auto ec,
                                                          loop_socket socket) {
    if (ec == asio::error::operation_aborted || !acceptor_.is_open())
      return;
    if (ec && ec != asio::error::connection_aborted)
      return accept_later();
    if (!ec)
      on_accept_(std::move(socket));
    if (acceptor_.is_open())
      accept();
  });
}

void listener::accept_later() {
  pause_.expires_after(accept_pause);
  pause_.async_wait([this](auto ec) {
    if (!ec && acceptor_.is_open())
      accept();
  });
}

} // namespace zenws::sim
