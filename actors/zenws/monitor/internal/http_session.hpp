// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/monitor/internal/http_message.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace zenws::monitoring {

/// Limits of an HTTP server.
struct http_limits {
  /// Connections at a time; one more is closed at once.
  size_t max_connections = 256;

  uint32_t max_header_bytes = 16 * 1024;

  uint64_t max_body_bytes = 16 * 1024;

  /// Time for a request to arrive as a whole, counted from the connection or
  /// the last answer; and for an answer, or a part of a stream, to be taken.
  std::chrono::milliseconds patience = std::chrono::seconds{30};
};

class http_session;

using http_session_ptr = std::shared_ptr<http_session>;

/// Answers a request, at once or later, by `http_session::answer` or
/// `http_session::begin_stream`.
using http_handler = std::function<void(const http_session_ptr&)>;

/// One connection of a browser or a program: requests one after another, or a
/// stream at the end. Lives on the thread of its server.
class http_session : public std::enable_shared_from_this<http_session> {
public:
  // -- constructors, destructors, and assignment operators ------------------

  http_session(boost::asio::ip::tcp::socket socket, const http_limits& limits,
               http_handler handler);

  // -- properties -------------------------------------------------------------

  /// The request that is to be answered.
  const http_request& request() const noexcept {
    return request_;
  }

  bool is_closed() const noexcept {
    return closed_;
  }

  // -- requests and answers ---------------------------------------------------

  /// Reads requests until the peer, an error or `close` ends it.
  void start();

  /// Answers the request, and reads the next one.
  void answer(http_response response);

  void close();

  // -- streams ----------------------------------------------------------------

  /// Answers the request by a stream that lasts until the connection ends.
  /// @param written called whenever more may be sent.
  void begin_stream(std::string_view content_type,
                    std::function<void()> written);

  /// Sends a part of the stream.
  /// @pre `may_send()`
  void send(std::string part);

  /// Returns whether the peer has taken all that was sent.
  bool may_send() const noexcept {
    return !closed_ && !writing_;
  }

private:
  using error_code = boost::system::error_code;

  void read_request();

  void on_request(error_code failed);

  void handle_request();

  // Answers bytes that are no request, and ends the connection.
  void refuse(http_response response);

  void write_response(bool keep_alive);

  // Lets the peer read an answer before the connection is reset for bytes that
  // nobody has read.
  void linger();

  void discard_input();

  boost::beast::tcp_stream stream_;
  const http_limits& limits_;
  http_handler handler_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http_request request_;
  http_response response_;
  std::function<void()> written_;
  std::string part_;
  std::array<char, 512> discarded_{};
  size_t num_discarded_ = 0;
  bool writing_ = false;
  bool closed_ = false;
};

} // namespace zenws::monitoring
