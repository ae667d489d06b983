// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_stats.hpp"
#include "zenws/actors/messages/messages.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

struct durable_state;

/// Entry of a supervised client.
struct registered_client {
  uint64_t id = 0; // unique in this process

  std::string name;

  /// Name of its supervisor, or empty if it is a child of its user's own.
  std::string supervisor;

  /// See `client_spec::tag`.
  std::string tag;

  /// Name of its dialect.
  std::string dialect;

  /// Stays valid across restarts.
  client_actor address;

  /// Figures of the client, for reading without a request.
  std::shared_ptr<const client_stats> stats;
};

/// Returns the entry of a client.
registered_client registration_of(const durable_state& client,
                                  client_actor address, std::string supervisor);

/// All supervised clients of a runtime, by name. Thread-safe.
class client_registry {
public:
  /// @returns `ec::already_exists` if the name is taken.
  error add(registered_client client);

  /// Does nothing if the name belongs to another client by now.
  void remove(std::string_view name, const client_actor& address);

  std::optional<registered_client> find(std::string_view name) const;

  /// Returns all clients, by name.
  std::vector<registered_client> list() const;

private:
  struct by_name {
    using is_transparent = void;

    bool operator()(const registered_client& x,
                    const registered_client& y) const noexcept {
      return x.name < y.name;
    }

    bool operator()(const registered_client& x,
                    std::string_view y) const noexcept {
      return x.name < y;
    }

    bool operator()(std::string_view x,
                    const registered_client& y) const noexcept {
      return x < y.name;
    }
  };

  mutable std::mutex mtx_;
  std::set<registered_client, by_name> clients_;
};

using client_registry_ptr = std::shared_ptr<client_registry>;

} // namespace zenws
