// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests to supervisors of clients.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/client_messages.hpp"
#include "zenws/actors/messages/client_spec.hpp"
#include "zenws/actors/messages/supervision_messages.hpp"
#include "zenws/supervision/supervisor_logic.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// @file
/// Requests to a supervisor of clients, and its answers.

namespace zenws {

/// Starts a client and answers with its address, which stays valid across
/// restarts. Does not wait for the connection, see `await_ready`. Errors:
/// `ec::invalid_config` (naming every problem), `ec::already_exists`,
/// `ec::child_limit`.
struct start_client {
  client_spec spec;
};

/// Closes a client and forgets it; answered when it is gone.
struct stop_client {
  std::string name;
};

/// Ends the incarnation of a client that runs and starts the next one, or
/// starts one that was given up; answered with its address when that is done.
/// Subscribers and channels stay. Errors: `ec::not_found`.
struct restart_client {
  std::string name;
};

/// Requests a `client_list`.
struct list_clients {};

/// Requests `client_counts`.
struct count_clients {};

/// Numbers of clients: all of them, and some by state.
struct client_counts {
  uint64_t clients = 0;
  uint64_t ready = 0;
  uint64_t restarting = 0;
  uint64_t gave_up = 0;
};

/// Requests `limit_levels`.
struct get_limits {};

/// Level of a limit that clients share. Limits of the scope `connection` are
/// each connection's own.
struct limit_level {
  std::string name;
  limit_scope scope = limit_scope::host;
  std::string owner; // the host, or the host and the account
  uint64_t capacity = 0;
  int64_t available = 0;                 // units; negative in debt
  std::chrono::nanoseconds next_free{0}; // until a unit can be taken; 0: now
};

/// Levels of the limits of all clients of a supervisor, by owner and name.
struct limit_levels {
  std::vector<limit_level> limits;
};

/// One client of a supervisor.
struct client_info {
  uint64_t id = 0;
  std::string name;
  std::string url; // without secrets
  child_state child = child_state::running;
  client_state state = client_state::disconnected;
  uint64_t epoch = 0;
  std::chrono::milliseconds up{0}; // time since it became ready
  uint64_t messages = 0;
  uint64_t restarts = 0;           // since it was started
  uint32_t restarts_in_window = 0; // that count against the limit
  client_actor address;
};

/// Clients in the order of their starts.
struct client_list {
  std::vector<client_info> clients;
};

/// Supervises clients.
using client_supervisor_actor
  = caf::typed_actor<caf_compat::answers<start_client, client_actor>,
                     caf_compat::answers<stop_client>,
                     caf_compat::answers<restart_client, client_actor>,
                     caf_compat::answers<list_clients, client_list>,
                     caf_compat::answers<count_clients, client_counts>,
                     caf_compat::answers<get_limits, limit_levels>,
                     caf_compat::answers<get_tree, tree_node>>;

// -- inspection -------------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, start_client& x) {
  return caf_compat::inspect_as(f, "zenws::start_client", "spec", x.spec);
}

template <class Inspector>
auto inspect(Inspector& f, stop_client& x) {
  return caf_compat::inspect_as(f, "zenws::stop_client", "name", x.name);
}

template <class Inspector>
auto inspect(Inspector& f, restart_client& x) {
  return caf_compat::inspect_as(f, "zenws::restart_client", "name", x.name);
}

template <class Inspector>
auto inspect(Inspector& f, count_clients&) {
  return caf_compat::inspect_as(f, "zenws::count_clients");
}

template <class Inspector>
auto inspect(Inspector& f, client_counts& x) {
  return caf_compat::inspect_as(f, "zenws::client_counts", "clients", x.clients,
                                "ready", x.ready, "restarting", x.restarting,
                                "gave_up", x.gave_up);
}

template <class Inspector>
auto inspect(Inspector& f, list_clients&) {
  return caf_compat::inspect_as(f, "zenws::list_clients");
}

template <class Inspector>
auto inspect(Inspector& f, get_limits&) {
  return caf_compat::inspect_as(f, "zenws::get_limits");
}

template <class Inspector>
auto inspect(Inspector& f, limit_level& x) {
  return caf_compat::inspect_as(f, "zenws::limit_level", "name", x.name,
                                "scope", x.scope, "owner", x.owner, "capacity",
                                x.capacity, "available", x.available,
                                "next_free", x.next_free);
}

template <class Inspector>
auto inspect(Inspector& f, limit_levels& x) {
  return caf_compat::inspect_as(f, "zenws::limit_levels", "limits", x.limits);
}

template <class Inspector>
auto inspect(Inspector& f, client_info& x) {
  return caf_compat::inspect_as(f, "zenws::client_info", "id", x.id, "name",
                                x.name, "url", x.url, "child", x.child, "state",
                                x.state, "epoch", x.epoch, "up", x.up,
                                "messages", x.messages, "restarts", x.restarts,
                                "restarts_in_window", x.restarts_in_window,
                                "address", x.address);
}

template <class Inspector>
auto inspect(Inspector& f, client_list& x) {
  return caf_compat::inspect_as(f, "zenws::client_list", "clients", x.clients);
}

} // namespace zenws
