// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <openssl/types.h>

#include <cstdint>

namespace zenws::bench {

/// Serves `/flood?count=&size=` without ever limiting the flood: the
/// bytes, over TLS the encrypted ones, are ready before the first is sent.
/// `/notifications/flood` consists of notifications of Deribit, `/venue/flood`
/// as well but waits until all their channels have been subscribed to.
///
/// Knows as much of WebSocket as a flood needs. One thread per connection.
class flood_server {
public:
  /// Listens on a port that the system chooses, with TLS if there is a
  /// context. Throws `std::runtime_error`.
  explicit flood_server(SSL_CTX* tls);

  flood_server(const flood_server&) = delete;

  flood_server& operator=(const flood_server&) = delete;

  uint16_t port() const noexcept {
    return port_;
  }

  /// Serves for as long as the process lives.
  [[noreturn]] void run();

private:
  int listener_;
  uint16_t port_ = 0;
  SSL_CTX* tls_;
};

} // namespace zenws::bench
