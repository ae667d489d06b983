// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/url.hpp"
#include "zenws/connection/internal/tcp_transport.hpp"
#include "zenws/connection/internal/tls_context.hpp"
#include "zenws/error.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <string>
#include <vector>

namespace zenws::internal {

/// Bytes over TLS, read and written by OpenSSL directly on the socket.
///
/// Compared with `asio::ssl::stream` this needs neither the pair of 17 KiB
/// buffers per connection nor the copy through a memory BIO, and it can tell
/// whether anything is left to read, without which an idle connection could
/// not give its slab back.
class tls_transport {
public:
  tls_transport(boost::asio::io_context& ctx, std::shared_ptr<tls_context> tls);

  tls_transport(const tls_transport&) = delete;

  tls_transport& operator=(const tls_transport&) = delete;

  ~tls_transport();

  socket_type& socket() noexcept {
    return socket_;
  }

  executor_type get_executor() {
    return socket_.get_executor();
  }

  // -- handshake --------------------------------------------------------------

  /// Prepares the handshake: SNI, the name (or address) that the peer's
  /// certificate must carry, and the last session with it, if any.
  /// @pre the socket is connected.
  error prepare(const url& target);

  /// Performs the handshake. `handler` is called with an `error_code`; see
  /// `failure` for the reason.
  template <class Handler>
  auto async_handshake(Handler&& handler) {
    return boost::asio::async_compose<Handler, void(error_code)>(
      handshake_op{this}, handler, socket_);
  }

  /// Returns the reason for a failed handshake: `certificate_rejected`,
  /// `certificate_outdated` or `tls_failed`.
  error failure(error_code code) const;

  // -- bytes ------------------------------------------------------------------

  size_t read_some(char* data, size_t size, error_code& ec);

  bool drained() const noexcept {
    return drained_;
  }

  template <class Handler>
  void async_wait_readable(Handler&& handler) {
    socket_drained_ = false;
    socket_.async_wait(socket_type::wait_read, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return boost::asio::async_compose<Handler, void(error_code, size_t)>(
      write_op{this, flatten(buffers)}, handler, socket_);
  }

  void shutdown_write();

  void close();

private:
  enum class want : uint8_t { nothing, read, write };

  // Result of one try of an OpenSSL call.
  struct step {
    want next = want::nothing;
    error_code ec;
    size_t bytes = 0;
  };

  struct handshake_op {
    tls_transport* self;

    template <class Op>
    void operator()(Op& op, error_code ec = {}) {
      if (ec)
        return op.complete(ec);
      auto res = self->try_handshake();
      if (res.next == want::nothing)
        return op.complete(res.ec);
      self->async_wait(res.next, std::move(op));
    }
  };

  struct write_op {
    tls_transport* self;
    boost::asio::const_buffer data;
    bool initiating = true;
    step res = {};

    template <class Op>
    void operator()(Op& op, error_code ec = {}) {
      if (ec)
        return op.complete(ec, 0);
      if (!initiating && res.next == want::nothing)
        return op.complete(res.ec, res.bytes);
      res = self->try_write(data);
      auto first = std::exchange(initiating, false);
      if (res.next != want::nothing)
        return self->async_wait(res.next, std::move(op));
      if (!first)
        return op.complete(res.ec, res.bytes);
      boost::asio::post(self->get_executor(), std::move(op));
    }
  };

  template <class Op>
  void async_wait(want direction, Op&& op) {
    socket_drained_ = false;
    socket_.async_wait(direction == want::read ? socket_type::wait_read
                                               : socket_type::wait_write,
                       std::forward<Op>(op));
  }

  // Joins header and payload of a frame: one record is better than two.
  template <class Buffers>
  boost::asio::const_buffer flatten(const Buffers& buffers) {
    constexpr size_t max_record = 16 * 1024;
    auto first = boost::asio::buffer_sequence_begin(buffers);
    auto last = boost::asio::buffer_sequence_end(buffers);
    if (first == last)
      return {};
    auto size = boost::asio::buffer_size(buffers);
    if (boost::asio::const_buffer head{*first}; head.size() == size)
      return head;
    write_buffer_.resize(std::min(size, max_record));
    boost::asio::buffer_copy(boost::asio::buffer(write_buffer_), buffers);
    return boost::asio::buffer(write_buffer_);
  }

  step try_handshake();

  step try_write(boost::asio::const_buffer data);

  step result_of(int ret);

  socket_type socket_;
  std::shared_ptr<tls_context> context_;
  std::string server_; // whose session is resumed
  SSL* ssl_;
  std::vector<char> write_buffer_;
  bool drained_ = false;

  // The kernel gave less than it was asked for: the next read would block.
  bool socket_drained_ = false;

  friend struct socket_bio;
};

} // namespace zenws::internal
