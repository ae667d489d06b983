#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/supervision.hpp"

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace zenws {

/// Starts an incarnation of a child, in the supervisor's thread: it must not
/// block. An error or an exception is a failed start. Any kind of actor will
/// do; what has a typed handle goes through `caf::actor_cast<caf::actor>`.
using child_factory
  = std::function<caf::expected<caf::actor>(caf::actor_system&)>;

/// Decides what the end of a child means for it.
using child_judge = std::function<child_end(const caf::error& reason)>;

/// What kind of actor a child is, for `count_children`.
enum class child_kind : uint8_t { worker, supervisor };

/// All that is needed to start a child, and to start it again.
struct child_spec {
  /// Unique among the children of a supervisor.
  std::string id{};

  child_factory start{};

  child_policy policy{};

  child_kind kind = child_kind::worker;

  /// Optional; otherwise normal and shutdown are orderly ends, errors of zenws
  /// whose class is fatal are fatal, and all others are failures.
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
