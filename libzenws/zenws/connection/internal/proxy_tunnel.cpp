// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/proxy_tunnel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace zenws::internal {

namespace asio = boost::asio;

namespace {

error lost(error_code code) {
  return {.code = ec::connection_lost,
          .detail = "before the proxy had answered: " + code.message()};
}

// Every SOCKS proxy reaches IPv4 addresses.
template <class Results>
std::string preferred_address(const Results& found) {
  auto is_v4 = [](auto& x) { return x.endpoint().address().is_v4(); };
  auto pos = std::find_if(found.begin(), found.end(), is_v4);
  return (pos != found.end() ? pos : found.begin())
    ->endpoint()
    .address()
    .to_string();
}

} // namespace

proxy_tunnel::proxy_tunnel(socket_type& socket, size_t max_header_bytes)
  : socket_(&socket),
    max_header_bytes_(max_header_bytes),
    resolver_(socket.get_executor()) {
  // nop
}

void proxy_tunnel::start(const proxy_config& proxy, const url& target,
                         done_handler on_done) {
  on_done_ = std::move(on_done);
  if (needs_address(proxy, target))
    resolve(proxy, target);
  else
    talk(proxy, target);
}

void proxy_tunnel::cancel() {
  on_done_ = nullptr;
  socket_ = nullptr;
  resolver_.cancel();
}

void proxy_tunnel::resolve(const proxy_config& proxy, const url& target) {
  resolver_.async_resolve(
    target.host, std::to_string(target.port),
    asio::ip::resolver_base::numeric_service,
    [self = shared_from_this(), proxy,
     target](error_code code, const resolver_type::results_type& found) {
      if (!self->on_done_)
        return;
      if (code)
        return self->done(error{ec::name_resolution_failed,
                                target.host + ": " + code.message()});
      auto resolved = target;
      resolved.host = preferred_address(found);
      self->talk(proxy, resolved);
    });
}

void proxy_tunnel::talk(const proxy_config& proxy, const url& target) {
  auto handshake = proxy_handshake::make(proxy, target, max_header_bytes_);
  if (!handshake)
    return done(handshake.error());
  handshake_ = std::move(*handshake);
  write();
}

void proxy_tunnel::write() {
  output_ = handshake_->take_output();
  // Several writes may be needed: the owner of the socket must outlive them.
  asio::async_write(*socket_, asio::buffer(output_),
                    [self = shared_from_this(),
                     owner = on_done_](error_code code, size_t) {
                      if (code)
                        return self->done(lost(code));
                      self->wait();
                    });
}

void proxy_tunnel::wait() {
  if (!on_done_)
    return;
  socket_->async_wait(socket_type::wait_read,
                      [self = shared_from_this()](error_code) {
                        // Reading reports an error, if any.
                        self->on_readable();
                      });
}

void proxy_tunnel::on_readable() {
  char room[1024];
  while (on_done_) {
    error_code code;
    auto n = socket_->receive(asio::buffer(room), socket_type::message_peek,
                              code);
    if (code == asio::error::would_block)
      return wait();
    if (code)
      return done(lost(code));
    auto taken = handshake_->read({room, n});
    if (!taken)
      return done(taken.error());
    // Now these bytes are taken, and only these.
    socket_->receive(asio::buffer(room, *taken), 0, code);
    if (handshake_->is_open())
      return done({});
    if (handshake_->has_output())
      return write();
  }
}

void proxy_tunnel::done(error reason) {
  socket_ = nullptr;
  if (auto f = std::exchange(on_done_, nullptr))
    f(std::move(reason));
}

} // namespace zenws::internal
