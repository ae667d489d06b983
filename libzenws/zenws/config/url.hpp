// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// The two schemes of RFC 6455, section 3.
enum class url_scheme : uint8_t { ws, wss };

/// Returns "ws" or "wss".
std::string_view to_string(url_scheme scheme) noexcept;

/// Address of a WebSocket server. Contains only characters that are valid in a
/// request as it is, provided that it comes from `parse_url`.
struct url {
  url_scheme scheme = url_scheme::ws;

  /// Name or IP address, in lower case, an IPv6 address without its brackets.
  std::string host{};

  /// The scheme's own if the text had none: 80 or 443.
  uint16_t port = 0;

  /// Path and query as written, at least "/"; the target of the request line.
  std::string target{};

  bool operator==(const url&) const = default;

  // -- properties -------------------------------------------------------------

  /// Returns whether the connection uses TLS.
  bool secure() const noexcept {
    return scheme == url_scheme::wss;
  }

  /// Returns whether `host` is an IPv4 or IPv6 address: it is not resolved, not
  /// sent as SNI, and a certificate must contain it as an address.
  bool is_ip_literal() const noexcept;

  /// Returns the value of the `Host` header: an IPv6 address in brackets, a
  /// port only if it is not the scheme's own (RFC 9110, section 7.2).
  std::string host_header() const;

  /// Returns host and port as in the request to a proxy: an IPv6 address in
  /// brackets, the port in any case (RFC 9110, section 9.3.6).
  std::string authority() const;

  /// Returns the URL without the values of its query and without path segments
  /// that look like keys (20 or more letters and digits), so that a token or a
  /// listen key never reaches a log.
  std::string redacted() const;

  /// Returns the parts of path and query that look like keys or tokens, or that
  /// a parameter with the name of a secret has: values that must not show
  /// wherever the server repeats it.
  std::vector<std::string> secrets() const;
};

/// Returns the whole URL, **secrets included**; see `url::redacted`.
std::string to_string(const url& address);

/// Parses a `ws://` or `wss://` URL. Keeps path and query as they are, drops
/// the fragment. Fails with `ec::invalid_url` and a detail that names the
/// problem and never repeats user info or query.
result<url> parse_url(std::string_view text);

/// Host and port to connect to.
struct host_and_port {
  /// Name or IP address, in lower case, an IPv6 address without its brackets.
  std::string host{};

  uint16_t port = 0;

  bool operator==(const host_and_port&) const = default;
};

// -- proxies ------------------------------------------------------------------

/// What is spoken with a proxy, and who resolves the server's name.
enum class proxy_scheme : uint8_t {
  /// CONNECT (RFC 9110, section 9.3.6); the proxy resolves.
  http,
  /// SOCKS 5 (RFC 1928); this machine resolves.
  socks5,
  /// SOCKS 5; the proxy resolves.
  socks5h,
};

/// Returns the scheme of a URL, such as "socks5h".
std::string_view to_string(proxy_scheme scheme) noexcept;

/// A proxy, without credentials.
struct proxy_address {
  proxy_scheme scheme = proxy_scheme::http;
  host_and_port host{};

  bool operator==(const proxy_address&) const = default;
};

/// Parses the URL of a proxy, `scheme://host:port`; without a port, that is 80
/// for `http` and 1080 for SOCKS (RFC 1928, section 3). Fails with
/// `ec::invalid_url` and a detail that names the problem and never repeats user
/// info.
result<proxy_address> parse_proxy_url(std::string_view text);

} // namespace zenws
