#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <charconv>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace zenws::test_support {

/// An HTTP proxy that tunnels to this machine, whatever name it is given.
class connect_proxy {
public:
  struct options {
    /// The value of `Proxy-Authorization` that is demanded, or empty.
    std::string authorization{};

    /// Whether the answer is sent byte by byte, after an interim one.
    bool dripping = false;
  };

  connect_proxy() : connect_proxy(options{}) {
    // nop
  }

  explicit connect_proxy(options opts)
    : opts_(std::move(opts)),
      acceptor_(ctx_, {boost::asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()) {
    accept();
    thread_ = std::thread{[this] { ctx_.run(); }};
  }

  ~connect_proxy() {
    ctx_.stop();
    thread_.join();
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_);
  }

  /// The requests so far.
  std::vector<std::string> requests() const {
    std::lock_guard guard{mtx_};
    return requests_;
  }

private:
  using tcp = boost::asio::ip::tcp;

  using error_code = boost::system::error_code;

  struct session {
    explicit session(tcp::socket socket)
      : client(std::move(socket)), server(client.get_executor()) {
      // nop
    }

    tcp::socket client;
    tcp::socket server;
    std::string request;
    std::array<char, 16384> up;
    std::array<char, 16384> down;
  };

  using session_ptr = std::shared_ptr<session>;

  void accept() {
    acceptor_.async_accept([this](error_code code, tcp::socket socket) {
      if (code)
        return;
      auto s = std::make_shared<session>(std::move(socket));
      boost::asio::async_read_until(s->client,
                                    boost::asio::dynamic_buffer(s->request),
                                    "\r\n\r\n",
                                    [this, s](error_code bad, size_t) {
                                      if (!bad)
                                        answer(s);
                                    });
      accept();
    });
  }

  void answer(const session_ptr& s) {
    {
      std::lock_guard guard{mtx_};
      requests_.push_back(s->request);
    }
    auto wanted = "\r\nProxy-Authorization: " + opts_.authorization + "\r\n";
    if (!opts_.authorization.empty()
        && s->request.find(wanted) == std::string::npos)
      return say(s, "HTTP/1.1 407 Proxy Authentication Required\r\n"
                    "Proxy-Authenticate: Basic realm=\"test\"\r\n\r\n");
    // CONNECT name:port HTTP/1.1
    auto end = s->request.find(" HTTP/");
    auto colon = s->request.rfind(':', end);
    uint16_t port = 0;
    std::from_chars(s->request.data() + colon + 1, s->request.data() + end,
                    port);
    error_code code;
    s->server.connect({boost::asio::ip::address_v4::loopback(), port}, code);
    if (code)
      return say(s, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad");
    if (opts_.dripping)
      drip(s, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
              "HTTP/1.0 200 Connection established\r\nX: y\r\n\r\n");
    else
      say(s, "HTTP/1.1 200 OK\r\n\r\n");
    relay(s, s->client, s->server, s->up);
    relay(s, s->server, s->client, s->down);
  }

  static void say(const session_ptr& s, const std::string& text) {
    error_code ignored;
    boost::asio::write(s->client, boost::asio::buffer(text), ignored);
  }

  static void drip(const session_ptr& s, const std::string& text) {
    error_code ignored;
    s->client.set_option(tcp::no_delay{true}, ignored);
    for (auto& c : text)
      boost::asio::write(s->client, boost::asio::buffer(&c, 1), ignored);
  }

  void relay(const session_ptr& s, tcp::socket& from, tcp::socket& to,
             std::array<char, 16384>& buffer) {
    from.async_read_some(
      boost::asio::buffer(buffer),
      [this, s, &from, &to, &buffer](error_code code, size_t n) {
        error_code ignored;
        if (code) {
          to.shutdown(tcp::socket::shutdown_send, ignored);
          return;
        }
        boost::asio::async_write(to, boost::asio::buffer(buffer.data(), n),
                                 [this, s, &from, &to, &buffer](error_code bad,
                                                                size_t) {
                                   if (!bad)
                                     relay(s, from, to, buffer);
                                 });
      });
  }

  options opts_;
  boost::asio::io_context ctx_;
  tcp::acceptor acceptor_;
  uint16_t port_;
  mutable std::mutex mtx_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

} // namespace zenws::test_support
