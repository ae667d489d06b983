#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace zenws::test_support {

/// What becomes of a stream of bytes.
struct mutation_plan {
  uint32_t seed = 1;

  /// So many bytes remain as they are.
  size_t intact = 0;

  /// Mean distance from one damage to the next.
  size_t distance = 64;

  /// Whether bytes only change, or are also lost and made up: what follows then
  /// is taken for something else.
  bool keeps_length = false;
};

/// Damages a stream of bytes, always in the same way.
class mutator {
public:
  explicit mutator(const mutation_plan& plan)
    : plan_(plan), random_(plan.seed), left_(plan.intact + below(distance())) {
    // nop
  }

  /// Returns what is left of the next bytes.
  std::string pass(std::string_view bytes) {
    std::string result;
    while (left_ < bytes.size()) {
      result += bytes.substr(0, left_);
      bytes.remove_prefix(left_);
      bytes.remove_prefix(damage(bytes, result));
      left_ = below(distance());
    }
    left_ -= bytes.size();
    return result += bytes;
  }

private:
  size_t below(size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random_);
  }

  size_t distance() const noexcept {
    return 2 * plan_.distance;
  }

  char byte() {
    return static_cast<char>(below(256));
  }

  // Returns how many bytes it took; there is at least one.
  size_t damage(std::string_view from, std::string& to) {
    switch (below(plan_.keeps_length ? 3 : 5)) {
      case 0:
        to += static_cast<char>(from.front() ^ (1 << below(8)));
        return 1;
      case 1:
        to += byte();
        return 1;
      case 2:
        // Lengths and IDs like these are seldom expected.
        to += below(2) == 0 ? '\0' : '\xff';
        return 1;
      case 3:
        return std::min(from.size(), 1 + below(16));
      default:
        for (auto n = 1 + below(16); n > 0; --n)
          to += byte();
        return 0;
    }
  }

  mutation_plan plan_;
  std::minstd_rand random_;
  size_t left_;
};

/// A TCP proxy that damages what clients say, each connection in its own way,
/// and passes on what the server says as it is.
class mutating_proxy {
public:
  mutating_proxy(uint16_t server_port, const mutation_plan& plan)
    : server_(boost::asio::ip::address_v4::loopback(), server_port),
      plan_(plan),
      acceptor_(ctx_, {boost::asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()) {
    spawn(accept());
    thread_ = std::thread{[this] { ctx_.run(); }};
  }

  ~mutating_proxy() {
    ctx_.stop();
    thread_.join();
  }

  uint16_t port() const noexcept {
    return port_;
  }

private:
  using tcp = boost::asio::ip::tcp;

  using task = boost::asio::awaitable<void>;

  using socket_ptr = std::shared_ptr<tcp::socket>;

  static constexpr auto tuple
    = boost::asio::as_tuple(boost::asio::use_awaitable);

  void spawn(task what) {
    boost::asio::co_spawn(ctx_, std::move(what), boost::asio::detached);
  }

  task accept() {
    for (;;) {
      auto [code, client] = co_await acceptor_.async_accept(tuple);
      if (code)
        co_return;
      spawn(serve(std::make_shared<tcp::socket>(std::move(client))));
      ++plan_.seed;
    }
  }

  task serve(socket_ptr client) {
    mutator damage{plan_};
    auto server = std::make_shared<tcp::socket>(ctx_);
    auto [code] = co_await server->async_connect(server_, tuple);
    if (code)
      co_return;
    spawn(pass_on(server, client,
                  [](std::string_view x) { return std::string{x}; }));
    co_await pass_on(client, server, [damage](std::string_view x) mutable {
      return damage.pass(x);
    });
  }

  template <class F>
  task pass_on(socket_ptr from, socket_ptr to, F change) {
    std::array<char, 16384> buffer;
    for (;;) {
      auto [failure, size]
        = co_await from->async_read_some(boost::asio::buffer(buffer), tuple);
      boost::system::error_code ignored;
      if (failure) {
        to->shutdown(tcp::socket::shutdown_send, ignored);
        co_return;
      }
      auto passed = change({buffer.data(), size});
      co_await boost::asio::async_write(*to, boost::asio::buffer(passed),
                                        tuple);
    }
  }

  boost::asio::io_context ctx_;
  tcp::endpoint server_;
  mutation_plan plan_;
  tcp::acceptor acceptor_;
  uint16_t port_;
  std::thread thread_;
};

} // namespace zenws::test_support
