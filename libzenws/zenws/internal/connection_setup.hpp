#pragma once

#include "zenws/connection.hpp"
#include "zenws/internal/proxy_tunnel.hpp"
#include "zenws/internal/refusal.hpp"
#include "zenws/internal/upgrade.hpp"

#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace zenws::internal {

/// What a connection needs until it is open, then gives back.
struct connection_setup {
  connection_setup(dial_target where, const client_config& cfg)
    : target(std::move(where)),
      offer(cfg),
      proxy(cfg.proxy),
      max_header_bytes(cfg.max_header_bytes) {
    // nop
  }

  /// The error for an upgrade that the server has refused.
  /// @pre `refusal`
  error refused() const {
    return error{ec::upgrade_refused,
                 std::to_string(refusal->status) + " " + refusal->reason,
                 refusal};
  }

  /// The error for an upgrade that has failed.
  error failed(boost::system::error_code code) const {
    return refusal ? refused() : classify_upgrade_failure(code);
  }

  dial_target target;
  upgrade_offer offer;
  proxy_config proxy;
  size_t max_header_bytes;
  std::shared_ptr<proxy_tunnel> tunnel;
  boost::beast::websocket::response_type response;
  std::shared_ptr<const upgrade_refusal> refusal;
};

} // namespace zenws::internal
