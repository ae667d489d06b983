// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace zenws::internal {

/// The last TLS session with each server, which the next connections resume:
/// without certificates, a handshake costs both ends a fraction.
///
/// Several connections resume the same session. A server that allows one only
/// shakes hands with the others in full (RFC 8446, section 4.6.1).
///
/// Safe to use from any thread.
class tls_sessions {
public:
  using clock = std::chrono::steady_clock;

  /// How long after the certificate of a server was checked its sessions are
  /// resumed, so that one that is no longer valid is noticed.
  static constexpr std::chrono::minutes max_age{60};

  /// Servers that are remembered; one more makes room for itself.
  static constexpr size_t max_servers = 256;

  explicit tls_sessions(std::function<clock::time_point()> now = clock::now);

  /// Has the connections of `ctx`, which must not outlive this object, leave
  /// their sessions here.
  void attach(SSL_CTX* ctx);

  /// Prepares the handshake of a connection.
  /// @param server a name of the caller's choice, which lives as long as the
  ///               connection.
  void resume(SSL* connection, const std::string& server);

  /// Forgets a session whose handshake failed.
  void forget(const std::string& server);

private:
  struct deleter {
    void operator()(SSL_SESSION* x) const noexcept;
  };

  using session_ptr = std::unique_ptr<SSL_SESSION, deleter>;

  struct entry {
    session_ptr session;
    clock::time_point checked_at; // the certificate
  };

  static int on_new_session(SSL* connection, SSL_SESSION* session);

  void keep(SSL* connection, const std::string& server, SSL_SESSION* session);

  std::function<clock::time_point()> now_;
  std::mutex mtx_;
  std::map<std::string, entry> by_server_; // guarded by mtx_
};

} // namespace zenws::internal
