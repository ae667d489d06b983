#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/supervision.hpp"

#include <caf/actor.hpp>
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
/// do; what has a typed handle goes through `caf::actor_cast<caf::actor>`.
using child_factory
  = std::function<caf::expected<caf::actor>(caf::actor_system&)>;

/// Decides what the end of a child means for it.
using child_judge = std::function<child_end(const caf::error& reason)>;

/// What kind of actor a child is, for `count_children` and the tree.
enum class child_kind : uint8_t { worker, supervisor, client };

std::string_view to_string(child_kind what) noexcept;

/// What stays with a child across its incarnations, for those that need more
/// than an address. Called in the thread of its supervisor.
class child_companion {
public:
  virtual ~child_companion() = default;

  /// Makes the address of the child: a `stable_address`. The supervisor binds
  /// and closes it.
  virtual caf::expected<caf::actor> make_address(caf::actor_system& sys) = 0;

  /// Tells that an incarnation has ended, and returns what to make of that.
  virtual child_end ended(const caf::error& reason) = 0;

  /// Tells what happened to the child.
  virtual void observe(const supervision_event& what, caf::execution_unit* unit)
    = 0;

  /// Describes the child as a node of the tree.
  virtual tree_node describe(child_state state) = 0;
};

/// All that is needed to start a child, and to start it again.
struct child_spec {
  /// Unique among the children of a supervisor.
  std::string id{};

  child_factory start{};

  child_policy policy{};

  child_kind kind = child_kind::worker;

  /// Optional.
  std::shared_ptr<child_companion> companion{};

  /// Optional, and not asked if there is a companion; otherwise normal and
  /// shutdown are orderly ends, errors of zenws whose class is fatal are fatal,
  /// and all others are failures.
  child_judge judge{};
};

/// Returns **every** problem, none if the specification is valid.
std::vector<config_problem> validate(const child_spec& spec,
                                     const std::string& path = {});

/// Returns a factory that spawns a class-based actor with copies of `xs`.
template <class Impl, class... Ts>
child_factory spawning(Ts... xs) {
  return [args = std::make_tuple(std::move(xs)...)](
           caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto spawn = [&](const auto&... ys) { return sys.spawn<Impl>(ys...); };
    return caf::actor_cast<caf::actor>(std::apply(spawn, args));
  };
}

} // namespace zenws
