// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <chrono>
#include <utility>

namespace zenws::tool {

/// Performs asynchronous operations one by one, each within a time.
class timed_io {
public:
  using error_code = boost::system::error_code;

  explicit timed_io(std::chrono::milliseconds patience)
    : stream_(ctx_), patience_(patience) {
    // nop
  }

  boost::beast::tcp_stream& stream() noexcept {
    return stream_;
  }

  /// Time that the last operation took.
  std::chrono::microseconds took() const noexcept {
    return took_;
  }

  /// Starts an operation by calling `start` with a handler, and waits for it.
  template <class Start>
  error_code run(Start start) {
    auto begin = std::chrono::steady_clock::now();
    error_code result;
    stream_.expires_after(patience_);
    start([&](error_code code, auto&&...) { result = code; });
    ctx_.restart();
    ctx_.run();
    took_ = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begin);
    return result;
  }

private:
  boost::asio::io_context ctx_;
  boost::beast::tcp_stream stream_;
  std::chrono::milliseconds patience_;
  std::chrono::microseconds took_{0};
};

} // namespace zenws::tool
