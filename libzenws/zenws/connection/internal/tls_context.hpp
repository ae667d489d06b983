// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/error.hpp"

#include <openssl/types.h>

#include <memory>

namespace zenws::internal {

/// Shared state of all TLS connections of one configuration: trusted roots,
/// client certificate, protocol limits.
class tls_context {
public:
  /// Returns the context for `cfg`, the existing one where clients with the
  /// same configuration live: reading the system's roots takes milliseconds.
  /// Safe to call from any thread.
  static result<std::shared_ptr<tls_context>> get(const tls_config& cfg);

  explicit tls_context(SSL_CTX* ptr) noexcept : ptr_(ptr) {
    // nop
  }

  tls_context(const tls_context&) = delete;

  tls_context& operator=(const tls_context&) = delete;

  ~tls_context();

  SSL_CTX* native() const noexcept {
    return ptr_;
  }

private:
  SSL_CTX* ptr_;
};

} // namespace zenws::internal
