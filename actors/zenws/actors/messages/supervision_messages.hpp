// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests to supervisors, their answers and events.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/child_spec.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

// -- requests -----------------------------------------------------------------

/// Starts a child behind all others; answered with its address, which stays
/// valid across restarts. Errors: `ec::invalid_config` (naming every problem),
/// `ec::already_exists`, `ec::child_limit`, `ec::runtime_stopped`, and those of
/// the factory. Within one process only.
struct start_child {
  child_spec spec;
};

/// Ends a child and does not start it again; answered when it has ended. Its
/// specification stays for `restart_child` unless it is temporary.
/// Errors: `ec::not_found`.
struct terminate_child {
  std::string id;
};

/// Starts a child that was terminated, has ended, or was given up; answered
/// with its address. Errors: `ec::not_found`, `ec::already_exists` if it runs.
struct restart_child {
  std::string id;
};

/// Forgets a child that does not run. Errors: `ec::not_found`,
/// `ec::already_exists` if it runs.
struct delete_child {
  std::string id;
};

/// Requests a `child_list`.
struct which_children {};

/// Requests `child_counts`.
struct count_children {};

/// Requests a `tree_node`, with those of all supervisors below.
struct get_tree {};

// -- answers ------------------------------------------------------------------

/// One child of a supervisor.
struct child_info {
  std::string id;
  child_kind kind = child_kind::worker;
  child_state state = child_state::running;
  uint64_t restarts = 0;           // since it was started
  uint32_t restarts_in_window = 0; // that count against the limit
  caf::actor address;
};

/// Children in the order of their starts.
struct child_list {
  std::vector<child_info> children;
};

/// Numbers of children, as of OTP's supervisor:count_children/1.
struct child_counts {
  uint64_t specs = 0;       // all children
  uint64_t active = 0;      // that run
  uint64_t supervisors = 0; // running or not
  uint64_t workers = 0;     // running or not
};

/// Further property of a node of a tree.
struct tree_detail {
  std::string name;
  std::string value;
};

/// Node of a supervision tree: a supervisor or one of its children.
struct tree_node {
  std::string name;
  child_kind kind = child_kind::worker;
  std::string state{};
  std::vector<tree_detail> details{};
  std::vector<tree_node> children{};
};

/// Returns the tree as text, a line for each node.
std::string to_text(const tree_node& root);

/// Returns the tree as JSON: objects with "name", "kind", "state", "details"
/// (an object of strings) and "children".
std::string to_json(const tree_node& root);

// -- events -------------------------------------------------------------------

/// Kind of a `supervision_event`.
enum class supervision_event_kind : uint8_t {
  started,
  /// A child has failed and is about to be started again.
  restarting,
  restarted,
  /// A child ended by itself and is not started again.
  ended,
  /// A child failed too often, or for good.
  gave_up,
  /// A child was ended by request.
  stopped,
  /// The supervisor itself ends because of its children.
  escalated,
};

/// Returns the name of the enumerator.
std::string_view to_string(supervision_event_kind kind) noexcept;

/// Event in a supervision tree.
struct supervision_event {
  supervision_event_kind kind = supervision_event_kind::started;
  std::string supervisor;
  std::string child; // empty for `escalated`
  uint64_t restarts = 0;
  std::chrono::milliseconds retry_in{0}; // for `restarting`
  std::string reason;
  std::string node; // a gateway's name, or empty for the node itself
};

/// Returns the kind of event for a change of a child.
supervision_event_kind kind_of(supervisor_action::child_event event) noexcept;

/// Logs an event of a supervisor if it is one of trouble: a restart as a
/// warning, or as an error from `alarming_restarts` in the window of the limit
/// on; a child that is given up and an escalation as errors.
void log(const caf::local_actor& self, const supervision_event& event,
         child_kind kind, size_t restarts_in_window, size_t alarming_restarts);

/// Describes an event in plain words.
std::string describe(const supervision_event& event);

// -- the actor ----------------------------------------------------------------

/// Supervises children of any kind.
using supervisor_actor
  = caf::typed_actor<caf_compat::answers<start_child, caf::actor>,
                     caf_compat::answers<terminate_child>,
                     caf_compat::answers<restart_child, caf::actor>,
                     caf_compat::answers<delete_child>,
                     caf_compat::answers<which_children, child_list>,
                     caf_compat::answers<count_children, child_counts>,
                     caf_compat::answers<get_tree, tree_node>>;

namespace detail {

/// Wakes a supervisor to handle due timers.
struct supervision_due {};

template <class Inspector>
auto inspect(Inspector& f, supervision_due&) {
  return caf_compat::inspect_as(f, "zenws::supervision_due");
}

} // namespace detail

// -- inspection ---------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, terminate_child& x) {
  return caf_compat::inspect_as(f, "zenws::terminate_child", "id", x.id);
}

template <class Inspector>
auto inspect(Inspector& f, restart_child& x) {
  return caf_compat::inspect_as(f, "zenws::restart_child", "id", x.id);
}

template <class Inspector>
auto inspect(Inspector& f, delete_child& x) {
  return caf_compat::inspect_as(f, "zenws::delete_child", "id", x.id);
}

template <class Inspector>
auto inspect(Inspector& f, which_children&) {
  return caf_compat::inspect_as(f, "zenws::which_children");
}

template <class Inspector>
auto inspect(Inspector& f, count_children&) {
  return caf_compat::inspect_as(f, "zenws::count_children");
}

template <class Inspector>
auto inspect(Inspector& f, get_tree&) {
  return caf_compat::inspect_as(f, "zenws::get_tree");
}

template <class Inspector>
auto inspect(Inspector& f, child_info& x) {
  return caf_compat::inspect_as(f, "zenws::child_info", "id", x.id, "kind",
                                x.kind, "state", x.state, "restarts",
                                x.restarts, "restarts_in_window",
                                x.restarts_in_window, "address", x.address);
}

template <class Inspector>
auto inspect(Inspector& f, child_list& x) {
  return caf_compat::inspect_as(f, "zenws::child_list", "children", x.children);
}

template <class Inspector>
auto inspect(Inspector& f, child_counts& x) {
  return caf_compat::inspect_as(f, "zenws::child_counts", "specs", x.specs,
                                "active", x.active, "supervisors",
                                x.supervisors, "workers", x.workers);
}

template <class Inspector>
auto inspect(Inspector& f, tree_detail& x) {
  return caf_compat::inspect_as(f, "zenws::tree_detail", "name", x.name,
                                "value", x.value);
}

template <class Inspector>
auto inspect(Inspector& f, tree_node& x) {
  return caf_compat::inspect_as(f, "zenws::tree_node", "name", x.name, "kind",
                                x.kind, "state", x.state, "details", x.details,
                                "children", x.children);
}

template <class Inspector>
auto inspect(Inspector& f, supervision_event& x) {
  return caf_compat::inspect_as(f, "zenws::supervision_event", "kind", x.kind,
                                "supervisor", x.supervisor, "child", x.child,
                                "restarts", x.restarts, "retry_in", x.retry_in,
                                "reason", x.reason, "node", x.node);
}

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2861, zenws::start_child)
ZENWS_LOCAL_MESSAGE(2862, zenws::detail::supervision_due)
