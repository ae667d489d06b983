// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/connection.hpp"
#include "zenws/connection/internal/dialer.hpp"
#include "zenws/connection/internal/tls_context.hpp"

namespace zenws::internal {

// One function per transport, so that each is compiled once and alone.

std::shared_ptr<connection>
dial_tcp(boost::asio::io_context& ctx, std::shared_ptr<slab_pool> pool,
         const client_config& cfg, dial_target target, first_hop hop,
         connection_listener& listener);

std::shared_ptr<connection>
dial_tls(boost::asio::io_context& ctx, std::shared_ptr<slab_pool> pool,
         const client_config& cfg, dial_target target, first_hop hop,
         connection_listener& listener, std::shared_ptr<tls_context> tls);

} // namespace zenws::internal
