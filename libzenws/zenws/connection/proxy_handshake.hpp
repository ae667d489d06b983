// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/config/url.hpp"
#include "zenws/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace zenws {

/// Conversation with a proxy that ends with a tunnel to a server.
///
/// Pure: the caller sends what `take_output` returns, first of all and after
/// each `read`, and reads what the proxy answers.
class proxy_handshake {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Returns a handshake in the protocol of the proxy.
  /// @param target an address in place of a name if `needs_address`.
  /// @param max_header_bytes of the answer of an HTTP proxy.
  /// @returns `ec::invalid_url` if the URL of the proxy is invalid, or if its
  ///          protocol cannot carry the name of the target.
  static result<std::unique_ptr<proxy_handshake>>
  make(const proxy_config& proxy, const url& target, size_t max_header_bytes);

  proxy_handshake(const proxy_handshake&) = delete;

  proxy_handshake& operator=(const proxy_handshake&) = delete;

  virtual ~proxy_handshake();

  // -- properties -------------------------------------------------------------

  /// Returns whether the tunnel is open.
  bool is_open() const noexcept {
    return open_;
  }

  /// Returns whether there is something to send.
  bool has_output() const noexcept {
    return !output_.empty();
  }

  // -- conversation -----------------------------------------------------------

  /// Returns the bytes to send next, each once; none if it is the proxy's turn.
  std::string take_output() {
    return std::exchange(output_, {});
  }

  /// Reads bytes of the proxy, as far as they belong to the handshake: later
  /// ones belong to TLS or to the upgrade.
  /// @returns their number, at least 1 of those that are there, or
  ///          `ec::proxy_failed` or `ec::proxy_auth_required`.
  virtual result<size_t> read(std::string_view bytes) = 0;

protected:
  explicit proxy_handshake(std::string request) : output_(std::move(request)) {
    // nop
  }

  void send(std::string bytes) {
    output_ = std::move(bytes);
  }

  void open() noexcept {
    open_ = true;
  }

private:
  std::string output_;
  bool open_ = false;
};

/// Returns whether this machine has to resolve the name of `target` before the
/// proxy can be asked for a tunnel.
bool needs_address(const proxy_config& proxy, const url& target);

} // namespace zenws
