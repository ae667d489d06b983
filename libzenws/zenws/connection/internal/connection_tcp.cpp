// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/basic_connection.hpp"
#include "zenws/connection/internal/dial.hpp"
#include "zenws/connection/internal/tcp_transport.hpp"

namespace zenws::internal {

std::shared_ptr<connection>
dial_tcp(boost::asio::io_context& ctx, std::shared_ptr<slab_pool> pool,
         const client_config& cfg, dial_target target, first_hop hop,
         connection_listener& listener) {
  auto result = std::make_shared<basic_connection<tcp_transport>>(
    ctx, std::move(pool), cfg, std::move(target), listener);
  result->start(std::move(hop), cfg.handshake_timeout);
  return result;
}

} // namespace zenws::internal
