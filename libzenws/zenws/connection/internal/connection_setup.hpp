// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/address_memory.hpp"
#include "zenws/connection/connection.hpp"
#include "zenws/connection/internal/proxy_tunnel.hpp"
#include "zenws/connection/internal/refusal.hpp"
#include "zenws/connection/internal/upgrade.hpp"

#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace zenws::internal {

/// State that a connection needs only until it is open.
struct connection_setup {
  connection_setup(dial_target destination, const client_config& cfg);

  /// Returns the error for an upgrade that has failed.
  error failed(boost::system::error_code code) const {
    return failure ? failure : classify_upgrade_failure(code);
  }

  /// Returns the error for an attempt that took too long after the address had
  /// accepted the connection.
  error timed_out() const;

  /// Adds the address, if one has accepted the connection, to the reason for
  /// the failure, and remembers the failure.
  error at_address(error reason);

  dial_target target;
  host_and_port first_hop;
  std::string address; // has accepted the connection; else empty
  address_step step = address_step::connect;
  upgrade_offer offer;
  proxy_config proxy;
  size_t max_header_bytes;
  std::shared_ptr<proxy_tunnel> tunnel;
  boost::beast::websocket::response_type response;
  error failure; // according to the server's answer to the upgrade
};

} // namespace zenws::internal
