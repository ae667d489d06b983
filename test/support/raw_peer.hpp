// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace zenws::test_support {

/// A TCP server that answers the upgrade request of each connection with given
/// bytes and then waits for the client to disconnect.
class raw_peer {
public:
  /// Returns the bytes that answer a request.
  using answer_fun = std::function<std::string(const std::string& request)>;

  explicit raw_peer(answer_fun answer)
    : acceptor_(ctx_, {boost::asio::ip::address_v4::loopback(), 0}),
      answer_(std::move(answer)),
      port_(acceptor_.local_endpoint().port()),
      thread_([this] { run(); }) {
    // nop
  }

  ~raw_peer() {
    stopping_ = true;
    // Wakes the blocking accept.
    boost::system::error_code ignored;
    boost::asio::ip::tcp::socket socket{ctx_};
    socket.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
    thread_.join();
  }

  std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(port_) + "/";
  }

private:
  void run() {
    while (!stopping_) {
      boost::system::error_code code;
      boost::asio::ip::tcp::socket socket{ctx_};
      acceptor_.accept(socket, code);
      if (code || stopping_)
        return;
      std::string request;
      boost::asio::read_until(socket, boost::asio::dynamic_buffer(request),
                              "\r\n\r\n", code);
      if (code)
        continue;
      boost::asio::write(socket, boost::asio::buffer(answer_(request)), code);
      char rest[1024];
      while (!code)
        socket.read_some(boost::asio::buffer(rest), code);
    }
  }

  boost::asio::io_context ctx_;
  boost::asio::ip::tcp::acceptor acceptor_;
  answer_fun answer_;
  uint16_t port_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace zenws::test_support
