// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/surviving_actor.hpp"
#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/child_spec.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/limits/limit_overrides.hpp"
#include "zenws/timing/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace zenws {

/// Configuration of a `client_supervisor`.
struct client_supervisor_config {
  /// Shown in the tree and in events.
  std::string name = "client-supervisor";

  restart_limit limit{};

  restart_scope scope = restart_scope::per_child;

  /// Delays between a crash and the restart. The first after a stable run is
  /// immediate. `max_attempts` is not used: `limit` decides when to give up.
  backoff_config restart_backoff = default_restart_backoff;

  size_t max_children = defaults::max_children;

  /// Clients that have not closed by then are killed, counted from
  /// `stop_client` or the end of the supervisor.
  std::chrono::milliseconds shutdown_timeout = std::chrono::seconds{8};

  /// Limits of all clients, instead of those of their venues or beside them.
  /// Settings of a client (`client_spec::limits`) come first. Clients of
  /// other supervisors of the runtime share limits of the same name, if those
  /// of their hosts and accounts are the same, too.
  limit_overrides limits{};

  /// Names the account of clients that name none.
  std::string account{};

  /// Restarts are logged as warnings; from this many in the window of `limit`
  /// on, as errors.
  size_t alarming_restarts = 3;

  /// Receives the events of all clients that concern supervision
  /// (`restarting`, `restarted`, `gave_up`). Optional.
  caf::actor observer{};
};

/// Returns **every** problem, none if the configuration is valid.
std::vector<config_problem> validate(const client_supervisor_config& cfg);

/// Specifications of the clients of a supervisor, in the order of their starts.
/// A supervisor that is started with the table of an earlier one goes on with
/// its clients: they keep subscribers, channels and addresses.
using client_table = std::vector<child_spec>;

namespace detail {

class supervisor_driver;

using client_supervisor_impl
  = client_supervisor_actor::extend<caf_compat::takes<supervision_due>>;

} // namespace detail

/// Actor that starts clients, links to and monitors each, and restarts those
/// that end in error (OTP: transient). The specification of a client, its
/// subscribers and its address survive its incarnations.
///
/// Fatal errors (`class_of`) do not lead to a restart: the client is given up
/// at once. Outages (`child_end::outage`) do not count against the limit.
class client_supervisor
  : public surviving_actor<detail::client_supervisor_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = surviving_actor<detail::client_supervisor_impl::base>;

  // -- constructors, destructors, and assignment operators ------------------

  /// @param host must live longer than the supervisor.
  /// @param clients keeps the clients beyond the end of the supervisor; without
  ///                it they end with their supervisor.
  client_supervisor(caf::actor_config& cfg, client_supervisor_config options,
                    client_runtime& host,
                    std::shared_ptr<client_table> clients = nullptr);

  ~client_supervisor() override;

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  caf::result<client_actor> start(client_spec& spec);

  client_list list();

  client_counts count() const;

  limit_levels levels() const;

  client_supervisor_config options_;
  client_runtime& host_;
  std::shared_ptr<client_table> clients_;
  std::unique_ptr<detail::supervisor_driver> driver_;
};

} // namespace zenws
