// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/connection.hpp"

#include "zenws/connection/internal/dial.hpp"
#include "zenws/connection/internal/dialer.hpp"

namespace zenws {

connection::~connection() {
  // nop
}

result<std::shared_ptr<connection>>
connection::dial(boost::asio::io_context& ctx, std::shared_ptr<slab_pool> pool,
                 const client_config& cfg, dial_target target,
                 connection_listener& listener) {
  auto hop = internal::find_first_hop(cfg.proxy, target.url);
  if (!hop)
    return hop.error();
  if (!target.url.secure())
    return internal::dial_tcp(ctx, std::move(pool), cfg, std::move(target),
                              std::move(*hop), listener);
  auto tls = internal::tls_context::get(cfg.tls);
  if (!tls)
    return tls.error();
  return internal::dial_tls(ctx, std::move(pool), cfg, std::move(target),
                            std::move(*hop), listener, std::move(*tls));
}

} // namespace zenws
