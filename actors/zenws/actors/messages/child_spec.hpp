// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/config_problem.hpp"
#include "zenws/supervision/supervisor_logic.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace zenws {

struct supervision_event;
struct tree_node;

/// Starts an incarnation of a child, in the supervisor's thread: it must not
/// block. An error or an exception is a failed start. Any kind of actor will
/// do; cast typed handles by `caf::actor_cast<caf::actor>`.
///
/// An actor that is spawned with `caf::lazy_init` does not run before the
/// supervisor monitors it and its address leads to it. Any other one may run
/// earlier.
using child_factory
  = std::function<caf::expected<caf::actor>(caf::actor_system&)>;

/// Classifies the exit reason of a child.
using exit_classifier = std::function<child_end(const caf::error& reason)>;

/// Kind of actor that a child is, for `count_children` and the tree.
enum class child_kind : uint8_t { worker, supervisor, client };

/// Returns the name of the enumerator.
std::string_view to_string(child_kind kind) noexcept;

/// State of a child that survives its incarnations, for children that need more
/// than an address. Belongs to the specification of the child, so it outlives
/// the supervisor if that one is started again from the same specification.
/// Called in the thread of the supervisor.
class child_hooks {
public:
  virtual ~child_hooks() = default;

  /// Returns the address of the child, a `stable_address`, and creates it the
  /// first time. The supervisor binds it, and unbinds it when it ends itself.
  virtual caf::expected<stable_address_handle> address(caf::actor_system& sys)
    = 0;

  /// Returns an incarnation that an earlier supervisor has started and that has
  /// not ended yet, or nothing. The next one is started after its end.
  virtual caf::actor_addr predecessor() const;

  /// Called when an incarnation has ended.
  /// @returns the meaning of its end.
  virtual child_death ended(const caf::error& reason) = 0;

  /// Returns the reason of the last end as text, empty if there was none.
  virtual std::string describe_end(const caf::error& reason) const;

  /// Called for each event of the child.
  virtual void observe(const supervision_event& event,
                       caf_compat::execution_unit* unit);

  /// Called when the child is not started again unless requested.
  virtual void
  retire(const caf::error& reason, caf_compat::execution_unit* unit)
    = 0;

  /// Describes the child as a node of the tree.
  virtual tree_node describe(child_state state) const;
};

/// Returns the default meaning of an exit reason: normal and shutdown are
/// orderly, errors of zenws whose class is fatal are fatal, and all others
/// are failures.
child_end classify_exit(const caf::error& reason);

/// Specification of a child: everything needed to start it, and again.
struct child_spec {
  /// Unique among the children of a supervisor.
  std::string id{};

  child_factory start{};

  child_policy policy{};

  child_kind kind = child_kind::worker;

  /// Optional.
  std::shared_ptr<child_hooks> hooks{};

  /// Optional, and not used if there are hooks; default:
  /// `zenws::classify_exit`.
  exit_classifier classify_exit{};
};

/// Returns **every** problem, none if the specification is valid.
std::vector<config_problem> validate(const child_spec& spec,
                                     const std::string& path = {});

/// Returns a factory that spawns a class-based actor with copies of `xs`.
template <class Impl, class... Ts>
child_factory spawning(Ts... xs) {
  return [args = std::make_tuple(std::move(xs)...)](
           caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto spawn = [&](const auto&... ys) {
      return sys.spawn<Impl, caf::lazy_init>(ys...);
    };
    return caf::actor_cast<caf::actor>(std::apply(spawn, args));
  };
}

} // namespace zenws
