#include "zenws/actors/client_registry.hpp"

#include <utility>

namespace zenws {

error client_registry::add(registered_client what) {
  std::lock_guard guard{mtx_};
  auto name = what.name;
  if (!clients_.emplace(name, std::move(what)).second)
    return {ec::already_exists, name};
  return {};
}

void client_registry::remove(std::string_view name,
                             const client_actor& address) {
  registered_client gone; // lives longer than the lock
  std::lock_guard guard{mtx_};
  auto i = clients_.find(name);
  if (i == clients_.end() || i->second.address != address)
    return;
  gone = std::move(i->second);
  clients_.erase(i);
}

std::optional<registered_client>
client_registry::find(std::string_view name) const {
  std::lock_guard guard{mtx_};
  auto i = clients_.find(name);
  return i == clients_.end() ? std::nullopt : std::optional{i->second};
}

std::vector<registered_client> client_registry::list() const {
  std::vector<registered_client> result;
  std::lock_guard guard{mtx_};
  for (auto& [name, what] : clients_)
    result.push_back(what);
  return result;
}

} // namespace zenws
