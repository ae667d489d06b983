// SPDX-License-Identifier: BSD-3-Clause

#include "fault_proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <deque>
#include <limits>
#include <mutex>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

namespace zenws::test_support {

namespace {

namespace asio = boost::asio;

using tcp = asio::ip::tcp;

using task = asio::awaitable<void>;

using boost::system::error_code;

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

constexpr auto unlimited = std::numeric_limits<size_t>::max();

// Damages a stream of bytes.
class mutator {
public:
  explicit mutator(const stream_damage& damage)
    : damage_(damage),
      random_(damage.seed),
      left_(damage.intact + below(2 * damage.distance)) {
    // nop
  }

  // Returns the remains of the next bytes.
  std::string pass(std::string_view bytes) {
    std::string result;
    for (;;) {
      auto skipped = std::min(skip_, bytes.size());
      bytes.remove_prefix(skipped);
      skip_ -= skipped;
      if (left_ >= bytes.size())
        break;
      result += bytes.substr(0, left_);
      bytes.remove_prefix(left_);
      change(bytes.front(), result);
      left_ = below(2 * damage_.distance);
    }
    left_ -= bytes.size();
    return result += bytes;
  }

private:
  size_t below(size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random_);
  }

  char byte() {
    return static_cast<char>(below(256));
  }

  // Damages the next byte or its surroundings.
  void change(char next, std::string& to) {
    skip_ = 1;
    switch (below(damage_.keeps_length ? 3 : 5)) {
      case 0:
        to += static_cast<char>(next ^ (1 << below(8)));
        break;
      case 1:
        to += byte();
        break;
      case 2:
        // Lengths and IDs like these are seldom expected.
        to += below(2) == 0 ? '\0' : '\xff';
        break;
      case 3:
        skip_ += below(16);
        break;
      default:
        skip_ = 0;
        for (auto n = 1 + below(16); n > 0; --n)
          to += byte();
    }
  }

  stream_damage damage_;
  std::mt19937_64 random_;
  size_t left_;     // bytes up to the next damage
  size_t skip_ = 0; // bytes to drop
};

struct cut_plan {
  size_t client_bytes = unlimited;
  bool passes_answers = true;
};

struct connection {
  tcp::socket client;
  tcp::socket server;
  cut_plan plan;
  std::optional<mutator> damage;
  bool counting;
  bool cut = false;
};

using connection_ptr = std::shared_ptr<connection>;

void end_output(tcp::socket& socket) {
  error_code ignored;
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

} // namespace

struct fault_proxy::impl {
  explicit impl(fault_proxy_options options)
    : opts(std::move(options)),
      acceptor(ctx, {asio::ip::address_v4::loopback(), 0}),
      port(acceptor.local_endpoint().port()),
      healed(ctx, asio::steady_timer::time_point::min()) {
    spawn(accept());
    thread = std::thread{[this] { ctx.run(); }};
  }

  ~impl() {
    ctx.stop();
    thread.join();
  }

  void add(cut_plan plan) {
    std::lock_guard guard{mtx};
    plans.push_back(plan);
  }

  // Moving the time wakes all that wait.
  void stall_until(asio::steady_timer::time_point time) {
    asio::post(ctx, [=, this] { healed.expires_at(time); });
  }

  void spawn(task coroutine) {
    asio::co_spawn(ctx, std::move(coroutine), asio::detached);
  }

  cut_plan next_plan() {
    std::lock_guard guard{mtx};
    if (plans.empty())
      return {};
    auto result = plans.front();
    plans.pop_front();
    return result;
  }

  task until_healed() {
    while (healed.expiry() > asio::steady_timer::clock_type::now())
      co_await healed.async_wait(tuple);
  }

  task accept() {
    for (;;) {
      auto [code, client] = co_await acceptor.async_accept(tuple);
      if (code)
        co_return;
      ++num_accepted;
      auto x
        = std::make_shared<connection>(connection{std::move(client),
                                                  tcp::socket{ctx},
                                                  next_plan(),
                                                  {},
                                                  opts.count_after.empty()});
      if (opts.damage) {
        x->damage.emplace(*opts.damage);
        ++opts.damage->seed;
      }
      spawn(serve(std::move(x)));
    }
  }

  task serve(connection_ptr x) {
    co_await until_healed();
    tcp::endpoint server{asio::ip::address_v4::loopback(), opts.server_port};
    if (opts.tunnel) {
      server.port(co_await accept_tunnel(*x));
      if (server.port() == 0)
        co_return;
    }
    auto [code] = co_await x->server.async_connect(server, tuple);
    if (opts.tunnel)
      co_await answer_tunnel(x->client, !code);
    if (code)
      co_return;
    error_code ignored;
    x->server.set_option(tcp::no_delay{true}, ignored);
    x->client.set_option(tcp::no_delay{true}, ignored);
    spawn(pass_requests(x));
    co_await pass_answers(x);
  }

  // Returns the port in `CONNECT name:port HTTP/1.1`, or 0 after a refusal.
  asio::awaitable<uint16_t> accept_tunnel(connection& x) {
    std::string request;
    auto buffer = asio::dynamic_buffer(request);
    auto [code, n] = co_await asio::async_read_until(x.client, buffer,
                                                     "\r\n\r\n", tuple);
    if (code)
      co_return 0;
    {
      std::lock_guard guard{mtx};
      requests.push_back(request);
    }
    auto& credentials = opts.tunnel->authorization;
    if (!credentials.empty()
        && request.find("\r\nProxy-Authorization: " + credentials + "\r\n")
             == std::string::npos) {
      co_await send(x.client, "HTTP/1.1 407 Proxy Authentication Required\r\n"
                              "Proxy-Authenticate: Basic realm=\"test\"\r\n"
                              "\r\n");
      co_return 0;
    }
    auto end = request.find(" HTTP/");
    auto colon = request.rfind(':', end);
    uint16_t result = 0;
    std::from_chars(request.data() + colon + 1, request.data() + end, result);
    co_return result;
  }

  task answer_tunnel(tcp::socket& client, bool connected) {
    if (!connected)
      co_await send(client, "HTTP/1.1 502 Bad Gateway\r\n"
                            "Content-Length: 3\r\n\r\nbad");
    else if (!opts.tunnel->sends_bytewise)
      co_await send(client, "HTTP/1.1 200 OK\r\n\r\n");
    else
      for (auto c : std::string_view{
             "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
             "HTTP/1.0 200 Connection established\r\nX: y\r\n\r\n"})
        co_await send(client, {&c, 1});
  }

  // Bytes that cannot be sent are lost.
  static task send(tcp::socket& to, std::string_view bytes) {
    auto buffer = asio::buffer(bytes);
    co_await asio::async_write(to, buffer, tuple);
  }

  task pass_requests(connection_ptr x) {
    std::array<char, 16384> buffer;
    while (!x->cut) {
      auto [code, size]
        = co_await x->client.async_read_some(asio::buffer(buffer), tuple);
      co_await until_healed();
      if (code || x->cut)
        break;
      std::string bytes{buffer.data(), size};
      if (x->damage)
        bytes = x->damage->pass(bytes);
      auto counts = x->counting && x->plan.client_bytes != unlimited;
      if (counts) {
        bytes.resize(std::min(bytes.size(), x->plan.client_bytes));
        x->plan.client_bytes -= bytes.size();
      }
      co_await send(x->server, bytes);
      if (counts && x->plan.client_bytes == 0)
        cut(*x);
    }
    // The server reads the passed-on bytes, then the end.
    end_output(x->server);
  }

  task pass_answers(connection_ptr x) {
    std::array<char, 16384> buffer;
    for (;;) {
      auto [code, size]
        = co_await x->server.async_read_some(asio::buffer(buffer), tuple);
      co_await until_healed();
      if (code)
        break;
      if (x->cut)
        continue; // a reset would destroy bytes that the server has not read
      if (x->counting && !x->plan.passes_answers) {
        cut(*x);
        continue;
      }
      std::string_view bytes{buffer.data(), size};
      // Before the client knows, so that it cannot be faster.
      x->counting = x->counting
                    || bytes.find(opts.count_after) != std::string_view::npos;
      co_await send(x->client, bytes);
    }
    end_output(x->client);
  }

  void cut(connection& x) {
    error_code ignored;
    x.cut = true;
    if (resets = !resets; resets)
      x.client.set_option(asio::socket_base::linger{true, 0}, ignored);
    x.client.close(ignored);
  }

  fault_proxy_options opts;
  asio::io_context ctx{1};
  tcp::acceptor acceptor;
  uint16_t port;
  asio::steady_timer healed;
  bool resets = false;
  std::atomic<size_t> num_accepted{0};
  mutable std::mutex mtx;
  std::deque<cut_plan> plans;
  std::vector<std::string> requests;
  std::thread thread;
};

fault_proxy::fault_proxy(fault_proxy_options opts)
  : impl_(std::make_unique<impl>(std::move(opts))) {
  // nop
}

fault_proxy::~fault_proxy() = default;

uint16_t fault_proxy::port() const noexcept {
  return impl_->port;
}

std::string fault_proxy::authority() const {
  return "127.0.0.1:" + std::to_string(port());
}

size_t fault_proxy::num_accepted() const noexcept {
  return impl_->num_accepted;
}

std::vector<std::string> fault_proxy::requests() const {
  std::lock_guard guard{impl_->mtx};
  return impl_->requests;
}

void fault_proxy::cut_after(size_t bytes) {
  impl_->add({.client_bytes = bytes});
}

void fault_proxy::lose_answer() {
  impl_->add({.passes_answers = false});
}

void fault_proxy::stall() {
  impl_->stall_until(asio::steady_timer::time_point::max());
}

void fault_proxy::stall_for(std::chrono::milliseconds span) {
  impl_->stall_until(asio::steady_timer::clock_type::now() + span);
}

void fault_proxy::heal() {
  impl_->stall_until(asio::steady_timer::time_point::min());
}

} // namespace zenws::test_support
