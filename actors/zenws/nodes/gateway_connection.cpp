// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/gateway_connection.hpp"

#include "zenws/nodes/gateway.hpp"
#include "zenws/nodes/internal/gateway_connector.hpp"
#include "zenws/nodes/internal/node_transport.hpp"

#include <utility>

namespace zenws {

gateway_connection::~gateway_connection() {
  caf::scoped_actor self{system_};
  self->send_exit(gateway_, caf::exit_reason::user_shutdown);
  self->wait_for(gateway_);
  gateway_ = nullptr;
  stop_transport(system_, transport_);
}

caf::expected<std::unique_ptr<gateway_connection>>
connect_gateway(runtime& host, gateway_options options) {
  auto& sys = host.system();
  auto patience = options.connect_within;
  auto transport = start_transport(sys, {.tls = has_node_tls(sys)});
  auto link = sys.spawn<gateway_connector>(std::move(options), host, transport);
  auto result = std::make_unique<gateway_connection>(
    sys, std::move(transport), remote_gateway_actor{link});
  if (patience.count() == 0)
    return result;
  caf::scoped_actor self{sys};
  auto deadline = std::chrono::steady_clock::now() + patience;
  auto reason = make_error(error{ec::connect_failed, "no answer"});
  for (;;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      return reason;
    auto joined = false;
    self->request(link, left, detail::await_session{})
      .receive([&] { joined = true; },
               [&](caf::error& failure) {
                 // Not our own timeout, which tells nothing.
                 if (failure != caf::sec::request_timeout)
                   reason = std::move(failure);
               });
    if (joined)
      return result;
  }
}

} // namespace zenws
