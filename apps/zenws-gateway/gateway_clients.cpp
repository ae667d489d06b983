// SPDX-License-Identifier: BSD-3-Clause

#include "gateway_clients.hpp"

#include "channel_keeper.hpp"

#include <utility>

namespace zenws {

gateway_clients::gateway_clients(caf::actor_system& sys,
                                 client_supervisor_actor supervisor)
  : system_(sys), supervisor_(std::move(supervisor)), self_(sys) {
  // nop
}

caf::error gateway_clients::start(const gateway_file::client& client) {
  caf::error result;
  self_->request(supervisor_, caf::infinite, start_client{client.spec})
    .receive(
      [&](const client_actor& started) {
        keepers_[client.spec.name] = system_.spawn(channel_keeper, started,
                                                   client.channels);
      },
      [&](caf::error& reason) { result = std::move(reason); });
  return result;
}

void gateway_clients::stop(const std::string& name) {
  self_->request(supervisor_, caf::infinite, stop_client{name})
    .receive([] {}, [](const caf::error&) {});
  if (auto i = keepers_.find(name); i != keepers_.end()) {
    caf::anon_send_exit(i->second, caf::exit_reason::user_shutdown);
    keepers_.erase(i);
  }
}

void gateway_clients::change_channels(const gateway_file::client& client) {
  if (auto i = keepers_.find(client.spec.name); i != keepers_.end())
    caf::anon_send(i->second, keep_channels{client.channels});
}

} // namespace zenws
