// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/proxy_handshake.hpp"

#include "zenws/connection/internal/connect_handshake.hpp"
#include "zenws/connection/internal/socks_handshake.hpp"

namespace zenws {

proxy_handshake::~proxy_handshake() {
  // nop
}

result<std::unique_ptr<proxy_handshake>>
proxy_handshake::make(const proxy_config& proxy, const url& target,
                      size_t max_header_bytes) {
  using handshake_ptr = std::unique_ptr<proxy_handshake>;
  auto parsed = parse_proxy_url(proxy.url);
  if (!parsed)
    return parsed.error();
  if (parsed->scheme == proxy_scheme::http)
    return handshake_ptr{std::make_unique<internal::connect_handshake>(
      proxy, target, max_header_bytes)};
  auto request = internal::socks_request(target);
  if (!request)
    return request.error();
  return handshake_ptr{
    std::make_unique<internal::socks_handshake>(proxy, std::move(*request))};
}

bool needs_address(const proxy_config& proxy, const url& target) {
  auto parsed = parse_proxy_url(proxy.url);
  return parsed && parsed->scheme == proxy_scheme::socks5
         && !target.is_ip_literal();
}

} // namespace zenws
