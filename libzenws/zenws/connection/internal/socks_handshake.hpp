// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/proxy_handshake.hpp"

#include <cstdint>

namespace zenws::internal {

/// Returns the request for a connection to `target` (RFC 1928, section 4), or
/// `ec::invalid_url` if its name is longer than 255 bytes.
result<std::string> socks_request(const url& target);

/// Asks a SOCKS 5 proxy for a connection (RFC 1928): the method of
/// authentication, user and password (RFC 1929) if the proxy wants them, then
/// the request.
class socks_handshake : public proxy_handshake {
public:
  /// @param request see `socks_request`.
  socks_handshake(const proxy_config& proxy, std::string request);

  result<size_t> read(std::string_view bytes) override;

private:
  enum class stage : uint8_t { method, authentication, reply };

  // Judges the `wanted_` bytes of the answer.
  error on_answer();

  error on_method();

  error on_authentication();

  error on_reply();

  // Expects an answer that begins with so many bytes.
  void enter(stage next, std::string output);

  stage stage_ = stage::method;
  size_t wanted_ = 2;
  std::string answer_;
  std::string credentials_; // RFC 1929; empty if there are none
  std::string request_;
};

} // namespace zenws::internal
