// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "both_paths.hpp"
#include "peer_frames.hpp"

#include "zenws/connection/internal/dial.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Connections and their peers, all on the thread of the test.
namespace zenws::internal {

using namespace std::chrono_literals;

/// The callbacks of a connection as text, in their order.
struct connection_log : connection_listener {
  void on_phase(connection&, client_state phase,
                std::string_view address) override {
    add(std::string{to_string(phase)} + " " + std::string{address});
  }

  void on_open(connection&, std::string_view) override {
    add("open");
  }

  void on_messages(connection&, slab_ptr messages) override {
    for (auto& x : *messages)
      add("message " + std::string{x.payload()});
  }

  void on_pong(connection&, std::string_view payload) override {
    add("pong " + std::string{payload});
  }

  void on_ping(connection&) override {
    add("ping");
  }

  void on_written(connection&) override {
    add("written");
  }

  void on_closed(connection&, error reason) override {
    end = std::move(reason);
    add("closed");
  }

  void add(std::string line) {
    lines.push_back(std::move(line));
  }

  bool has(const std::string& line) const {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }

  /// Returns the addresses that were tried, each with a space behind it.
  std::string tried() const {
    std::string result;
    for (auto& x : lines)
      if (x.starts_with("connecting "))
        result += x.substr(11) + " ";
    return result;
  }

  std::vector<std::string> lines;
  std::optional<error> end;
};

/// A TCP server that answers the first request of each connection and then
/// reads on, without ever closing TCP.
class tcp_peer {
public:
  using tcp = asio::ip::tcp;

  using answer_fun = std::function<std::string(const std::string& request)>;

  struct session {
    explicit session(tcp::socket client) : socket(std::move(client)) {
      // nop
    }

    /// Returns the frames that the client sent, unmasked.
    std::string frames() const {
      return unmask(without_request(received));
    }

    void send(const std::string& bytes) {
      error_code ignored;
      asio::write(socket, asio::buffer(bytes), ignored);
    }

    /// Closes TCP by a reset.
    void reset() {
      socket.set_option(asio::socket_base::linger{true, 0});
      socket.close();
    }

    tcp::socket socket;
    std::array<char, 4096> buffer;
    std::string received;
    bool ended = false; // by the client
  };

  tcp_peer(asio::io_context& ctx, answer_fun answer,
           const std::string& ip = "127.0.0.1", uint16_t port = 0)
    : acceptor_(ctx, {asio::ip::make_address(ip), port}),
      answer_(std::move(answer)) {
    accept();
  }

  ~tcp_peer() {
    error_code ignored;
    for (auto& x : sessions_)
      x->socket.close(ignored);
  }

  endpoint_type address() const {
    return acceptor_.local_endpoint();
  }

  uint16_t port() const {
    return address().port();
  }

  session& last() {
    return *sessions_.back();
  }

  size_t count() const {
    return sessions_.size();
  }

private:
  using session_ptr = std::shared_ptr<session>;

  void accept() {
    acceptor_.async_accept([this](error_code code, tcp::socket client) {
      if (code)
        return;
      sessions_.push_back(std::make_shared<session>(std::move(client)));
      read(sessions_.back());
      accept();
    });
  }

  void read(const session_ptr& s) {
    s->socket.async_read_some(
      asio::buffer(s->buffer), [this, s](error_code code, size_t n) {
        if (code) {
          s->ended = true;
          return;
        }
        auto asked = s->received.find("\r\n\r\n") != std::string::npos;
        s->received.append(s->buffer.data(), n);
        if (!asked && s->received.find("\r\n\r\n") != std::string::npos)
          s->send(answer_(s->received));
        read(s);
      });
  }

  tcp::acceptor acceptor_;
  answer_fun answer_;
  std::vector<session_ptr> sessions_;
};

/// Accepts the upgrade and sends frames in the same segment.
inline tcp_peer::answer_fun accepting(std::string frames = {}) {
  return [=](const std::string& request) {
    return response_to(request, {}) + frames;
  };
}

/// Sends these bytes, or nothing.
inline tcp_peer::answer_fun answering(std::string bytes = {}) {
  return [=](const std::string&) { return bytes; };
}

struct connection_fixture {
  connection_fixture() {
    cfg.handshake_timeout = 10s;
    cfg.close_timeout = 10s;
  }

  ~connection_fixture() {
    if (uut)
      uut->abandon();
    ctx.poll();
  }

  using addresses = std::vector<endpoint_type>;

  /// Starts an attempt at a host with these addresses, and forgets the last
  /// one.
  void dial(addresses hosts, const std::string& scheme = "ws") {
    if (uut)
      uut->abandon();
    log = {};
    auto port = std::to_string(hosts.front().port());
    auto target
      = parse_url(scheme + "://exchange.invalid:" + port + "/").value();
    first_hop hop{{target.host, target.port}, std::move(hosts)};
    dial_target to{target, {}, memory};
    uut = scheme == "ws" ? dial_tcp(ctx, slabs, cfg, to, hop, log)
                         : dial_tls(ctx, slabs, cfg, to, hop, log,
                                    tls_context::get(cfg.tls).value());
  }

  /// Runs the loop until `done` returns `true`.
  /// @returns `false` after 20 s without an event.
  template <class Predicate>
  bool run_until(Predicate done) {
    while (!done())
      if (ctx.run_one_for(20s) == 0)
        return false;
    return true;
  }

  /// Runs until the connection has ended and returns the reason.
  error end() {
    return run_until([this] { return log.end.has_value(); })
             ? *log.end
             : error{ec::invalid_data, "no end"};
  }

  bool run_until_open() {
    return run_until([this] { return log.has("open"); });
  }

  /// Runs until the connection has closed its socket and is gone.
  bool run_until_gone() {
    auto weak = std::weak_ptr{std::exchange(uut, nullptr)};
    return run_until([&] { return weak.expired(); });
  }

  asio::io_context ctx{1};
  std::shared_ptr<slab_pool> slabs = slab_pool::make();
  std::shared_ptr<address_memory> memory = std::make_shared<address_memory>();
  client_config cfg;
  connection_log log;
  std::shared_ptr<connection> uut;
};

} // namespace zenws::internal
