// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/client_registry.hpp"

#include "zenws/actors/client/internal/durable_state.hpp"

#include <utility>

namespace zenws {

registered_client registration_of(const durable_state& client,
                                  client_actor address,
                                  std::string supervisor) {
  auto& spec = client.spec;
  return {.id = client.front.position.id,
          .name = spec.name,
          .supervisor = std::move(supervisor),
          .tag = spec.tag,
          .dialect = std::string{dialect_of(spec)->name()},
          .address = std::move(address),
          .stats = client.stats};
}

error client_registry::add(registered_client client) {
  std::lock_guard guard{mtx_};
  auto [i, is_new] = clients_.insert(std::move(client));
  return is_new ? error{} : error{ec::already_exists, i->name};
}

void client_registry::remove(std::string_view name,
                             const client_actor& address) {
  decltype(clients_)::node_type gone; // lives longer than the lock
  std::lock_guard guard{mtx_};
  if (auto i = clients_.find(name);
      i != clients_.end() && i->address == address)
    gone = clients_.extract(i);
}

std::optional<registered_client>
client_registry::find(std::string_view name) const {
  std::lock_guard guard{mtx_};
  auto i = clients_.find(name);
  return i == clients_.end() ? std::nullopt : std::optional{*i};
}

std::vector<registered_client> client_registry::list() const {
  std::lock_guard guard{mtx_};
  return {clients_.begin(), clients_.end()};
}

} // namespace zenws
