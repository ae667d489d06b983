// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <rapidjson/document.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace zenws::test_support {

/// A message of an outlet.
class outlet_reply {
public:
  explicit outlet_reply(const std::string& text) : text_(text) {
    content_.Parse(text.c_str());
    if (content_.HasParseError() || !content_.IsObject())
      throw std::runtime_error{"no JSON: " + text};
  }

  const std::string& text() const noexcept {
    return text_;
  }

  bool has(const char* name) const {
    return content_.HasMember(name);
  }

  /// Returns a member as text: strings as they are, others as JSON.
  std::string operator[](const char* name) const {
    auto i = content_.FindMember(name);
    if (i == content_.MemberEnd())
      return {};
    if (i->value.IsString())
      return {i->value.GetString(), i->value.GetStringLength()};
    return i->value.IsUint64() ? std::to_string(i->value.GetUint64()) : "?";
  }

  /// Returns the code of the error, empty if there is none.
  std::string code() const {
    auto i = content_.FindMember("error");
    return i != content_.MemberEnd() ? i->value["code"].GetString() : "";
  }

  const rapidjson::Document& json() const noexcept {
    return content_;
  }

private:
  std::string text_;
  rapidjson::Document content_;
};

/// A program at an outlet, plain or with TLS. Blocks.
template <class Stream>
class basic_outlet_client {
public:
  using error_code = boost::system::error_code;

  template <class... Ts>
  explicit basic_outlet_client(uint16_t port, Ts&&... xs)
    : port_(port), stream_(context_, std::forward<Ts>(xs)...) {
    boost::beast::get_lowest_layer(stream_).connect(
      {boost::asio::ip::address_v4::loopback(), port});
  }

  auto& stream() noexcept {
    return stream_;
  }

  /// Upgrades.
  /// @returns the status if it is refused, 101 if not, 0 if there was no
  /// answer.
  unsigned upgrade(const std::string& authorization = {},
                   const std::string& origin = {},
                   const std::string& host = {}) {
    using boost::beast::http::field;
    stream_.set_option(boost::beast::websocket::stream_base::decorator(
      [&](boost::beast::websocket::request_type& request) {
        if (!authorization.empty())
          request.set(field::authorization, authorization);
        if (!origin.empty())
          request.set(field::origin, origin);
      }));
    boost::beast::websocket::response_type answer;
    error_code failed;
    auto name = "127.0.0.1:" + std::to_string(port_);
    stream_.handshake(answer, host.empty() ? name : host, "/", failed);
    auto has_answer
      = !failed || failed == boost::beast::websocket::error::upgrade_declined;
    return has_answer ? answer.result_int() : 0;
  }

  void send(const std::string& text) {
    stream_.write(boost::asio::buffer(text));
  }

  /// Returns the next message.
  /// @throws boost::system::system_error at the end.
  outlet_reply read() {
    boost::beast::flat_buffer buffer;
    stream_.read(buffer);
    return outlet_reply{boost::beast::buffers_to_string(buffer.data())};
  }

  /// Returns the next message for which `is_it` is true.
  template <class Predicate>
  outlet_reply read_until(Predicate is_it) {
    for (;;)
      if (auto message = read(); is_it(message))
        return message;
  }

  /// Sends a request and returns its answer; what comes before is dropped.
  outlet_reply ask(const std::string& request) {
    send(request);
    auto id = outlet_reply{request}["id"];
    return read_until([&](auto& x) { return x["id"] == id; });
  }

  /// Reads to the end of the connection and returns the close code, 0 if there
  /// was none.
  unsigned read_to_end() {
    error_code failed;
    for (boost::beast::flat_buffer buffer; !failed; buffer.clear())
      stream_.read(buffer, failed);
    return stream_.reason().code;
  }

private:
  uint16_t port_;
  boost::asio::io_context context_;
  boost::beast::websocket::stream<Stream> stream_;
};

using outlet_client = basic_outlet_client<boost::asio::ip::tcp::socket>;

using outlet_tls_client
  = basic_outlet_client<boost::beast::ssl_stream<boost::asio::ip::tcp::socket>>;

} // namespace zenws::test_support
