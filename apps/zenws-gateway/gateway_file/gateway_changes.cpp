// SPDX-License-Identifier: BSD-3-Clause

#include "gateway_changes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace zenws {

namespace {

using entry_map = std::map<std::string, std::string>;

gateway_file::client* find(std::vector<gateway_file::client>& clients,
                           const std::string& name) {
  auto i = std::ranges::find(clients, name,
                             [](auto& x) { return x.spec.name; });
  return i != clients.end() ? &*i : nullptr;
}

// Names what differs between two sets of values.
void add_differences(const entry_map& x, const entry_map& y,
                     std::set<std::string>& out) {
  for (auto& [name, value] : x)
    if (auto i = y.find(name); i == y.end() || i->second != value)
      out.insert(name);
}

void keep_fixed(const gateway_file& running, gateway_file& next,
                std::vector<std::string>& refused) {
  std::set<std::string> names;
  add_differences(running.fixed, next.fixed, names);
  add_differences(next.fixed, running.fixed, names);
  for (auto& name : names)
    refused.push_back(name + " takes effect at the next start");
  next.gateway = running.gateway;
  next.node = running.node;
  next.supervision = running.supervision;
  next.io_threads = running.io_threads;
  next.caf = running.caf;
  next.fixed = running.fixed;
}

void keep_desks(const gateway_file& running, gateway_file& next,
                std::vector<std::string>& refused) {
  std::map<std::string, const entry_map*> known;
  for (auto& x : running.desks)
    known.emplace(x.name, &x.entries);
  for (auto& x : next.desks) {
    auto i = known.find(x.name);
    if (i == known.end() || *i->second != x.entries)
      refused.push_back("desks." + x.name + " takes effect at the next start");
    if (i != known.end())
      known.erase(i);
  }
  for (auto& [name, entries] : known)
    refused.push_back("desks." + name + " goes on until the gateway ends");
  next.desks = running.desks;
}

// A desk keeps the addresses of its clients.
void keep_clients_of(const gateway_file::desk& desk,
                     const gateway_file& running, gateway_file& next,
                     std::vector<std::string>& refused) {
  std::set<std::string_view> names{desk.account, desk.channels, desk.market};
  for (auto& old : running.clients) {
    auto* fresh = find(next.clients, old.spec.name);
    if (!names.contains(old.spec.name)
        || (fresh != nullptr && fresh->entries == old.entries))
      continue;
    refused.push_back("clients." + old.spec.name + " is used by the desk "
                      + desk.name + " until the gateway ends");
    if (fresh == nullptr) {
      next.clients.push_back(old);
    } else {
      fresh->spec = old.spec;
      fresh->entries = old.entries;
    }
  }
}

bool same_channels(const gateway_file::client& x,
                   const gateway_file::client& y) {
  return std::ranges::equal(x.channels, y.channels, [](auto& a, auto& b) {
    return a.name == b.name && a.access == b.access;
  });
}

} // namespace

gateway_changes compare(const gateway_file& running, gateway_file& next) {
  gateway_changes result;
  keep_fixed(running, next, result.refused);
  keep_desks(running, next, result.refused);
  for (auto& desk : running.desks)
    keep_clients_of(desk, running, next, result.refused);
  auto old_clients = running.clients;
  for (auto& x : next.clients) {
    auto* old = find(old_clients, x.spec.name);
    if (old == nullptr || old->entries != x.entries)
      result.starts.push_back(x);
    else if (!same_channels(*old, x))
      result.channels.push_back(x);
  }
  for (auto& x : running.clients)
    if (auto* fresh = find(next.clients, x.spec.name);
        fresh == nullptr || fresh->entries != x.entries)
      result.stops.push_back(x.spec.name);
  return result;
}

} // namespace zenws
