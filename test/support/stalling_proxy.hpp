#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

namespace zenws::test_support {

/// A TCP proxy that can stop to pass anything on, as a network that has been
/// parted: connections stay open, new ones are taken, and nothing arrives.
class stalling_proxy {
public:
  explicit stalling_proxy(uint16_t server_port)
    : server_(boost::asio::ip::address_v4::loopback(), server_port),
      acceptor_(ctx_, {boost::asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()),
      healed_(ctx_) {
    heal_now();
    spawn(accept());
    thread_ = std::thread{[this] { ctx_.run(); }};
  }

  ~stalling_proxy() {
    ctx_.stop();
    thread_.join();
  }

  uint16_t port() const noexcept {
    return port_;
  }

  /// Connections so far.
  size_t num_accepted() const noexcept {
    return num_accepted_;
  }

  void stall() {
    boost::asio::post(ctx_, [this] {
      healed_.expires_at(boost::asio::steady_timer::time_point::max());
    });
  }

  void stall_for(std::chrono::milliseconds span) {
    boost::asio::post(ctx_, [=, this] { healed_.expires_after(span); });
  }

  void heal() {
    boost::asio::post(ctx_, [this] { heal_now(); });
  }

private:
  using tcp = boost::asio::ip::tcp;

  using task = boost::asio::awaitable<void>;

  using socket_ptr = std::shared_ptr<tcp::socket>;

  static constexpr auto tuple
    = boost::asio::as_tuple(boost::asio::use_awaitable);

  void heal_now() {
    healed_.expires_at(boost::asio::steady_timer::time_point::min());
  }

  void spawn(task what) {
    boost::asio::co_spawn(ctx_, std::move(what), boost::asio::detached);
  }

  task until_healed() {
    // Moving the time wakes whoever waits: look again.
    while (healed_.expiry() > boost::asio::steady_timer::clock_type::now())
      co_await healed_.async_wait(tuple);
  }

  task accept() {
    for (;;) {
      auto [code, client] = co_await acceptor_.async_accept(tuple);
      if (code)
        co_return;
      ++num_accepted_;
      spawn(serve(std::make_shared<tcp::socket>(std::move(client))));
    }
  }

  task serve(socket_ptr client) {
    co_await until_healed();
    auto server = std::make_shared<tcp::socket>(ctx_);
    auto [code] = co_await server->async_connect(server_, tuple);
    if (code)
      co_return;
    spawn(pass_on(client, server));
    spawn(pass_on(server, client));
  }

  task pass_on(socket_ptr from, socket_ptr to) {
    std::array<char, 16384> buffer;
    for (;;) {
      auto [failure, size]
        = co_await from->async_read_some(boost::asio::buffer(buffer), tuple);
      co_await until_healed();
      boost::system::error_code ignored;
      if (failure) {
        to->shutdown(tcp::socket::shutdown_send, ignored);
        co_return;
      }
      co_await boost::asio::async_write(
        *to, boost::asio::buffer(buffer.data(), size), tuple);
    }
  }

  boost::asio::io_context ctx_;
  tcp::endpoint server_;
  tcp::acceptor acceptor_;
  uint16_t port_;
  boost::asio::steady_timer healed_;
  std::atomic<size_t> num_accepted_{0};
  std::thread thread_;
};

} // namespace zenws::test_support
