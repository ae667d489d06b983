// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/http_server.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>

#include <utility>

namespace zenws::monitoring {

namespace {

// After an error such as too many open files.
constexpr std::chrono::milliseconds accept_pause{100};

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

http_server::http_server(boost::asio::io_context& context, http_limits limits)
  : limits_(limits), acceptor_(context), pause_(context) {
  // nop
}

// -- serving ------------------------------------------------------------------

error http_server::listen(const std::string& address, uint16_t port) {
  boost::system::error_code failed;
  boost::asio::ip::tcp::endpoint endpoint{
    boost::asio::ip::make_address(address, failed), port};
  if (!failed)
    acceptor_.open(endpoint.protocol(), failed);
  if (!failed)
    acceptor_.set_option(boost::asio::socket_base::reuse_address{true}, failed);
  if (!failed)
    acceptor_.bind(endpoint, failed);
  if (!failed)
    acceptor_.listen(boost::asio::socket_base::max_listen_connections, failed);
  if (!failed)
    endpoint = acceptor_.local_endpoint(failed);
  if (failed)
    return {ec::connect_failed, "cannot listen at " + address + " port "
                                  + std::to_string(port) + ": "
                                  + failed.message()};
  port_ = endpoint.port();
  return {};
}

void http_server::start(http_handler handler) {
  handler_ = std::move(handler);
  accept();
}

void http_server::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (auto& x : std::exchange(sessions_, {}))
    x->close();
}

void http_server::accept() {
  acceptor_.async_accept([this](boost::system::error_code failed,
                                boost::asio::ip::tcp::socket socket) {
    if (!acceptor_.is_open())
      return;
    if (!failed) {
      serve(std::move(socket));
      return accept();
    }
    pause_.expires_after(accept_pause);
    pause_.async_wait([this](boost::system::error_code canceled) {
      if (!canceled)
        accept();
    });
  });
}

void http_server::serve(boost::asio::ip::tcp::socket socket) {
  std::erase_if(sessions_, [](auto& x) { return x->is_closed(); });
  if (sessions_.size() >= limits_.max_connections)
    return;
  auto session = std::make_shared<http_session>(std::move(socket), limits_,
                                                handler_);
  sessions_.push_back(session);
  session->start();
}

} // namespace zenws::monitoring
