// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/internal/loop_balancer.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

size_t loop_balancer::choose(std::span<const reading> loops,
                             clock::time_point now) {
  std::lock_guard guard{mtx_};
  look(loops, now);
  auto burden = [&](size_t i) {
    auto& x = loads_[i];
    return std::pair{x.share + static_cast<double>(x.placed) * share_of_one_,
                     loops[i].residents};
  };
  size_t result = 0;
  for (size_t i = 1; i < loops.size(); ++i)
    if (burden(i) < burden(result))
      result = i;
  ++loads_[result].placed;
  return result;
}

void loop_balancer::look(std::span<const reading> loops,
                         clock::time_point now) {
  auto is_first = loads_.empty();
  auto passed = now - last_look_;
  if (!is_first && passed < span)
    return;
  loads_.resize(loops.size());
  last_look_ = now;
  double all = 0;
  size_t residents = 0;
  for (size_t i = 0; i < loops.size(); ++i) {
    auto& x = loads_[i];
    auto spent = loops[i].cpu_time
                 - std::exchange(x.cpu_time, loops[i].cpu_time);
    x.share = is_first ? 0 : std::chrono::duration<double>{spent} / passed;
    x.placed = 0;
    all += x.share;
    residents += loops[i].residents;
  }
  share_of_one_ = all / static_cast<double>(std::max<size_t>(residents, 1));
}

} // namespace zenws
