// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/connection/internal/key_log.hpp"
#include "zenws/connection/internal/tls_sessions.hpp"
#include "zenws/error.hpp"

#include <openssl/types.h>

#include <memory>

namespace zenws::internal {

/// Shared state of all TLS connections of one configuration: trusted roots,
/// client certificate, protocol limits.
class tls_context {
public:
  /// Returns the context for `cfg`: the one that there is, unless a file has
  /// changed since. Reading the system's roots takes milliseconds, and a
  /// context has the sessions that connections resume, so it stays after the
  /// last connection, if no secrets are logged. Safe to call from any thread.
  static result<std::shared_ptr<tls_context>> get(const tls_config& cfg);

  tls_context(SSL_CTX* ptr, std::unique_ptr<key_log> secrets);

  tls_context(const tls_context&) = delete;

  tls_context& operator=(const tls_context&) = delete;

  ~tls_context();

  SSL_CTX* native() const noexcept {
    return ptr_;
  }

  tls_sessions& sessions() noexcept {
    return sessions_;
  }

private:
  std::unique_ptr<key_log> secrets_; // null if there is none
  tls_sessions sessions_;
  SSL_CTX* ptr_;
};

} // namespace zenws::internal
