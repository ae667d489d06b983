// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/supervision/supervisor_stats.hpp"

#include <utility>

namespace zenws {

supervisor_stats_ptr supervisor_registry::add(std::string name) {
  auto result = std::make_shared<supervisor_stats>(std::move(name));
  std::lock_guard guard{mtx_};
  std::erase_if(supervisors_, [](auto& x) { return x.expired(); });
  supervisors_.push_back(result);
  return result;
}

std::vector<std::shared_ptr<const supervisor_stats>>
supervisor_registry::list() const {
  std::vector<std::shared_ptr<const supervisor_stats>> result;
  std::lock_guard guard{mtx_};
  for (auto& x : supervisors_)
    if (auto alive = x.lock())
      result.push_back(std::move(alive));
  return result;
}

} // namespace zenws
