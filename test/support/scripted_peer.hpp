// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace zenws::test_support {

/// A WebSocket server with the behavior of a function.
class scripted_peer {
public:
  using stream = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;

  using task = boost::asio::awaitable<void>;

  /// Completion token of its operations: without exceptions.
  static constexpr auto tuple
    = boost::asio::as_tuple(boost::asio::use_awaitable);

  /// Serves one connection until it returns. Runs on the thread of the server.
  using serve_fun = std::function<task(stream& client)>;

  /// Returns the text messages that answer a message. Runs on the thread of the
  /// server.
  using answer_fun
    = std::function<std::vector<std::string>(const std::string& text)>;

  explicit scripted_peer(answer_fun answer)
    : scripted_peer(serve_fun{[answer = std::move(answer)](stream& client) {
        return answer_all(client, answer);
      }}) {
    // nop
  }

  explicit scripted_peer(serve_fun serve)
    : acceptor_(ctx_, {boost::asio::ip::address_v4::loopback(), 0}),
      serve_(std::move(serve)),
      port_(acceptor_.local_endpoint().port()) {
    spawn(accept());
    thread_ = std::thread{[this] { ctx_.run(); }};
  }

  ~scripted_peer() {
    ctx_.stop();
    thread_.join();
  }

  std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(port_) + "/";
  }

private:
  using tcp = boost::asio::ip::tcp;

  void spawn(task coroutine) {
    boost::asio::co_spawn(ctx_, std::move(coroutine), boost::asio::detached);
  }

  task accept() {
    for (;;) {
      auto [code, client] = co_await acceptor_.async_accept(tuple);
      if (code)
        co_return;
      spawn(serve(std::move(client)));
    }
  }

  task serve(tcp::socket client) {
    stream peer{std::move(client)};
    if (auto [code] = co_await peer.async_accept(tuple); !code)
      co_await serve_(peer);
  }

  static task answer_all(stream& client, const answer_fun& answer) {
    namespace beast = boost::beast;
    for (;;) {
      beast::flat_buffer in;
      if (auto [code, n] = co_await client.async_read(in, tuple); code)
        co_return;
      for (auto& text : answer(beast::buffers_to_string(in.data()))) {
        auto out = boost::asio::buffer(text);
        if (auto [code, n] = co_await client.async_write(out, tuple); code)
          co_return;
      }
    }
  }

  boost::asio::io_context ctx_{1};
  tcp::acceptor acceptor_;
  serve_fun serve_;
  uint16_t port_;
  std::thread thread_;
};

} // namespace zenws::test_support
