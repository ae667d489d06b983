// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/limits/host_demands.hpp"

#include <utility>

namespace zenws {

std::optional<host_demands::demand>
host_demands::in_force(time_point now) const {
  std::lock_guard guard{mtx_};
  return latest_ && now < latest_->until ? latest_ : std::nullopt;
}

void host_demands::stay_away(time_point until, error reason) {
  std::lock_guard guard{mtx_};
  if (!latest_ || latest_->until < until)
    latest_ = demand{until, std::move(reason)};
}

} // namespace zenws
