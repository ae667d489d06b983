// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/tcp_transport.hpp"

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/saved_handler.hpp>

#include <cstddef>
#include <cstring>
#include <utility>

namespace zenws::internal {

/// A read of Beast's that waits until there are bytes for it.
class pending_read {
public:
  // -- constructors, destructors, and assignment operators --------------------

  pending_read() = default;

  pending_read(const pending_read&) = delete;

  pending_read& operator=(const pending_read&) = delete;

  // -- life of a read ---------------------------------------------------------

  /// @pre `!waiting()`
  template <class Handler>
  void park(Handler handler, boost::asio::mutable_buffer buffer,
            executor_type fallback) {
    buffer_ = buffer;
    handler_.emplace(
      operation<Handler>{std::move(handler), this, std::move(fallback)});
  }

  bool waiting() const noexcept {
    return handler_.has_value();
  }

  /// Destination of the bytes.
  boost::asio::mutable_buffer buffer() const noexcept {
    return buffer_;
  }

  /// Ends the read with `n` bytes that lie in `buffer()`.
  void complete(error_code ec, size_t n) {
    result_ = ec;
    bytes_ = n;
    handler_.invoke();
  }

  /// Ends the read with the `n` bytes at `data`.
  /// @pre `n <= buffer().size()`
  void give(const char* data, size_t n) {
    std::memcpy(buffer_.data(), data, n);
    complete({}, n);
  }

private:
  template <class Handler>
  struct operation {
    using allocator_type = boost::asio::associated_allocator_t<Handler>;
    using executor_type
      = boost::asio::associated_executor_t<Handler, internal::executor_type>;

    allocator_type get_allocator() const noexcept {
      return boost::asio::get_associated_allocator(handler);
    }

    executor_type get_executor() const noexcept {
      return boost::asio::get_associated_executor(handler, fallback);
    }

    void operator()() {
      handler(parent->result_, parent->bytes_);
    }

    // Canceled while parked.
    void operator()(error_code reason) {
      handler(reason, 0);
    }

    Handler handler;
    pending_read* parent;
    internal::executor_type fallback;
  };

  boost::beast::saved_handler handler_;
  boost::asio::mutable_buffer buffer_;
  error_code result_;
  size_t bytes_ = 0;
};

} // namespace zenws::internal
