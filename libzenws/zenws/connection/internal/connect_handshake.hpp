// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/proxy_handshake.hpp"

namespace zenws::internal {

/// Returns the request that asks an HTTP proxy for a tunnel to `target`.
std::string connect_request(const proxy_config& proxy, const url& target);

/// Checks the header of a proxy's answer.
/// @returns no error if the tunnel is open, `ec::proxy_auth_required` or
///          `ec::proxy_failed`.
error read_connect_response(std::string_view header);

/// Asks an HTTP proxy for a tunnel (CONNECT, RFC 9110, section 9.3.6).
class connect_handshake : public proxy_handshake {
public:
  /// @param max_header_bytes of all answers, interim ones included.
  connect_handshake(const proxy_config& proxy, const url& target,
                    size_t max_header_bytes);

  result<size_t> read(std::string_view bytes) override;

private:
  // Judges a whole header.
  error on_header();

  size_t max_header_bytes_;
  size_t skipped_bytes_ = 0; // of interim responses
  std::string header_;
};

} // namespace zenws::internal
