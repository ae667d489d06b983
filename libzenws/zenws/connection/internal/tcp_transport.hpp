// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace zenws::internal {

using executor_type = boost::asio::io_context::executor_type;

// A concrete executor instead of `any_io_executor`: copying type-erased
// executors is a quarter of the cost of a small read.
using socket_type
  = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;

using boost::system::error_code;

/// Bytes over a plain TCP socket.
///
/// A transport reads without blocking after a wait for readiness, so that an
/// idle connection needs no slab, and writes asynchronously.
///
/// Asio's wait for readiness costs an `epoll_ctl` each time. While messages are
/// few, waiting by reading the first bytes into a small buffer costs less: for
/// a lone small message that one read is all.
class tcp_transport {
public:
  explicit tcp_transport(boost::asio::io_context& ctx) : socket_(ctx) {
    // nop
  }

  socket_type& socket() noexcept {
    return socket_;
  }

  executor_type get_executor() {
    return socket_.get_executor();
  }

  /// Reads the available bytes. Sets `would_block` if there are none.
  size_t read_some(char* data, size_t size, error_code& ec) {
    if (first_pos_ < first_end_)
      return read_first(data, size);
    auto n = socket_.read_some(boost::asio::buffer(data, size), ec);
    drained_ = n < size;
    busy_ = n > first_size;
    return n;
  }

  /// Returns whether the last read took all there was.
  bool drained() const noexcept {
    return drained_;
  }

  template <class Handler>
  void async_wait_readable(Handler&& handler) {
    if (busy_)
      return socket_.async_wait(socket_type::wait_read,
                                std::forward<Handler>(handler));
    socket_.async_read_some(boost::asio::buffer(first_, first_size),
                            [this, h = std::forward<Handler>(handler)](
                              error_code ec, size_t n) mutable {
                              first_pos_ = 0;
                              first_end_ = n;
                              h(ec);
                            });
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return socket_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  /// Ends writing: the peer reads the end of the stream.
  void shutdown_write() {
    error_code ignored;
    socket_.shutdown(socket_type::shutdown_send, ignored);
  }

  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

private:
  static constexpr size_t first_size = 512;

  size_t read_first(char* data, size_t size) {
    auto n = std::min(size, first_end_ - first_pos_);
    std::memcpy(data, first_ + first_pos_, n);
    first_pos_ += n;
    drained_ = first_pos_ == first_end_ && first_end_ < first_size;
    return n;
  }

  socket_type socket_;
  bool drained_ = false;
  bool busy_ = false; // the last read brought more than the small buffer holds
  size_t first_pos_ = 0;
  size_t first_end_ = 0;
  char first_[first_size];
};

} // namespace zenws::internal
