// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::test_support {

namespace http = boost::beast::http;

using http_headers = std::vector<std::pair<std::string, std::string>>;

/// A connection to an HTTP server of the loopback. Blocks.
class http_client {
public:
  using response = http::response<http::string_body>;

  explicit http_client(uint16_t port)
    : socket_(context_), host_("127.0.0.1:" + std::to_string(port)) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  response get(const std::string& target, const http_headers& headers = {}) {
    return ask(http::verb::get, target, {}, headers);
  }

  response post(const std::string& target, const std::string& body,
                const http_headers& headers = {}) {
    auto all = headers;
    all.emplace_back("Content-Type", "application/json");
    return ask(http::verb::post, target, body, all);
  }

  response ask(http::verb method, const std::string& target,
               const std::string& body, const http_headers& headers) {
    http::request<http::string_body> request{method, target, 11};
    request.set(http::field::host, host_);
    for (auto& [name, value] : headers)
      request.set(name, value);
    request.body() = body;
    request.prepare_payload();
    boost::system::error_code ignored; // it may have answered already
    http::write(socket_, request, ignored);
    return read(method);
  }

  /// Sends bytes as they are.
  void send(std::string_view bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()),
                       ignored);
  }

  /// Reads a response.
  response read(http::verb method = http::verb::get) {
    http::response_parser<http::string_body> parser;
    parser.skip(method == http::verb::head);
    http::read(socket_, buffer_, parser);
    return parser.release();
  }

  /// Returns whether the server has closed the connection.
  bool is_closed() {
    char byte = 0;
    boost::system::error_code failed;
    socket_.read_some(boost::asio::buffer(&byte, 1), failed);
    return failed.failed();
  }

  boost::asio::ip::tcp::socket& socket() noexcept {
    return socket_;
  }

private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string host_;
  boost::beast::flat_buffer buffer_;
};

/// Reads server-sent events. Blocks.
class event_source {
public:
  struct event {
    std::string name;
    std::string data;
  };

  event_source(uint16_t port, const std::string& target) : client_(port) {
    client_.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    header_ = read_block("\r\n\r\n");
  }

  const std::string& header() const noexcept {
    return header_;
  }

  /// Returns the next event that `accepts`.
  template <class Predicate>
  event next(Predicate accepts) {
    for (;;) {
      auto block = read_block("\n\n");
      if (block.starts_with(':'))
        continue;
      auto line = block.find('\n');
      event result{block.substr(7, line - 7), block.substr(line + 7)};
      if (accepts(result))
        return result;
    }
  }

  event next_called(std::string_view name) {
    return next([&](auto& x) { return x.name == name; });
  }

private:
  std::string read_block(std::string_view end) {
    auto size = boost::asio::read_until(
      client_.socket(), boost::asio::dynamic_buffer(input_), end);
    auto result = input_.substr(0, size - end.size());
    input_.erase(0, size);
    return result;
  }

  http_client client_;
  std::string header_;
  std::string input_;
};

} // namespace zenws::test_support
