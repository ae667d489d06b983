// SPDX-License-Identifier: BSD-3-Clause

#include "flood_server.hpp"

#include "flood_target.hpp"
#include "notifications.hpp"

#include "zenws/sim/deribit/deribit_api.hpp"
#include "zenws/sim/net/flood.hpp"
#include "zenws/sim/net/frame.hpp"
#include "zenws/sim/net/handshake.hpp"
#include "zenws/sim/net/route.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

namespace zenws::bench {

namespace {

// Bytes that one system call sends.
constexpr size_t max_write = 256 * 1024;

// Bytes of a client's message.
constexpr size_t max_request = 64 * 1024;

void require(bool ok, const char* action) {
  if (!ok)
    throw std::runtime_error{action};
}

// Owns a file descriptor.
class file {
public:
  explicit file(int fd) : fd_(fd) {
    require(fd >= 0, "cannot open a file");
  }

  file(const file&) = delete;

  file& operator=(const file&) = delete;

  ~file() {
    ::close(fd_);
  }

  int handle() const noexcept {
    return fd_;
  }

private:
  int fd_;
};

// Frames of one size, as many as make a good write.
struct frame_run {
  std::shared_ptr<const std::string> bytes;
  size_t frame_size = 0;

  uint64_t frames() const noexcept {
    return bytes->size() / frame_size;
  }
};

frame_run notification_frames(notification_kind kind, size_t size,
                              size_t bytes_at_least) {
  require(size >= min_notification_size(), "no room for a notification");
  std::string cycle;
  for (auto& instrument : flood_instruments())
    sim::append_frame(cycle, sim::opcode::text,
                      make_notification(kind, instrument, size));
  auto bytes = std::make_shared<std::string>();
  do
    *bytes += cycle;
  while (bytes->size() < bytes_at_least);
  return {bytes, cycle.size() / flood_instruments().size()};
}

// Flood described by a target.
class prepared_flood {
public:
  explicit prepared_flood(std::string_view target) {
    auto content = flood_content::plain;
    if (consume(target, venue_prefix)) {
      content = flood_content::notifications;
      start_ = flood_start::on_subscribe;
    } else if (consume(target, notifications_prefix)) {
      content = flood_content::notifications;
    }
    auto where = sim::parse_route(target);
    auto* parsed = std::get_if<sim::route>(&where);
    require(parsed != nullptr && parsed->kind == sim::service::flood,
            "no such flood");
    auto& flood = parsed->flood;
    count_ = flood.count;
    if (content == flood_content::notifications) {
      opening_ = notification_frames(notification_kind::snapshot, flood.size,
                                     0);
      frames_ = notification_frames(notification_kind::change, flood.size,
                                    max_write);
    } else {
      sim::flood_buffer buffer{flood.kind, flood.size};
      frames_ = {buffer.bytes(), buffer.frame_size()};
    }
  }

  flood_start start() const noexcept {
    return start_;
  }

  // Calls `f` with pieces of the frames until they make the whole flood.
  template <class F>
  void for_each_piece(F f) const {
    auto next = opening_.bytes ? &opening_ : &frames_;
    for (auto left = count_; left > 0; next = &frames_) {
      auto n = std::min(left, next->frames());
      f(std::string_view{*next->bytes}.substr(0, n * next->frame_size));
      left -= n;
    }
  }

private:
  static bool consume(std::string_view& text, std::string_view prefix) {
    auto result = text.starts_with(prefix);
    if (result)
      text.remove_prefix(prefix.size());
    return result;
  }

  flood_start start_ = flood_start::at_once;
  uint64_t count_ = 0;
  frame_run opening_; // once, before the others; may be empty
  frame_run frames_;
};

// One client.
class flood_connection {
public:
  flood_connection(int socket, SSL_CTX* tls) : socket_(socket) {
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (tls != nullptr)
      ssl_.reset(SSL_new(tls));
  }

  void serve() {
    if (ssl_) {
      SSL_set_fd(ssl_.get(), socket_.handle());
      require(SSL_accept(ssl_.get()) == 1, "no TLS");
    }
    auto request = read_request();
    prepared_flood flood{request.target};
    write(sim::accept_response(request));
    if (flood.start() == flood_start::on_subscribe)
      await_subscription();
    if (ssl_)
      pour_sealed(flood);
    else
      pour_plain(flood);
    say_goodbye();
  }

private:
  struct ssl_deleter {
    void operator()(SSL* ptr) const noexcept {
      SSL_free(ptr);
    }
  };

  struct bio_deleter {
    void operator()(BIO* ptr) const noexcept {
      BIO_free(ptr);
    }
  };

  // -- bytes ------------------------------------------------------------------

  size_t read(char* data, size_t size) {
    if (ssl_) {
      size_t n = 0;
      return SSL_read_ex(ssl_.get(), data, size, &n) == 1 ? n : 0;
    }
    auto n = ::recv(socket_.handle(), data, size, 0);
    return n > 0 ? static_cast<size_t>(n) : 0;
  }

  void send_raw(std::string_view bytes) {
    while (!bytes.empty()) {
      auto n = ::send(socket_.handle(), bytes.data(),
                      std::min(bytes.size(), max_write), 0);
      require(n > 0, "cannot send");
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }

  void write(std::string_view bytes) {
    if (!ssl_)
      return send_raw(bytes);
    size_t n = 0;
    require(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n) == 1,
            "cannot write");
  }

  sim::upgrade_request read_request() {
    sim::request_parser parser;
    char bytes[4096];
    for (;;) {
      auto n = read(bytes, sizeof(bytes));
      require(n > 0, "no request");
      auto state = parser.feed({bytes, n});
      require(state != sim::request_parser::state::malformed, "no upgrade");
      if (state == sim::request_parser::state::complete)
        return parser.take_request();
    }
  }

  // -- subscribing ------------------------------------------------------------

  // Answers requests until the client has all channels of the flood.
  void await_subscription() {
    auto channels = flood_channels();
    sim::order_store orders{0};
    auto no_prices = [](std::string_view, sim::order_direction) {
      return std::optional<double>{};
    };
    sim::deribit_api api{{},
                         orders,
                         1,
                         {.knows_channel = is_flood_channel,
                          .touch = no_prices,
                          .now = now,
                          .raw_channels = sim::raw_access::open}};
    sim::message_parser requests{max_request};
    size_t subscribed = 0;
    char bytes[4096];
    while (subscribed < channels.size()) {
      auto n = read(bytes, sizeof(bytes));
      require(n > 0, "no subscription");
      requests.append({bytes, n});
      while (auto request = requests.next()) {
        require(request->op == sim::opcode::text, "no request");
        auto outcome = api.handle(request->payload);
        write(sim::encode_frame(sim::opcode::text, outcome.answer));
        subscribed += outcome.subscribed.size();
      }
    }
  }

  static bool is_flood_channel(std::string_view name) {
    auto channels = flood_channels();
    return std::find(channels.begin(), channels.end(), name) != channels.end();
  }

  static std::chrono::microseconds now() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  }

  // -- flooding ---------------------------------------------------------------

  void pour_plain(const prepared_flood& flood) {
    flood.for_each_piece([&](std::string_view piece) { send_raw(piece); });
  }

  // Encrypts everything first: the other side is measured.
  void pour_sealed(const prepared_flood& flood) {
    auto* sealed = BIO_new(BIO_s_mem());
    SSL_set0_wbio(ssl_.get(), sealed);
    flood.for_each_piece([&](std::string_view piece) { write(piece); });
    BIO_up_ref(sealed);
    std::unique_ptr<BIO, bio_deleter> keep{sealed};
    SSL_set0_wbio(ssl_.get(), BIO_new_socket(socket_.handle(), BIO_NOCLOSE));
    char* data = nullptr;
    auto size = BIO_get_mem_data(sealed, &data);
    send_raw({data, static_cast<size_t>(size)});
  }

  // Answers any message of the client with a Close frame and waits until it
  // leaves.
  void say_goodbye() {
    char bytes[4096];
    if (read(bytes, sizeof(bytes)) == 0)
      return;
    write(sim::encode_close(1000, ""));
    if (ssl_)
      SSL_shutdown(ssl_.get());
    ::shutdown(socket_.handle(), SHUT_WR);
    while (read(bytes, sizeof(bytes)) > 0)
      continue;
  }

  file socket_;
  std::unique_ptr<SSL, ssl_deleter> ssl_;
};

void serve_one(int socket, SSL_CTX* tls) {
  try {
    flood_connection{socket, tls}.serve();
  } catch (const std::runtime_error&) {
    // The client has left, or will notice.
  }
}

} // namespace

flood_server::flood_server(SSL_CTX* tls)
  : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), tls_(tls) {
  sockaddr_in self{};
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* address = reinterpret_cast<sockaddr*>(&self);
  socklen_t size = sizeof(self);
  require(::bind(listener_, address, size) == 0, "cannot bind");
  require(::listen(listener_, SOMAXCONN) == 0, "cannot listen");
  getsockname(listener_, address, &size);
  port_ = ntohs(self.sin_port);
}

void flood_server::run() {
  for (;;) {
    auto socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0)
      std::thread{serve_one, socket, tls_}.detach();
  }
}

} // namespace zenws::bench
