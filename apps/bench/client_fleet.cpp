// SPDX-License-Identifier: BSD-3-Clause

#include "client_fleet.hpp"

#include <algorithm>
#include <utility>

namespace zenws::bench {

namespace {

// Clients that connect at the same time: less than a listener's backlog.
constexpr size_t wave = 100;

} // namespace

client_fleet::client_fleet(const server_address& where,
                           client_supervisor_config options,
                           const actor_host::extension& extend)
  : where_(where),
    host_("sharing", extend),
    supervisor_(host_.loops().supervise(std::move(options))),
    self_(host_.loops().system()) {
  // nop
}

void client_fleet::start(size_t count) {
  while (clients_.size() < count) {
    client_spec spec;
    spec.config = config_for(where_, "/broadcast");
    clients_.push_back(
      ask<client_actor>(supervisor_, start_client{std::move(spec)}));
  }
}

void client_fleet::grow_to(size_t count) {
  while (clients_.size() < count) {
    auto begin = clients_.size();
    start(std::min(count, begin + wave));
    for (auto i = begin; i < clients_.size(); ++i)
      ask<uint64_t>(clients_[i], await_ready{});
  }
}

void client_fleet::await_all() {
  for (auto& x : clients_)
    ask<uint64_t>(x, await_ready{});
}

} // namespace zenws::bench
