// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/client_stats.hpp"

#include <algorithm>

namespace zenws {

std::chrono::milliseconds client_stats::up() const noexcept {
  using namespace std::chrono;
  if (state != client_state::ready)
    return milliseconds{0};
  return duration_cast<milliseconds>(steady_clock::now() - since.load());
}

void client_stats::was_ready_for(
  std::chrono::steady_clock::duration span) noexcept {
  using std::chrono::milliseconds;
  ready_for = std::max(ready_for.load(),
                       std::chrono::duration_cast<milliseconds>(span));
}

} // namespace zenws
