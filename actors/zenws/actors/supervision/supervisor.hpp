// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/surviving_actor.hpp"
#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/actors/messages/supervision_messages.hpp"
#include "zenws/actors/supervision/supervisor_stats.hpp"

#include <caf/all.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace zenws {

/// Configuration of a `supervisor`.
struct supervisor_config {
  /// Shown in the tree and in events.
  std::string name = "supervisor";

  supervision_policy policy{};

  /// Children to begin with, started in this order. If one of them cannot be
  /// started, the supervisor ends those before it and itself.
  std::vector<child_spec> children{};

  /// Receives each `supervision_event`. Optional.
  caf::actor observer{};

  /// Receives the same; `runtime::start_supervisor` sets it.
  event_stream_ptr events{};

  /// Lists the figures of the supervisor; `runtime::start_supervisor` sets it.
  supervisor_registry_ptr registry = std::make_shared<supervisor_registry>();

  /// Restarts are logged as warnings; from this many in the window of the
  /// limit on, as errors.
  size_t alarming_restarts = 3;
};

/// Returns **every** problem, none if the configuration is valid.
std::vector<config_problem> validate(const supervisor_config& cfg);

namespace detail {

class supervisor_driver;

using supervisor_impl
  = supervisor_actor::extend<caf_compat::takes<supervision_due>>;

} // namespace detail

/// Actor that starts children, links to and monitors each, and starts them
/// again, by the rules of OTP's supervisors. Children are actors of any kind,
/// further supervisors among them.
///
/// Children end with their supervisor, whatever it ends by. It does not end
/// with them, not even if one is killed.
///
/// Ends with `ec::restart_limit` if more restarts were due than the policy
/// allows; a supervisor above it takes that for a failure and starts the whole
/// subtree again. An exit message asks it to end.
class supervisor : public surviving_actor<detail::supervisor_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = surviving_actor<detail::supervisor_impl::base>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(options).empty()`
  supervisor(caf::actor_config& cfg, supervisor_config options);

  ~supervisor() override;

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  // Adds the trees of the supervisors below to `root`.
  caf::result<tree_node> tree();

  std::string strategy_;
  std::vector<child_spec> first_children_; // not started yet
  std::unique_ptr<detail::supervisor_driver> driver_;
};

/// Starts a supervisor, and its children before anything else happens to it.
/// @returns `ec::invalid_config` naming every problem.
caf::expected<supervisor_actor> supervise(caf::actor_system& sys,
                                          supervisor_config cfg);

} // namespace zenws
