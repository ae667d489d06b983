// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/shared_counter.hpp"
#include "zenws/supervision/supervisor_logic.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace zenws {

/// Figures of a supervisor that any thread may read at any time. Written by the
/// supervisor.
struct supervisor_stats {
  explicit supervisor_stats(std::string name_of_supervisor)
    : name(std::move(name_of_supervisor)) {
    // nop
  }

  const std::string name;

  /// Children now, by `child_state`.
  std::array<shared_counter, num_child_states> children;

  /// Restarts so far, and children that were given up.
  shared_counter restarts;
  shared_counter given_up;
};

using supervisor_stats_ptr = std::shared_ptr<supervisor_stats>;

/// The figures of all supervisors of a runtime. Thread-safe.
class supervisor_registry {
public:
  /// Returns the figures of a new supervisor, which are listed for as long as
  /// the supervisor keeps them. Names need not be unique.
  supervisor_stats_ptr add(std::string name);

  /// Returns the figures of the supervisors that are alive, in the order of
  /// their starts.
  std::vector<std::shared_ptr<const supervisor_stats>> list() const;

private:
  mutable std::mutex mtx_;
  std::vector<std::weak_ptr<const supervisor_stats>> supervisors_;
};

using supervisor_registry_ptr = std::shared_ptr<supervisor_registry>;

} // namespace zenws
