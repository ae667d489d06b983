#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace zenws::test_support {

/// A TCP proxy that cuts connections at an exact byte.
///
/// What the client sends counts from the moment when the server has said
/// `marker`. What was passed on before the cut reaches the server; nothing
/// reaches the client after it.
class cutting_proxy {
public:
  explicit cutting_proxy(uint16_t server_port, std::string marker)
    : server_(boost::asio::ip::address_v4::loopback(), server_port),
      marker_(std::move(marker)),
      acceptor_(ctx_, {boost::asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()) {
    spawn(accept());
    thread_ = std::thread{[this] { ctx_.run(); }};
  }

  ~cutting_proxy() {
    ctx_.stop();
    thread_.join();
  }

  std::string url(const std::string& path) const {
    return "ws://127.0.0.1:" + std::to_string(port_) + path;
  }

  /// Has the next connection that is without a plan cut when `bytes` of the
  /// client were passed on and there is one more, or none is expected: with 0,
  /// the first byte that counts ends it.
  void cut_after(size_t bytes) {
    add({.client_bytes = bytes});
  }

  /// Has the next connection without a plan cut when the server answers to what
  /// counts.
  void lose_answer() {
    add({.passes_answers = false});
  }

private:
  using tcp = boost::asio::ip::tcp;

  using task = boost::asio::awaitable<void>;

  struct plan {
    size_t client_bytes = std::numeric_limits<size_t>::max();
    bool passes_answers = true;
  };

  struct link {
    tcp::socket client;
    tcp::socket server;
    plan todo;
    bool counting = false;
    bool cut = false;
  };

  using link_ptr = std::shared_ptr<link>;

  static constexpr auto tuple
    = boost::asio::as_tuple(boost::asio::use_awaitable);

  void spawn(task what) {
    boost::asio::co_spawn(ctx_, std::move(what), boost::asio::detached);
  }

  void add(plan what) {
    std::lock_guard guard{mtx_};
    plans_.push_back(what);
  }

  plan next_plan() {
    std::lock_guard guard{mtx_};
    if (plans_.empty())
      return {};
    auto result = plans_.front();
    plans_.pop_front();
    return result;
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
    auto both = std::make_shared<link>(std::move(client), tcp::socket{ctx_},
                                       next_plan());
    auto [code] = co_await both->server.async_connect(server_, tuple);
    if (code)
      co_return;
    boost::system::error_code ignored;
    both->server.set_option(tcp::no_delay{true}, ignored);
    both->client.set_option(tcp::no_delay{true}, ignored);
    spawn(pass_requests(both));
    co_await pass_answers(both);
  }

  task pass_requests(link_ptr both) {
    std::array<char, 4096> buffer;
    while (!both->cut) {
      auto [code, size] = co_await both->client.async_read_some(
        boost::asio::buffer(buffer), tuple);
      if (code || both->cut)
        break;
      auto& rest = both->todo.client_bytes;
      auto passed = both->counting ? std::min(size, rest) : size;
      co_await boost::asio::async_write(
        both->server, boost::asio::buffer(buffer.data(), passed), tuple);
      if (!both->counting)
        continue;
      rest -= passed;
      if (rest == 0)
        cut(*both);
    }
    // The server reads what was passed on, then the end of it.
    boost::system::error_code ignored;
    both->server.shutdown(tcp::socket::shutdown_send, ignored);
  }

  task pass_answers(link_ptr both) {
    std::array<char, 16384> buffer;
    for (;;) {
      auto [code, size] = co_await both->server.async_read_some(
        boost::asio::buffer(buffer), tuple);
      if (code)
        break;
      if (both->cut)
        continue; // for a reset would destroy what the server has not read
      if (both->counting && !both->todo.passes_answers) {
        cut(*both);
        continue;
      }
      // Before the client knows, so that it cannot be faster.
      if (std::string_view{buffer.data(), size}.find(marker_)
          != std::string_view::npos)
        both->counting = true;
      co_await boost::asio::async_write(
        both->client, boost::asio::buffer(buffer.data(), size), tuple);
    }
    boost::system::error_code ignored;
    both->client.close(ignored);
  }

  // Links end by a reset and by a mere end of file in turn.
  void cut(link& both) {
    boost::system::error_code ignored;
    both.cut = true;
    if (resets_ = !resets_; resets_)
      both.client.set_option(boost::asio::socket_base::linger{true, 0},
                             ignored);
    both.client.close(ignored);
  }

  boost::asio::io_context ctx_{1};
  tcp::endpoint server_;
  std::string marker_;
  tcp::acceptor acceptor_;
  uint16_t port_;
  bool resets_ = false;
  std::mutex mtx_;
  std::deque<plan> plans_;
  std::thread thread_;
};

} // namespace zenws::test_support
