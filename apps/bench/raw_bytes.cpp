// SPDX-License-Identifier: BSD-3-Clause

#include "raw_bytes.hpp"

#include "message_checker.hpp"
#include "meter.hpp"

#include "zenws/connection/internal/frame_header.hpp"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

namespace zenws::bench {

namespace {

constexpr size_t read_size = 64 * 1024;

// A connected socket.
class tcp_bytes {
public:
  explicit tcp_bytes(const server_address& where)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(where.port);
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* address = reinterpret_cast<sockaddr*>(&peer);
    if (::connect(socket_, address, sizeof(peer)) != 0)
      throw std::runtime_error{"cannot connect"};
    int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }

  tcp_bytes(const tcp_bytes&) = delete;

  tcp_bytes& operator=(const tcp_bytes&) = delete;

  ~tcp_bytes() {
    ::close(socket_);
  }

  int handle() const noexcept {
    return socket_;
  }

  void write(const std::string& bytes) {
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
        != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error{"cannot write"};
  }

  size_t read(char* data, size_t size) {
    auto n = ::recv(socket_, data, size, 0);
    if (n <= 0)
      throw std::runtime_error{"the flood ended early"};
    return static_cast<size_t>(n);
  }

private:
  int socket_;
};

struct ssl_deleter {
  void operator()(SSL_CTX* ptr) const noexcept {
    SSL_CTX_free(ptr);
  }

  void operator()(SSL* ptr) const noexcept {
    SSL_free(ptr);
  }
};

// TLS on a connected socket.
class tls_bytes {
public:
  explicit tls_bytes(const server_address& where)
    : socket_(where), context_(SSL_CTX_new(TLS_client_method())) {
    auto* ctx = context_.get();
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_load_verify_locations(ctx, where.ca_file.c_str(), nullptr);
    SSL_CTX_set_read_ahead(ctx, 1);
    SSL_CTX_set_default_read_buffer_len(ctx, read_size);
    ssl_.reset(SSL_new(ctx));
    SSL_set_fd(ssl_.get(), socket_.handle());
    if (SSL_connect(ssl_.get()) != 1)
      throw std::runtime_error{"TLS failed"};
  }

  void write(const std::string& bytes) {
    size_t n = 0;
    if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n) != 1)
      throw std::runtime_error{"cannot write"};
  }

  size_t read(char* data, size_t size) {
    size_t n = 0;
    if (SSL_read_ex(ssl_.get(), data, size, &n) != 1)
      throw std::runtime_error{"the flood ended early"};
    return n;
  }

private:
  tcp_bytes socket_;
  std::unique_ptr<SSL_CTX, ssl_deleter> context_;
  std::unique_ptr<SSL, ssl_deleter> ssl_;
};

// Bytes that were read and not used yet.
struct read_buffer {
  char* data() noexcept {
    return bytes.get();
  }

  std::unique_ptr<char[]> bytes{new char[read_size]};
  size_t end = 0;
};

// Upgrades; leaves bytes after the response in the buffer.
template <class Bytes>
void upgrade(Bytes& peer, const std::string& target, read_buffer& in) {
  peer.write("GET " + target
             + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
               "Connection: Upgrade\r\nUpgrade: websocket\r\n"
               "Sec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  for (;;) {
    in.end += peer.read(in.data() + in.end, read_size - in.end);
    std::string_view seen{in.data(), in.end};
    auto pos = seen.find("\r\n\r\n");
    if (pos == std::string_view::npos)
      continue;
    in.end -= pos + 4;
    std::memmove(in.data(), in.data() + pos + 4, in.end);
    return;
  }
}

// Takes the whole frames at the front of the buffer.
void walk(read_buffer& in, message_checker& received) {
  size_t pos = 0;
  for (;;) {
    auto* frame = in.data() + pos;
    auto left = in.end - pos;
    auto head = internal::scan_header(frame, left);
    auto size = head.header_bytes + head.payload_bytes;
    if (head.path == internal::frame_path::slow)
      throw std::runtime_error{"a frame that the flood does not contain"};
    if (head.path == internal::frame_path::unknown || left < size)
      break;
    received.take({frame + head.header_bytes, head.payload_bytes});
    pos += size;
  }
  in.end -= pos;
  std::memmove(in.data(), in.data() + pos, in.end);
}

sample walk_headers(const server_address& where, const flood_order& order) {
  tcp_bytes peer{where};
  read_buffer in;
  upgrade(peer, flood_target(order), in);
  message_checker received{order.count, order.size};
  meter spent;
  do {
    in.end += peer.read(in.data() + in.end, read_size - in.end);
    if (received.count() == 0)
      spent.start();
    walk(in, received);
  } while (!received.complete());
  spent.stop();
  received.finish();
  return spent.per_message(order.count);
}

sample decrypt_only(const server_address& where, const flood_order& order) {
  tls_bytes peer{where};
  read_buffer in;
  upgrade(peer, flood_target(order), in);
  uint64_t wanted = order.count * (order.size + (order.size < 126 ? 2 : 4));
  uint64_t received = in.end;
  received += peer.read(in.data(), read_size);
  meter spent;
  spent.start();
  while (received < wanted)
    received += peer.read(in.data(), read_size);
  spent.stop();
  if (received != wanted)
    throw std::runtime_error{"more bytes than the flood contains"};
  return spent.per_message(order.count);
}

} // namespace

sample raw_flood(const server_address& where, const flood_order& order) {
  if (where.below == transport::tls)
    return decrypt_only(where, order);
  return walk_headers(where, order);
}

} // namespace zenws::bench
