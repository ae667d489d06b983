// SPDX-License-Identifier: BSD-3-Clause

#include "gateway_clients.hpp"

#include "channel_keeper.hpp"

#include <utility>

namespace zenws {

namespace {

std::string api_name(const std::string& client) {
  return client + "-api";
}

} // namespace

gateway_clients::gateway_clients(caf::actor_system& sys,
                                 client_supervisor_actor supervisor)
  : system_(sys), supervisor_(std::move(supervisor)), self_(sys) {
  // nop
}

caf::error gateway_clients::start(const gateway_file::client& client) {
  auto spec = client.spec;
  auto& name = client.spec.name;
  if (client.api) {
    auto api = start(*client.api, api_name(name));
    if (!api)
      return api.error();
    spec.market_api = caf::actor_cast<caf::actor>(*api);
  }
  auto started = start(std::move(spec), name);
  if (!started) {
    stop(name);
    return started.error();
  }
  keepers_[name] = system_.spawn(channel_keeper, *started, client.channels);
  return {};
}

caf::expected<client_actor> gateway_clients::start(client_spec spec,
                                                   std::string name) {
  spec.name = std::move(name);
  caf::expected<client_actor> result{caf::error{}};
  self_->request(supervisor_, caf::infinite, start_client{std::move(spec)})
    .receive([&](client_actor& started) { result = std::move(started); },
             [&](caf::error& reason) { result = std::move(reason); });
  return result;
}

void gateway_clients::stop(const std::string& name) {
  for (auto& x : {name, api_name(name)})
    self_->request(supervisor_, caf::infinite, stop_client{x})
      .receive([] {}, [](const caf::error&) {});
  if (auto i = keepers_.find(name); i != keepers_.end()) {
    caf::anon_send_exit(i->second, caf::exit_reason::user_shutdown);
    keepers_.erase(i);
  }
}

void gateway_clients::change_channels(const gateway_file::client& client) {
  if (auto i = keepers_.find(client.spec.name); i != keepers_.end())
    caf_compat::anon_send(i->second, keep_channels{client.channels});
}

} // namespace zenws
