// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/connection_setup.hpp"

namespace zenws::internal {

namespace {

std::string_view step_not_done(address_step step) noexcept {
  switch (step) {
    case address_step::tunnel:
      return "then the proxy opened no tunnel";
    case address_step::tls:
      return "then the TLS handshake did not come to its end";
    default:
      return "then the upgrade was not answered";
  }
}

// 4xx judges the request, whichever address of the server gets it.
bool is_about_request(const error& reason) noexcept {
  return reason.refusal != nullptr && reason.refusal->status / 100 == 4;
}

} // namespace

connection_setup::connection_setup(dial_target destination,
                                   const client_config& cfg)
  : target(std::move(destination)),
    offer(cfg),
    proxy(cfg.proxy),
    max_header_bytes(cfg.max_header_bytes) {
  if (!target.memory)
    target.memory = std::make_shared<address_memory>();
}

error connection_setup::timed_out() const {
  return {ec::handshake_timeout,
          "accepted the connection, " + std::string{step_not_done(step)}};
}

error connection_setup::at_address(error reason) {
  if (address.empty())
    return reason;
  if (!is_about_request(reason))
    target.memory->failed(first_hop, address, step);
  // The credentials were good: it may be that the proxy is starting.
  if (reason.code == ec::proxy_auth_required
      && target.memory->has_let_through(first_hop))
    reason.code = ec::proxy_failed;
  reason.detail = address + (reason.detail.empty() ? "" : ": " + reason.detail);
  return reason;
}

} // namespace zenws::internal
