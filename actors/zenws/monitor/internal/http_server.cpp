// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/http_server.hpp"

#include "zenws/internal/listen_at.hpp"

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
  if (auto problem = internal::listen_at(acceptor_, address, port))
    return problem;
  port_ = acceptor_.local_endpoint().port();
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
