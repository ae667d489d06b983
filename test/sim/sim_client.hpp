// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace zenws::test_support {

using namespace std::chrono_literals;

namespace sim = zenws::sim;

/// No wait in a test takes longer; one that does has failed.
constexpr auto patience = std::chrono::milliseconds{10'000};

/// A JSON text whose values are read by path.
class json_text {
public:
  explicit json_text(std::string text) : text_(std::move(text)) {
    doc_.Parse(text_.data(), text_.size());
    if (doc_.HasParseError())
      doc_.SetNull();
  }

  std::string text() const {
    return text_;
  }

  const rapidjson::Value* find(std::string_view path) const {
    return rapidjson::Pointer{path.data(), path.size()}.Get(doc_);
  }

  bool has(std::string_view path) const {
    return find(path) != nullptr;
  }

  /// Returns a text, or "" for anything else.
  std::string str(std::string_view path) const {
    auto* x = find(path);
    return x && x->IsString() ? x->GetString() : "";
  }

  /// Returns an integer, or `INT64_MIN` for anything else.
  int64_t num(std::string_view path) const {
    auto* x = find(path);
    return x && x->IsInt64() ? x->GetInt64() : INT64_MIN;
  }

  double real(std::string_view path) const {
    auto* x = find(path);
    return x && x->IsNumber() ? x->GetDouble() : -1;
  }

  size_t size(std::string_view path) const {
    auto* x = find(path);
    return x && x->IsArray() ? x->Size() : 0;
  }

private:
  std::string text_;
  rapidjson::Document doc_;
};

/// A WebSocket client that does one thing after the other, each with a
/// deadline. It answers pings only while it receives.
class sim_client {
public:
  sim_client(const sim::server& to, const std::string& target) : ws_(ctx_) {
    namespace asio = boost::asio;
    ws_.next_layer().connect({asio::ip::address_v4::loopback(), to.port()});
    ws_.control_callback([this](auto kind, auto payload) {
      if (kind == boost::beast::websocket::frame_type::ping)
        pings_.emplace_back(payload);
    });
    ws_.handshake("127.0.0.1", target);
  }

  // -- sending ----------------------------------------------------------------

  void send(std::string_view text) {
    boost::system::error_code ignored;
    ws_.write(boost::asio::buffer(text), ignored);
  }

  void ping() {
    boost::system::error_code ignored;
    ws_.ping({}, ignored);
  }

  void pong(std::string_view payload) {
    boost::system::error_code ignored;
    ws_.pong({payload.data(), payload.size()}, ignored);
  }

  void close() {
    boost::system::error_code ignored;
    ws_.close(boost::beast::websocket::close_code::normal, ignored);
  }

  // -- receiving --------------------------------------------------------------

  /// Returns the next message, or nothing when the connection has ended.
  std::optional<json_text> receive() {
    if (!kept_.empty()) {
      auto result = std::move(kept_.front());
      kept_.pop_front();
      return result;
    }
    return read();
  }

  /// Returns the first message of which `pred` is true, and keeps the others.
  template <class Predicate>
  std::optional<json_text> await(Predicate pred) {
    for (auto i = kept_.begin(); i != kept_.end(); ++i)
      if (pred(*i)) {
        auto result = std::move(*i);
        kept_.erase(i);
        return result;
      }
    while (auto next = read()) {
      if (pred(*next))
        return next;
      kept_.push_back(std::move(*next));
    }
    return std::nullopt;
  }

  /// Sends a JSON-RPC request and returns its answer.
  json_text call(std::string_view method, std::string_view params = "{}") {
    auto id = ++last_id_;
    send(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")"
         + std::string{method} + R"(","params":)" + std::string{params} + '}');
    auto answer
      = await([id](const json_text& x) { return x.num("/id") == id; });
    return answer ? std::move(*answer) : json_text{"null"};
  }

  /// Sends a text and returns the next message.
  json_text ask(std::string_view text) {
    send(text);
    auto answer = receive();
    return answer ? std::move(*answer) : json_text{"null"};
  }

  /// Forgets the messages that `await` and `call` kept.
  void forget() {
    kept_.clear();
  }

  /// Reads to the end. Returns the code of the Close frame, 0 without one.
  uint16_t end() {
    while (read()) {
      // nop
    }
    return ws_.reason().code;
  }

  /// The reason of the Close frame that `end` met.
  std::string end_reason() const {
    return {ws_.reason().reason.data(), ws_.reason().reason.size()};
  }

  /// Payloads of the pings that came while receiving.
  const std::deque<std::string>& pings() const noexcept {
    return pings_;
  }

private:
  std::optional<json_text> read() {
    boost::beast::flat_buffer buffer;
    std::optional<boost::system::error_code> result;
    ws_.async_read(buffer, [&](auto ec, size_t) { result = ec; });
    ctx_.restart();
    ctx_.run_for(patience);
    if (!result) {
      ws_.next_layer().close();
      ctx_.restart();
      ctx_.run();
      throw std::runtime_error{"nothing came in time"};
    }
    if (*result)
      return std::nullopt;
    return json_text{boost::beast::buffers_to_string(buffer.data())};
  }

  boost::asio::io_context ctx_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> ws_;
  std::deque<json_text> kept_;
  std::deque<std::string> pings_;
  int64_t last_id_ = 0;
};

/// Sends the bytes of an HTTP request and returns all that comes back.
inline std::string http(const sim::server& to, std::string_view request) {
  namespace asio = boost::asio;
  asio::io_context ctx;
  asio::ip::tcp::socket socket{ctx};
  socket.connect({asio::ip::address_v4::loopback(), to.port()});
  asio::write(socket, asio::buffer(request));
  std::string result;
  boost::system::error_code at_end;
  asio::read(socket, asio::dynamic_buffer(result), at_end);
  return result;
}

/// Posts a text and returns the whole response.
inline std::string post(const sim::server& to, const std::string& path,
                        const std::string& body) {
  return http(to, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                    + std::to_string(body.size()) + "\r\n\r\n" + body);
}

/// Starts a simulator or throws.
inline std::unique_ptr<sim::server> start_server(sim::server_config cfg = {}) {
  auto result = std::make_unique<sim::server>(std::move(cfg));
  if (auto problem = result->start())
    throw std::runtime_error{*problem};
  return result;
}

} // namespace zenws::test_support
