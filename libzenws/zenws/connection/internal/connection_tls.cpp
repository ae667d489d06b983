// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/basic_connection.hpp"
#include "zenws/connection/internal/dial.hpp"
#include "zenws/connection/internal/tls_transport.hpp"

namespace zenws::internal {

std::shared_ptr<connection>
dial_tls(boost::asio::io_context& ctx, std::shared_ptr<slab_pool> pool,
         const client_config& cfg, dial_target target, first_hop hop,
         connection_listener& listener, std::shared_ptr<tls_context> tls) {
  auto result = std::make_shared<basic_connection<tls_transport>>(
    ctx, std::move(pool), cfg, std::move(target), listener, std::move(tls));
  result->start(std::move(hop), cfg.handshake_timeout);
  return result;
}

} // namespace zenws::internal
