// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

namespace zenws {

/// Demands of the servers of one host to all clients of this process to stay
/// away until a time, as by `Retry-After`. Outlives clients and their
/// incarnations, so that no restart forgets it. Thread-safe.
class host_demands {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  struct demand {
    time_point until{};

    /// The refusal that came with it.
    error reason{};
  };

  // -- properties -------------------------------------------------------------

  /// Returns the demand in force, or nothing.
  std::optional<demand> in_force(time_point now) const;

  // -- transitions ------------------------------------------------------------

  /// Adds a demand; of several the one that lasts longest counts.
  void stay_away(time_point until, error reason);

private:
  mutable std::mutex mtx_;
  std::optional<demand> latest_; // guarded by mtx_
};

using host_demands_ptr = std::shared_ptr<host_demands>;

} // namespace zenws
